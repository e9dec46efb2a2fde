//! How well a run's final client exits tell out-of-distribution samples.

use crate::experiment::{OodDetection, RunResult};

/// The final client exits' entropies at the largest OOD level that was evaluated.
pub(super) struct Detection {
    /// ρ.
    pub(super) ood: f64,
    /// How many classes there are: entropies are at most their logarithm.
    pub(super) classes: u32,
    pub(super) entropies: OodDetection,
}

impl Detection {
    /// `None` for a run that has not trained a client exit to the end, or evaluated no OOD samples.
    /// With several training seeds it is the first one's.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let training = run.training.as_ref()?;
        let outcomes = training.outcomes.as_ref()?;
        let levels = training.evaluations.last()?.points.iter().map(|point| point.ood);
        let ood = levels.max_by(f64::total_cmp)?;
        let entropies = OodDetection::of(&outcomes.clients, ood)?;
        Some(Self { ood, classes: outcomes.classes, entropies })
    }
}
