//! Golden timings: a change that moves one says why in its commit and re-records it with
//! `INSTA_UPDATE=always cargo test --test golden`.
//!
//! None of these trajectories depends on a learned number, so that they hold on every CPU family.

#[path = "../common/mod.rs"]
mod common;
mod quickstart;
mod shipped;

use common::run_on;
use splitgp_sim::experiment::{RunResult, TRAJECTORY_REVISION};
use std::fmt::Write as _;
use std::path::Path;

/// What a trajectory is recognised by.
fn record(result: &RunResult) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| writeln!(text, "{name}: {value}").unwrap();
    line("fingerprint", format!("{:032x}", result.fingerprint));
    line("events", result.events.to_string());
    line("end_ns", result.sim_time.as_nanos().to_string());
    if let Some(training) = &result.training {
        line("training_ns", training.time.as_nanos().to_string());
        for round in &training.rounds {
            let record = &round.record;
            line(
                &format!("round {}", record.round),
                format!(
                    "{} to {} ns, {} B up, {} B down",
                    record.start.as_nanos(),
                    record.aggregated.as_nanos(),
                    record.bytes_up,
                    record.bytes_down
                ),
            );
        }
    }
    if let Some(inference) = &result.inference {
        line("requests", format!("{} of {}", inference.completed, inference.requests));
        if let Some(latency) = inference.latency {
            line("latency_s", format!("mean {}, p99 {}", latency.mean, latency.p99));
        }
    }
    text
}

#[test]
fn the_latency_only_scenario_keeps_its_trajectory() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/latency-only.yaml");
    let yaml = std::fs::read_to_string(path).unwrap();
    let result = run_on(&yaml, 2);
    assert_eq!(
        (TRAJECTORY_REVISION, result.fingerprint),
        (2, 0x518c_7cfe_9ce5_bce0_dd81_4532_de52_4b5c),
        "the same scenario takes another course than before: if that is meant, raise \
         TRAJECTORY_REVISION, so that no finished cell of an older sweep is taken over, and pin both \
         anew"
    );
    insta::assert_snapshot!(record(&result));
}

/// Two classes, contention at the server, jitter, loss with drops and resends.
const TRAINING: &str = "
name: golden-training
seed: 3
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet:
  - { name: pi, count: 3, device: raspberry-pi-4b, access: wifi-home }
  - name: phone
    count: 2
    device: phone-mid
    access: { up: 12 Mbit/s, down: 12 Mbit/s, delay: 35 ms, jitter: { exponential: 2 ms }, loss: 20%, retries: 1 }
server: { device: { rate: 1 GFLOP/s, memory: 1 GB }, workers: 2 }
training:
  method: splitgp
  rounds: 3
  local_updates: 4
  batch_size: 8
  learning_rate: 0.05
  gamma: 0.5
  lambda: 0.2
  retry_after: 200 ms
evaluate: { every: 3, ood: [0, 0.4], entropy: [1.2] }
inference:
  arrivals: { poisson: 2 /s }
  duration: 20 s
  warmup: 2 s
  ood: 0.4
  offload: { random: 0.5 }
";

#[test]
fn training_keeps_its_trajectory() {
    let result = run_on(TRAINING, 2);
    let inference = result.inference.as_ref().unwrap();
    assert!(inference.dropped > 0, "this scenario is meant to drop requests");
    insta::assert_snapshot!(record(&result));
}
