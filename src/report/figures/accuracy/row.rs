//! The accuracies of one evaluation at one OOD level: the row of three figures' tables.

use crate::experiment::{Accuracy, AccuracyPoint, Evaluation, TrainingResult};
use crate::report::figures::saved;
use crate::report::threshold::selective_at;
use serde::{Deserialize, Serialize};

/// Shares in [0, 1], means over clients; `…_ci95` are half-widths over training seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::report::figures) struct Row {
    pub(super) rounds_done: u32,
    /// Simulated, from the start to the round's aggregation.
    pub(super) time_ns: u64,
    /// Sent by all devices until then.
    pub(super) bytes_up: u64,
    /// Sent to all devices until then.
    pub(super) bytes_down: u64,
    pub(super) ood: f64,
    pub(super) client_exit: Option<f64>,
    pub(super) server_exit: Option<f64>,
    pub(super) selective: Option<f64>,
    /// E_th of `selective`, in nats.
    pub(super) threshold: Option<f64>,
    /// β of `selective`.
    pub(super) offloaded: Option<f64>,
    pub(super) full: Option<f64>,
    pub(super) client_exit_ci95: Option<f64>,
    pub(super) server_exit_ci95: Option<f64>,
    pub(super) selective_ci95: Option<f64>,
    pub(super) full_ci95: Option<f64>,
}

impl Row {
    /// Of the OOD level at `index` of an `evaluation` of `training`.
    pub(super) fn of(
        training: &TrainingResult,
        evaluation: &Evaluation,
        index: usize,
        threshold: Option<f64>,
    ) -> Self {
        let (point, widths) = (&evaluation.points[index], evaluation.half_widths.get(index));
        let selective = |point| selective_at(point, threshold?);
        let chosen = selective(point);
        let width = |of: fn(&AccuracyPoint) -> Option<Accuracy>| mean(widths.and_then(of));
        let rounds = evaluation.rounds_done as usize;
        let done = || training.rounds.iter().take(rounds).map(|round| &round.record);
        Self {
            rounds_done: evaluation.rounds_done,
            time_ns: evaluation.time.as_nanos(),
            bytes_up: done().map(|record| record.bytes_up).sum(),
            bytes_down: done().map(|record| record.bytes_down).sum(),
            ood: point.ood,
            client_exit: mean(point.client_exit),
            server_exit: mean(point.server_exit),
            selective: chosen.map(|selective| selective.accuracy.mean),
            threshold: chosen.map(|selective| selective.threshold),
            offloaded: chosen.map(|selective| selective.offloaded),
            full: mean(point.full),
            client_exit_ci95: width(|point| point.client_exit),
            server_exit_ci95: width(|point| point.server_exit),
            selective_ci95: widths.and_then(selective).map(|width| width.accuracy.mean),
            full_ci95: width(|point| point.full),
        }
    }
}

impl saved::Row for Row {
    fn numbers(&self) -> Vec<f64> {
        let shares = [
            Some(self.ood),
            self.client_exit,
            self.server_exit,
            self.selective,
            self.threshold,
            self.offloaded,
            self.full,
            self.client_exit_ci95,
            self.server_exit_ci95,
            self.selective_ci95,
            self.full_ci95,
        ];
        shares.into_iter().flatten().collect()
    }
}

/// The mean over clients of an accuracy that a method may lack.
pub(super) fn mean(accuracy: Option<Accuracy>) -> Option<f64> {
    accuracy.map(|accuracy| accuracy.mean)
}
