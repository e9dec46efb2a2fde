//! What it took to reach an accuracy.

use super::saved_run::{EvaluationRow, SavedRun};

/// The first evaluation at which an accuracy was reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reached {
    /// Rounds done before it.
    pub(super) rounds: f64,
    /// Simulated seconds until then.
    pub(super) seconds: f64,
    /// Bytes that all devices sent and received until then.
    pub(super) bytes: f64,
}

/// When `exit` of `run` first reached the accuracy `target` at the evaluated OOD level nearest to
/// `ood`, which comes first; `None` within if never. Of several thresholds of entropy offloading
/// the scenario's own counts, and `None` if the run has no such answer.
pub(super) fn reached(
    run: &SavedRun,
    exit: &str,
    ood: f64,
    target: f64,
) -> Option<(f64, Option<Reached>)> {
    let own = own_threshold(run);
    let answers = || {
        run.evaluations
            .iter()
            .filter(move |row| row.exit == exit && (exit != "selective" || row.threshold == own))
    };
    let distance = |level: f64| (level - ood).abs();
    let level = answers()
        .map(|row| row.ood)
        .min_by(|a, b| distance(*a).total_cmp(&distance(*b)).then(a.total_cmp(b)))?;
    let first = answers().find(|row| row.ood == level && row.accuracy >= target);
    Some((level, first.map(|row| costs(run, row))))
}

#[expect(clippy::cast_precision_loss, reason = "a table's precision")]
fn costs(run: &SavedRun, row: &EvaluationRow) -> Reached {
    let rounds = usize::try_from(row.rounds_done).unwrap_or(usize::MAX);
    let moved = run.rounds.iter().take(rounds);
    Reached {
        rounds: row.rounds_done as f64,
        seconds: row.time_ns as f64 / 1e9,
        bytes: moved.map(|round| round.bytes_up as f64 + round.bytes_down as f64).sum(),
    }
}

/// E_th of the scenario's own policy: the one whose accuracy the summary states.
fn own_threshold(run: &SavedRun) -> Option<f64> {
    let points = &run.summary.training.as_ref()?.accuracy;
    points.iter().find_map(|point| point.selective.as_ref()?.threshold)
}
