//! Rounds that do not wait for everybody, or that nobody waits for at all.
//!
//! Two clients as in `lone_round` (digits-cnn, 8/40 Mbit/s with 1 ms of delay, a server at
//! 100 GFLOP/s, three mini-batches of 16): `fast` at 1 GFLOP/s and `slow` at half of that. A model
//! takes 8,944,000 ns down and 40,720,000 ns up; a mini-batch
//!
//! - 9,732,096 + 33,784,000 + 300,171 + 7,553,600 + 19,975,572 = 71,345,439 ns on `fast`,
//! - 19,464,192 + 33,784,000 + 300,171 + 7,553,600 + 39,951,144 = 101,053,107 ns on `slow`;
//!
//! an update is there 8,944,000 + 3 · 71,345,439 + 40,720,000 = 263,700,317 ns after its models were
//! sent to `fast`, and 352,823,321 ns after they were sent to `slow`. The server never has two
//! mini-batches at once.

mod asynchronous;
mod deadline;
mod participation;
mod shared;

use splitgp_sim::cost::{ModelPreset, SplitModel};
use splitgp_sim::experiment::TrainingResult;
use splitgp_sim::learning::{
    Dataset, EvaluatedModels, Federation, LearningConfig, LocalWork, Method, Partition, Sgd,
};
use std::sync::Arc;

const FAST: u64 = 263_700_317;
const SLOW: u64 = 352_823_321;
const DOWN: u64 = 8_944_000;

/// `fast` and `slow` with more keys of `training` and of `slow`.
fn two_clients(rounds: u32, training: &str, slow: &str) -> String {
    scenario(
        &format!(
            "[{{ name: fast, count: 1, device: {{ rate: 1 GFLOP/s, memory: 1 GB }}, ACCESS }},
               {{ name: slow, count: 1, device: {{ rate: 0.5 GFLOP/s, memory: 1 GB }}, ACCESS{slow} }}]"
        ),
        rounds,
        training,
    )
}

fn scenario(fleet: &str, rounds: u32, training: &str) -> String {
    let access = "access: { up: 8 Mbit/s, down: 40 Mbit/s, delay: 1 ms }";
    format!(
        "name: rounds
model: {{ preset: digits-cnn, cut: conv2 }}
data: {{ source: digits, partition: {{ kind: shards, per_client: 2 }} }}
fleet: {}
server: {{ device: {{ rate: 100 GFLOP/s, memory: 1 GB }} }}
training: {{ rounds: {rounds}, local_updates: 3, batch_size: 16, learning_rate: 0.05, gamma: 0.5, lambda: 0.2{training} }}
evaluate: {{ ood: [0], entropy: [1.2] }}
",
        fleet.replace("ACCESS", access)
    )
}

/// The models of `two_clients` before training.
fn federation() -> Federation {
    let config = LearningConfig {
        method: Method::SplitGp,
        model: SplitModel::preset(ModelPreset::DigitsCnn, "conv2").unwrap(),
        partition: Partition::Shards { per_client: 2 },
        clients: vec!["fast/0".to_owned(), "slow/0".to_owned()],
        main_share: 0.1,
        batch_size: 16,
        local_work: LocalWork::Updates(3),
        sgd: Sgd::constant(0.05),
        gamma: 0.5,
        lambda: 0.2,
        evaluated: EvaluatedModels::Mixed,
        max_ood: 0.0,
        seed: 1,
    };
    Federation::new(config, Arc::new(Dataset::digits())).unwrap()
}

/// Start and aggregation of each round in nanoseconds.
fn times(training: &TrainingResult) -> Vec<(u64, u64)> {
    let times = training.rounds.iter().map(|round| round.record);
    times.map(|record| (record.start.as_nanos(), record.aggregated.as_nanos())).collect()
}

/// Participants of each round, and whose updates arrived.
fn counts(training: &TrainingResult) -> Vec<(u32, u32)> {
    let records = training.rounds.iter().map(|round| round.record);
    records.map(|record| (record.participants, record.arrived)).collect()
}

/// Everything that was learned, to the bit.
fn learned(training: &TrainingResult) -> String {
    let losses: Vec<_> =
        training.rounds.iter().map(|round| (round.client_loss, round.server_loss)).collect();
    let points: Vec<_> = training.evaluations.iter().map(|e| &e.points).collect();
    format!("{losses:?} {points:?}")
}
