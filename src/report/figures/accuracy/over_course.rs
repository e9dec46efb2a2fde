//! Accuracy at one OOD level in the course of training: against its simulated time, and against what
//! it has sent.

use super::{Abscissa, AccuracyBy, Row};
use crate::experiment::{Evaluation, RunResult};
use crate::report::figures::axis::Axis;
use crate::report::ood_level::preferred_level;
use crate::report::threshold::shown_threshold;

/// Simulated seconds of training.
pub(in crate::report::figures) struct TrainingTime;

/// Bytes that all devices have sent and received in training.
pub(in crate::report::figures) struct MovedBytes;

/// One OOD level of every evaluation; empty for a run that evaluated nothing.
fn course(run: &RunResult) -> Vec<Row> {
    let (Some(training), Some(ood)) = (&run.training, preferred_level(run)) else {
        return Vec::new();
    };
    let threshold = shown_threshold(run);
    let at_level = |evaluation: &Evaluation| {
        let index = evaluation.points.iter().position(|point| point.ood == ood)?;
        Some(Row::of(training, evaluation, index, threshold))
    };
    training.evaluations.iter().filter_map(at_level).collect()
}

fn title(what: &str, rows: &[&Row]) -> String {
    let ood = rows[0].ood;
    if rows.iter().any(|row| row.ood != ood) {
        return format!("Accuracy over {what}");
    }
    format!("Accuracy over {what} at OOD level ρ = {ood}")
}

impl AccuracyBy<TrainingTime> {
    /// `None` for a run that evaluated nothing.
    pub(in crate::report::figures) fn of(run: &RunResult) -> Option<Self> {
        let rows = course(run);
        (!rows.is_empty()).then(|| Self::new(rows))
    }
}

impl AccuracyBy<MovedBytes> {
    /// `None` for a run that evaluated nothing, or moved nothing.
    pub(in crate::report::figures) fn of(run: &RunResult) -> Option<Self> {
        let rows = course(run);
        rows.iter().any(|row| row.bytes_up + row.bytes_down > 0).then(|| Self::new(rows))
    }
}

impl Abscissa for TrainingTime {
    const NAME: &'static str = "accuracy_over_time";

    fn title(rows: &[&Row]) -> String {
        title("training time", rows)
    }

    #[expect(clippy::cast_precision_loss, reason = "a figure's precision")]
    fn of(row: &Row) -> f64 {
        row.time_ns as f64 / 1e9
    }

    fn axis(values: &[f64]) -> (Axis, String, f64) {
        let end = values.iter().copied().fold(0.0, f64::max);
        (Axis::from_zero(end), "simulated training time (s)".to_owned(), 1.0)
    }
}

impl Abscissa for MovedBytes {
    const NAME: &'static str = "accuracy_over_bytes";

    fn title(rows: &[&Row]) -> String {
        title("bytes sent", rows)
    }

    #[expect(clippy::cast_precision_loss, reason = "a figure's precision")]
    fn of(row: &Row) -> f64 {
        row.bytes_up as f64 + row.bytes_down as f64
    }

    fn axis(values: &[f64]) -> (Axis, String, f64) {
        let end = values.iter().copied().fold(0.0, f64::max);
        let units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
        let fits = |(unit, _): &(f64, &str)| end >= 2.0 * unit;
        let (unit, name) = units.into_iter().find(fits).unwrap_or((1.0, "B"));
        let name = format!("uplink and downlink bytes of all devices ({name})");
        (Axis::from_zero(end / unit), name, unit)
    }
}
