//! The `training` part of the summary.

use super::seconds::Seconds;
use crate::experiment::{Accuracy, AccuracyPoint, RunResult, SelectiveAccuracy, TrainingResult};
use crate::report::threshold::selective_at;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(super) struct TrainingSummary<'a> {
    method: &'a str,
    rounds: usize,
    /// From the start to the delivery of the last final aggregate.
    time_s: Seconds,
    bytes: BytesSummary,
    /// Of the final models, one entry for each ρ.
    accuracy: Vec<AccuracySummary>,
}

/// Sums over all rounds, headers included, retransmissions not.
#[derive(Debug, Serialize)]
struct BytesSummary {
    up: u64,
    down: u64,
}

#[derive(Debug, Serialize)]
struct AccuracySummary {
    ood: f64,
    /// `null` if the method has no client exit.
    client_exit: Option<ExitSummary>,
    /// `null` if the method has no server exit.
    server_exit: Option<ExitSummary>,
    /// At the scenario's own E_th; `null` under another policy.
    selective: Option<SelectiveSummary>,
    /// Of methods that do not split the model; `null` for those that do.
    full: Option<ExitSummary>,
}

#[derive(Debug, Serialize)]
struct ExitSummary {
    mean: f64,
    worst_decile: f64,
    main: f64,
    ood: Option<f64>,
}

#[derive(Debug, Serialize)]
struct SelectiveSummary {
    threshold: f64,
    offloaded_fraction: f64,
    #[serde(flatten)]
    accuracy: ExitSummary,
}

impl<'a> TrainingSummary<'a> {
    pub(super) fn of(run: &RunResult, training: &'a TrainingResult) -> Self {
        let threshold = run.inference.as_ref().and_then(|inference| inference.threshold);
        let points = training.evaluations.last().map_or(&[][..], |last| &last.points);
        Self {
            method: training.method,
            rounds: training.rounds.len(),
            time_s: Seconds(training.time.as_nanos()),
            bytes: BytesSummary { up: training.bytes_up, down: training.bytes_down },
            accuracy: points.iter().map(|point| AccuracySummary::of(point, threshold)).collect(),
        }
    }
}

impl AccuracySummary {
    fn of(point: &AccuracyPoint, threshold: Option<f64>) -> Self {
        let selective = threshold.and_then(|threshold| selective_at(point, threshold));
        Self {
            ood: point.ood,
            client_exit: point.client_exit.as_ref().map(ExitSummary::of),
            server_exit: point.server_exit.as_ref().map(ExitSummary::of),
            selective: selective.map(SelectiveSummary::of),
            full: point.full.as_ref().map(ExitSummary::of),
        }
    }
}

impl ExitSummary {
    fn of(accuracy: &Accuracy) -> Self {
        Self {
            mean: accuracy.mean,
            worst_decile: accuracy.worst_decile,
            main: accuracy.main,
            ood: accuracy.ood,
        }
    }
}

impl SelectiveSummary {
    fn of(selective: &SelectiveAccuracy) -> Self {
        Self {
            threshold: selective.threshold,
            offloaded_fraction: selective.offloaded,
            accuracy: ExitSummary::of(&selective.accuracy),
        }
    }
}
