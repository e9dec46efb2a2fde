//! From the journal's rounds and the federation's evaluations to the training result.

use super::methods::DeviceCosts;
use super::result::{Evaluation, RoundResult, TrainingResult};
use super::store::LearnedBy;
use super::training::RoundLosses;
use crate::actors::{Journal, RoundRecord, Span};
use crate::learning::Method;
use crate::time::SimTime;

/// Joins what the clock and what the models said of training, round by round. A round in which
/// nobody arrived has no losses.
pub(super) fn training_result(
    method: Method,
    models_held: SimTime,
    (bytes_up, bytes_down): (u64, u64),
    rounds: Vec<RoundRecord>,
    losses: Vec<Option<RoundLosses>>,
    evaluations: Vec<Evaluation>,
    mut timeline: Vec<Span>,
) -> TrainingResult {
    let rounds = rounds
        .into_iter()
        .zip(losses)
        .map(|(record, losses)| RoundResult {
            client_loss: losses.and_then(|losses| losses.client),
            server_loss: losses.and_then(|losses| losses.server),
            gradient_norm: norm_after(&evaluations, record.round + 1),
            full_loss: losses.and_then(|losses| losses.full),
            record,
        })
        .collect();
    timeline.sort_by_key(|span| (span.start, span.client, span.end));
    TrainingResult {
        method: method.name(),
        time: models_held.since(SimTime::ZERO),
        bytes_up,
        bytes_down,
        rounds,
        seeds: Vec::new(),
        evaluations,
        timeline_round: Journal::TIMELINE_ROUND,
        timeline,
        device: DeviceCosts::default(),
        learned_by: LearnedBy::Training,
        outcomes: None,
    }
}

/// ‖∇F_k‖² after `rounds_done` rounds, if it was measured.
fn norm_after(evaluations: &[Evaluation], rounds_done: u32) -> Option<f64> {
    evaluations
        .binary_search_by_key(&rounds_done, |evaluation| evaluation.rounds_done)
        .ok()
        .and_then(|index| evaluations[index].gradient_norm)
}
