//! Training with several seeds.

use crate::common::run_on;
use crate::summary;
use splitgp_sim::experiment::{Accuracy, RunResult};

/// Two clients on a lossy, jittering network, with requests.
fn run(seed: u64, seeds: &str) -> RunResult {
    let yaml = format!(
        "
name: seeds
seed: {seed}
model: {{ preset: digits-cnn, cut: conv2 }}
data: {{ source: digits }}
fleet:
  - name: phone
    count: 2
    device: phone-mid
    access: {{ up: 12 Mbit/s, down: 12 Mbit/s, delay: 35 ms, jitter: {{ exponential: 2 ms }} }}
server: {{ device: edge-gpu-rtx2080 }}
training: {{ rounds: 2, local_updates: 4, batch_size: 8, learning_rate: 0.05, gamma: 0.5, lambda: 0.2{seeds} }}
evaluate: {{ every: 1, ood: [0, 0.4], entropy: [0.8] }}
inference:
  arrivals: {{ poisson: 5 /s }}
  duration: 5 s
  ood: 0.4
  offload: {{ entropy: 1.2 }}
"
    );
    run_on(&yaml, 2)
}

fn final_client_exits(run: &RunResult) -> Vec<Accuracy> {
    let last = run.training.as_ref().unwrap().evaluations.last().unwrap();
    last.points.iter().map(|point| point.client_exit.expect("two exits")).collect()
}

#[test]
fn one_seed_is_the_master_seed_when_they_are_equal() {
    assert_eq!(summary(&run(5, ", seeds: [5]")), summary(&run(5, "")));
}

#[test]
fn a_training_seed_changes_what_is_learned_and_no_draw_of_traffic() {
    let (one, two) = (run(5, ", seeds: [1]"), run(5, ", seeds: [2]"));
    let arrivals = |run: &RunResult| {
        let inference = run.inference.as_ref().unwrap();
        let since = |record: &splitgp_sim::actors::RequestRecord| {
            record.arrival.since(inference.origin).as_nanos()
        };
        inference.records.iter().map(since).collect::<Vec<_>>()
    };
    assert_eq!(arrivals(&one), arrivals(&two), "common random numbers");
    assert_ne!(arrivals(&one), arrivals(&run(6, ", seeds: [1]")), "traffic has the master seed");
    assert_ne!(final_client_exits(&one), final_client_exits(&two));
}

#[test]
fn several_seeds_are_the_first_ones_run_with_means_and_intervals_of_accuracy() {
    let (one, two, both) =
        (run(5, ", seeds: [1]"), run(5, ", seeds: [2]"), run(5, ", seeds: [1, 2]"));
    assert_eq!(both.fingerprint, one.fingerprint);
    assert_eq!(both.inference.as_ref().unwrap().records, one.inference.as_ref().unwrap().records);
    let training = both.training.as_ref().unwrap();
    assert_eq!(training.time, one.training.as_ref().unwrap().time);
    let seeds: Vec<u64> = training.seeds.iter().map(|seed| seed.seed).collect();
    assert_eq!(seeds, [1, 2]);
    assert_eq!(training.seeds[1].time, two.training.as_ref().unwrap().time);
    let alone = [final_client_exits(&one), final_client_exits(&two)];
    let half_widths = &training.evaluations.last().unwrap().half_widths;
    for (index, joined) in final_client_exits(&both).iter().enumerate() {
        let (a, b) = (alone[0][index].mean, alone[1][index].mean);
        assert!((joined.mean - f64::midpoint(a, b)).abs() < 1e-12);
        // Of two values the standard error is |a − b|/2, and t₀.₉₇₅(1) = 12.7062.
        let half_width = half_widths[index].client_exit.expect("two exits").mean;
        let expected = 12.7062 * (a - b).abs() / 2.0;
        assert!((half_width - expected).abs() < 1e-5, "{half_width} against {expected}");
    }
    let text = summary(&both);
    assert!(text.contains("\"ci95\": {") && text.contains("\"seeds\": ["), "{text}");
    assert!(!summary(&one).contains("\"seeds\": ["));
    let selective = &training.evaluations[0].points[0].selective;
    let thresholds: Vec<f64> = selective.iter().map(|selective| selective.threshold).collect();
    assert_eq!(thresholds, [0.8, 1.2], "the policy's own E_th is among them for all seeds");
}
