//! Rounds of the methods that are no SplitGP take the sum of their steps; what must be equal is.

use crate::common::run_on;
use splitgp_sim::experiment::{RunResult, TrainingResult};

/// The scenario of `lone_round` for another method: digits-cnn, one client at 1 GFLOP/s and
/// 8/40 Mbit/s with 1 ms of delay, a server at 100 GFLOP/s, three mini-batches of 16.
///
/// Per sample φ has 304,128 MACs, κ 5,120 and θ 311,936; they have 4,800, 5,130 and 35,594
/// parameters.
fn lone_client(method: &str, rounds: u32) -> String {
    format!(
        "name: lone-round
model: {{ preset: digits-cnn, cut: conv2 }}
data: {{ source: digits, partition: {{ kind: shards, per_client: 2 }} }}
fleet:
  - name: device
    count: 1
    device: {{ rate: 1 GFLOP/s, memory: 1 GB }}
    access: {{ up: 8 Mbit/s, down: 40 Mbit/s, delay: 1 ms }}
server: {{ device: {{ rate: 100 GFLOP/s, memory: 1 GB }} }}
training:
  {{ {method}, rounds: {rounds}, local_updates: 3, batch_size: 16, learning_rate: 0.05 }}
evaluate: {{ every: 1, ood: [0], entropy: [1.2] }}
"
    )
}

fn training(yaml: &str) -> TrainingResult {
    run_on(yaml, 1).training.expect("the scenario trains")
}

/// A mini-batch of the full model: forward, backward and step on the device.
const FULL_STEP: u64 = 59_222_932; // (6·(304,128 + 311,936)·16 + 2·40,394) FLOP / 1 GFLOP/s
const DELAY: u64 = 1_000_000;

#[test]
fn a_round_of_fedavg_moves_the_full_model_and_computes_all_of_it_on_the_device() {
    let down = 32_315_200; // 8·4·40,394 B·10⁹ / 40·10⁶ bit/s
    let up = 161_576_000; // 8·4·40,394 B·10⁹ / 8·10⁶ bit/s
    for (method, aggregation) in [
        ("method: fedavg", 808), // ⌈2·40,394 FLOP / 100 GFLOP/s⌉
        ("method: personalized-fl, lambda: 0.2", 2_020), // ⌈(2 + 3)·40,394 FLOP / 100 GFLOP/s⌉
    ] {
        let training = training(&lone_client(method, 1));
        let aggregated = (down + DELAY) + 3 * FULL_STEP + (up + DELAY) + aggregation;
        let round = &training.rounds[0];
        assert_eq!(
            round.record.aggregated.as_nanos(),
            aggregated,
            "{method}: 32,315,200 + 1,000,000 down, 3 steps of 59,222,932, 161,576,000 + 1,000,000 \
             up, aggregation {aggregation} ns"
        );
        assert_eq!(training.time.as_nanos(), aggregated + down + DELAY, "{method}");
        assert_eq!(round.record.bytes_up, 161_576, "{method}: 4·(4,800 + 35,594)");
        assert_eq!(round.record.bytes_down, 161_576, "{method}");
        assert!(round.full_loss.is_some(), "{method}");
        assert_eq!((round.client_loss, round.server_loss), (None, None), "{method}");
    }
}

#[test]
fn a_round_of_splitfed_has_no_kappa_anywhere() {
    let training = training(&lone_client("method: splitfed", 1));
    let forward = 9_732_096; // 2·304,128·16 FLOP / 1 GFLOP/s
    let smashed_up = 32_784_000; // 8·(4·512·16 + 16) B·10⁹ / 8·10⁶ bit/s
    let server_step = 300_171; // ⌈(6·311,936·16 + 2·35,594) FLOP / 100 GFLOP/s⌉
    let gradient_down = 6_553_600; // 8·(4·512·16) B·10⁹ / 40·10⁶ bit/s
    let backward = 19_473_792; // (4·304,128·16 + 2·4,800) FLOP / 1 GFLOP/s
    let step = forward + (smashed_up + DELAY) + server_step + (gradient_down + DELAY) + backward;
    let model_down = 3_840_000; // 8·4·4,800 B·10⁹ / 40·10⁶ bit/s
    let model_up = 19_200_000; // 8·4·4,800 B·10⁹ / 8·10⁶ bit/s
    let aggregation = 808; // ⌈2·(4,800 + 35,594) FLOP / 100 GFLOP/s⌉
    let aggregated = (model_down + DELAY) + 3 * step + (model_up + DELAY) + aggregation;
    let round = &training.rounds[0];
    assert_eq!(
        round.record.aggregated.as_nanos(),
        aggregated,
        "3,840,000 + 1,000,000 down; 3 steps of 9,732,096 + 33,784,000 + 300,171 + 7,553,600 + \
         19,473,792; 19,200,000 + 1,000,000 up; aggregation 808 ns"
    );
    assert_eq!(round.record.bytes_up, 3 * (4 * 512 * 16 + 16) + 4 * 4_800, "smashed, labels, φ");
    assert_eq!(round.record.bytes_down, 4 * 4_800 + 3 * (4 * 512 * 16), "φ, gradients");
    assert_eq!((round.client_loss, round.full_loss), (None, None));
}

#[test]
fn multi_exit_mixes_nothing_on_the_server() {
    let training = training(&lone_client("method: multi-exit, gamma: 0.5", 1));
    let round = &training.rounds[0].record;
    assert_eq!(
        round.aggregated.as_nanos(),
        8_944_000 + 3 * 71_345_439 + 40_720_000 + 911,
        "a round of SplitGP, but for the aggregation: ⌈2·45,524 FLOP / 100 GFLOP/s⌉ = ⌈910.48⌉ ns"
    );
}

#[test]
fn local_clients_send_nothing_and_walk_through_their_rounds_apart() {
    let fast =
        "  - { name: fast, count: 1, device: { rate: 2 GFLOP/s, memory: 1 GB }, access: lte }";
    let yaml = lone_client("method: local", 3).replace("server:", &format!("{fast}\nserver:"));
    let result = run_on(&yaml, 2);
    assert_eq!(result.sim_time.as_nanos(), 9 * FULL_STEP, "the slow client's 3 rounds of 3 steps");
    let training = result.training.unwrap();
    assert_eq!(training.time.as_nanos(), 9 * FULL_STEP);
    assert_eq!((training.bytes_up, training.bytes_down), (0, 0));
    let half = FULL_STEP / 2;
    let rounds: Vec<(u64, u64)> = training
        .rounds
        .iter()
        .map(|round| (round.record.start.as_nanos(), round.record.aggregated.as_nanos()))
        .collect();
    assert_eq!(
        rounds,
        [(0, 3 * FULL_STEP), (3 * half, 6 * FULL_STEP), (6 * half, 9 * FULL_STEP)],
        "a round begins with the fast client and ends with the slow one"
    );
    let times: Vec<u64> = training.evaluations.iter().map(|e| e.time.as_nanos()).collect();
    assert_eq!(times, [3, 6, 9].map(|steps| steps * FULL_STEP), "evaluated when all have finished");
    assert!(training.rounds.iter().all(|round| round.full_loss.is_some()));
}

#[test]
fn a_local_client_that_fails_begins_its_round_anew_when_it_returns() {
    let mortal = "availability: { up: 100 ms, down: 50 ms }\n    access: { up: 8";
    let yaml = lone_client("method: local", 2)
        .replace("local_updates: 3", "local_updates: 1")
        .replace("access: { up: 8", mortal);
    assert_eq!(
        training(&yaml).time.as_nanos(),
        150_000_000 + FULL_STEP,
        "round 0 takes 59,222,932 ns; round 1 fails at 100 ms and begins anew at 150 ms"
    );
}

/// Two classes and jitter, for the equalities below.
fn fleet(method: &str) -> RunResult {
    let phone = "  - { name: phone, count: 2, device: phone-mid, access: lte }";
    let yaml = lone_client(method, 2).replace("server:", &format!("{phone}\nserver:"));
    run_on(&yaml, 1)
}

/// Everything but the method's name.
fn course(result: RunResult) -> (u128, String) {
    let training = result.training.unwrap();
    let (rounds, evaluations) = (training.rounds, training.evaluations);
    (result.fingerprint, format!("{rounds:?} {evaluations:?}"))
}

#[test]
fn multi_exit_is_splitgp_at_lambda_zero_in_time_and_in_learning() {
    let multi_exit = course(fleet("method: multi-exit, gamma: 0.5"));
    assert_eq!(multi_exit, course(fleet("method: splitgp, gamma: 0.5, lambda: 0")));
    assert_ne!(multi_exit, course(fleet("method: splitgp, gamma: 0.5, lambda: 0.2")));
}

#[test]
fn fedavg_is_personalized_fl_at_lambda_zero_in_time_and_in_learning() {
    let fedavg = course(fleet("method: fedavg"));
    assert_eq!(fedavg, course(fleet("method: personalized-fl, lambda: 0")));
    assert_ne!(fedavg, course(fleet("method: personalized-fl, lambda: 0.2")));
}
