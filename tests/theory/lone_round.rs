//! A training round of a lone client takes the sum of its steps.

use crate::common::run_on;

/// digits-cnn, one client at 1 GFLOP/s and 8/40 Mbit/s with 1 ms of delay, a server at
/// 100 GFLOP/s, three mini-batches of 16.
pub(crate) const LONE_CLIENT: &str = "
name: lone-round
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits, partition: { kind: shards, per_client: 2 } }
fleet:
  - name: device
    count: 1
    device: { rate: 1 GFLOP/s, memory: 1 GB }
    access: { up: 8 Mbit/s, down: 40 Mbit/s, delay: 1 ms }
server: { device: { rate: 100 GFLOP/s, memory: 1 GB } }
training:
  method: splitgp
  rounds: 1
  local_updates: 3
  batch_size: 16
  learning_rate: 0.05
  gamma: 0.5
  lambda: 0.2
evaluate: { ood: [0], entropy: [1.2] }
";

#[test]
fn a_lone_round_takes_the_sum_of_its_steps() {
    let training = run_on(LONE_CLIENT, 1).training.expect("the scenario trains");
    let round = &training.rounds[0].record;

    // Per sample φ has 304,128 MACs, κ 5,120 and θ 311,936; 9,930 and 35,594 parameters.
    let model_down = 7_944_000; // 8·4·9,930 B·10⁹ / 40·10⁶ bit/s
    let forward = 9_732_096; // 2·304,128·16 FLOP / 1 GFLOP/s
    let smashed_up = 32_784_000; // 8·(4·512·16 + 16) B·10⁹ / 8·10⁶ bit/s
    let server_step = 300_171; // ⌈(6·311,936·16 + 2·35,594) FLOP / 100 GFLOP/s⌉ = ⌈300,170.44⌉
    let gradient_down = 6_553_600; // 8·(4·512·16) B·10⁹ / 40·10⁶ bit/s
    let backward = 19_975_572; // (6·5,120·16 + 4·304,128·16 + 2·9,930) FLOP / 1 GFLOP/s
    let model_up = 39_720_000; // 8·4·9,930 B·10⁹ / 8·10⁶ bit/s
    let aggregation = 1_209; // ⌈(2·(9,930 + 35,594) + 3·9,930) FLOP / 100 GFLOP/s⌉ = ⌈1,208.38⌉
    let delay = 1_000_000;

    let step = forward + (smashed_up + delay) + server_step + (gradient_down + delay) + backward;
    let aggregated = (model_down + delay) + 3 * step + (model_up + delay) + aggregation;
    assert_eq!(round.start.as_nanos(), 0);
    assert_eq!(
        round.aggregated.as_nanos(),
        aggregated,
        "model down 7,944,000 + 1,000,000; 3 steps of 9,732,096 + 33,784,000 + 300,171 + 7,553,600 \
         + 19,975,572 = 71,345,439; model up 39,720,000 + 1,000,000; aggregation 1,209 ns"
    );
    assert_eq!(
        training.time.as_nanos(),
        aggregated + model_down + delay,
        "the final aggregate's download ends training"
    );
}

#[test]
fn a_round_sends_exactly_its_bytes() {
    let training = run_on(LONE_CLIENT, 1).training.expect("the scenario trains");
    let round = &training.rounds[0].record;
    assert_eq!(round.bytes_up, 3 * (4 * 512 * 16 + 16) + 4 * 9_930, "smashed + labels, φ and κ");
    assert_eq!(round.bytes_down, 4 * 9_930 + 3 * (4 * 512 * 16), "φ and κ, gradients");
    assert_eq!(training.bytes_down, round.bytes_down + 4 * 9_930, "and the final models");
}
