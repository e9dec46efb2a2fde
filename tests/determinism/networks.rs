//! A network of one's own is trained like a built-in one.

use crate::common::run_on;
use splitgp_sim::experiment::RunResult;

const PRESET: &str = "
name: network
seed: 5
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet: [{ name: pi, count: 4, device: raspberry-pi-4b, access: wifi-home }]
server: { device: edge-gpu-rtx2080 }
training: { rounds: 2, local_updates: 4, batch_size: 16, learning_rate: 0.05, gamma: 0.5, lambda: 0.2 }
evaluate: { ood: [0, 0.4], entropy: [1.2] }
";

const DIGITS_CNN: &str = "model:
  layers:
    - conv: { channels: 16, kernel: 3, padding: 1 }
    - relu
    - conv: { channels: 32, kernel: 3, padding: 1 }
    - relu
    - max-pool: { kernel: 2, stride: 2 }
    - conv: { channels: 64, kernel: 3, padding: 1 }
    - relu
    - max-pool: { kernel: 2 }
    - linear: 64
    - relu
    - linear: 10
  cut: conv2
";

/// The scenario with another model.
fn with(model: &str) -> String {
    PRESET.replace("model: { preset: digits-cnn, cut: conv2 }\n", model)
}

/// A hundred and fifty updates of clients that have all classes.
fn longer(yaml: &str) -> String {
    yaml.replace("rounds: 2, local_updates: 4", "rounds: 15, local_updates: 10")
        .replace("{ source: digits }", "{ source: digits, partition: { kind: iid } }")
        .replace("ood: [0, 0.4]", "ood: [0]")
        .replace("learning_rate: 0.05", "learning_rate: 0.1")
}

/// Everything that was learned, and the trajectory.
fn learned(result: &RunResult) -> String {
    let training = result.training.as_ref().expect("the scenario trains");
    let losses: Vec<_> =
        training.rounds.iter().map(|round| (round.client_loss, round.server_loss)).collect();
    format!("{:032x} {losses:?} {:?}", result.fingerprint, training.evaluations)
}

#[test]
fn the_layers_of_digits_cnn_are_trained_like_the_preset_to_the_bit() {
    let preset = run_on(PRESET, 2);
    assert_eq!(learned(&run_on(&with(DIGITS_CNN), 2)), learned(&preset));
    let other = DIGITS_CNN.replace("linear: 64", "linear: 63");
    assert_ne!(learned(&run_on(&with(&other), 2)), learned(&preset), "the test is able to fail");
}

#[test]
fn perceptrons_and_batch_norms_learn_far_above_chance() {
    let perceptron =
        "model: { layers: [linear: 48, relu, linear: 32, relu, linear: 10], cut: fc1 }\n";
    let normalised =
        DIGITS_CNN.replace("    - relu\n    - conv", "    - batch-norm\n    - relu\n    - conv");
    for model in [perceptron, &normalised] {
        let training = run_on(&longer(&with(model)), 2).training.expect("the scenario trains");
        let points = &training.evaluations.last().expect("an evaluation").points;
        // Chance is 0.1.
        for exit in [&points[0].client_exit, &points[0].server_exit] {
            let accuracy = exit.as_ref().expect("SplitGP has both exits").mean;
            assert!(accuracy > 0.6, "{accuracy}: {model}");
        }
    }
}
