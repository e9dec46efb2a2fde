//! From the journal's rounds and the federation's evaluations to the training result.

use super::result::{Evaluation, RoundResult, TrainingResult};
use super::training::RoundLosses;
use crate::actors::{Journal, RoundRecord, Span};
use crate::time::SimTime;

/// Joins what the clock and what the models said of training, round by round. A round in which
/// nobody arrived has no losses.
pub(super) fn training_result(
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
            record,
            client_loss: losses.and_then(|losses| losses.client),
            server_loss: losses.and_then(|losses| losses.server),
            full_loss: losses.and_then(|losses| losses.full),
        })
        .collect();
    timeline.sort_by_key(|span| (span.start, span.client, span.end));
    TrainingResult {
        method: "splitgp",
        time: models_held.since(SimTime::ZERO),
        bytes_up,
        bytes_down,
        rounds,
        evaluations,
        timeline_round: Journal::TIMELINE_ROUND,
        timeline,
    }
}
