//! Accuracy of the final models against the OOD level ρ.

use super::{Abscissa, AccuracyBy, Row, ood_axis};
use crate::experiment::RunResult;
use crate::report::figures::axis::Axis;
use crate::report::text::counted;
use crate::report::threshold::shown_threshold;

/// ρ.
pub(in crate::report::figures) struct OodLevel;

impl AccuracyBy<OodLevel> {
    /// `None` for a run that evaluated nothing.
    pub(in crate::report::figures) fn of(run: &RunResult) -> Option<Self> {
        let training = run.training.as_ref()?;
        let last = training.evaluations.last()?;
        let threshold = shown_threshold(run);
        let row = |index| Row::of(training, last, index, threshold);
        let rows: Vec<Row> = (0..last.points.len()).map(row).collect();
        (!rows.is_empty()).then(|| Self::new(rows))
    }
}

impl Abscissa for OodLevel {
    const NAME: &'static str = "accuracy_by_ood";

    fn title(rows: &[&Row]) -> String {
        let rounds = rows[0].rounds_done;
        if rows.iter().any(|row| row.rounds_done != rounds) {
            return "Accuracy of the final models by OOD level".to_owned();
        }
        format!("Accuracy by OOD level after {}", counted(rounds as usize, "round"))
    }

    fn of(row: &Row) -> f64 {
        row.ood
    }

    fn axis(values: &[f64]) -> (Axis, String, f64) {
        let (axis, name) = ood_axis(values);
        (axis, name, 1.0)
    }
}
