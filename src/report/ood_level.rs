//! Which OOD level a report shows where it shows one.

use crate::experiment::RunResult;

/// The OOD level that is shown if it was evaluated, else the one nearest to it.
const PREFERRED: f64 = 0.4;

/// The evaluated ρ that figures over training show: 0.4, or the one nearest to it. `None` if nothing
/// was evaluated.
pub(super) fn preferred_level(run: &RunResult) -> Option<f64> {
    let levels = run.training.as_ref()?.evaluations.last()?.points.iter().map(|point| point.ood);
    let distance = |ood: f64| (ood - PREFERRED).abs();
    levels.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))
}
