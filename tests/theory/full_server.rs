//! A training step that finds the server's buffer full is a dropped transfer.

use crate::common::run_on;

/// Two equal clients at 1 GFLOP/s and 8/40 Mbit/s with 1 ms of delay, a server at 100 GFLOP/s, one
/// mini-batch of 16.
fn round_time(server: &str) -> u64 {
    let yaml = format!(
        "
name: full-server
model: {{ preset: digits-cnn, cut: conv2 }}
data: {{ source: digits, partition: {{ kind: shards, per_client: 2 }} }}
fleet:
  - name: device
    count: 2
    device: {{ rate: 1 GFLOP/s, memory: 1 GB }}
    access: {{ up: 8 Mbit/s, down: 40 Mbit/s, delay: 1 ms }}
server: {{ device: {{ rate: 100 GFLOP/s, memory: 1 GB }}, {server} }}
training:
  rounds: 1
  local_updates: 1
  batch_size: 16
  learning_rate: 0.05
  gamma: 0.5
  lambda: 0.2
  retry_after: 1 s
evaluate: {{ ood: [0], entropy: [1.2] }}
"
    );
    let training = run_on(&yaml, 1).training.expect("the scenario trains");
    training.rounds[0].record.aggregated.as_nanos()
}

// Per sample φ has 304,128 MACs, κ 5,120 and θ 311,936; 9,930 and 35,594 parameters.
const MODEL_DOWN: u64 = 7_944_000 + 1_000_000; // 8·4·9,930 B·10⁹ / 40·10⁶ bit/s, delay
const FORWARD: u64 = 9_732_096; // 2·304,128·16 FLOP / 1 GFLOP/s
const SMASHED_UP: u64 = 32_784_000 + 1_000_000; // 8·(4·512·16 + 16) B·10⁹ / 8·10⁶ bit/s, delay
const SERVER_STEP: u64 = 300_171; // ⌈(6·311,936·16 + 2·35,594) FLOP / 100 GFLOP/s⌉
const GRADIENT_DOWN: u64 = 6_553_600 + 1_000_000; // 8·(4·512·16) B·10⁹ / 40·10⁶ bit/s, delay
const BACKWARD: u64 = 19_975_572; // (6·5,120·16 + 4·304,128·16 + 2·9,930) FLOP / 1 GFLOP/s
const MODEL_UP: u64 = 39_720_000 + 1_000_000; // 8·4·9,930 B·10⁹ / 8·10⁶ bit/s, delay
const AGGREGATION: u64 = 2_417; // ⌈(2·2·(9,930 + 35,594) + 3·2·9,930) FLOP / 100 GFLOP/s⌉
const LONE: u64 =
    MODEL_DOWN + FORWARD + SMASHED_UP + SERVER_STEP + GRADIENT_DOWN + BACKWARD + MODEL_UP;

#[test]
fn a_refused_step_is_sent_again_after_its_wait() {
    assert_eq!(round_time("queue: fifo"), LONE + SERVER_STEP + AGGREGATION, "one after the other");
    assert_eq!(
        round_time("buffer: 1"),
        LONE + 1_000_000_000 + SMASHED_UP + AGGREGATION,
        "both steps come at once, one is refused, waits 1 s and takes the uplink again"
    );
}

#[test]
fn steps_that_share_the_worker_take_twice_as_long() {
    assert_eq!(round_time("queue: processor-sharing"), LONE + SERVER_STEP + AGGREGATION);
}

#[test]
fn steps_are_not_batched() {
    let batch = "queue: { batch: { max: 8, wait: 1 s } }, priority: inference";
    assert_eq!(round_time(batch), LONE + SERVER_STEP + AGGREGATION);
}
