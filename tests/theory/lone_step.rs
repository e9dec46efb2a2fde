//! What a mini-batch of a lone client takes, step by step, under the keys that change it.

use crate::common::run_on;
use splitgp_sim::experiment::{Experiment, TrainingResult, class_times};
use splitgp_sim::scenario;

/// What the scenario says besides the lone device at 1 GFLOP/s, the server at 100 GFLOP/s and one
/// mini-batch of 16.
struct Lone {
    model: &'static str,
    access: &'static str,
    memory: &'static str,
    training: &'static str,
}

/// 8 Mbit/s up, 40 Mbit/s down.
const PLAIN: Lone =
    Lone { model: "", access: "up: 8 Mbit/s, down: 40 Mbit/s", memory: "1 GB", training: "" };

impl Lone {
    fn yaml(&self) -> String {
        let Self { model, access, memory, training } = self;
        format!(
            "
name: lone-step
model: {{ preset: digits-cnn, cut: conv2{model} }}
data: {{ source: digits }}
fleet:
  - name: device
    count: 1
    device: {{ rate: 1 GFLOP/s, memory: {memory} }}
    access: {{ {access}, delay: 0 ms }}
server: {{ device: {{ rate: 100 GFLOP/s, memory: 1 GB }} }}
training: {{ rounds: 1, local_updates: 1, batch_size: 16, learning_rate: 0.05, gamma: 0.5, lambda: 0.2{training} }}
evaluate: {{ ood: [0], entropy: [1.2] }}
"
        )
    }

    fn training(&self) -> TrainingResult {
        run_on(&self.yaml(), 1).training.expect("the scenario trains")
    }

    /// From the server's sending the model to its having the update; and the same in closed form.
    fn round(&self) -> [u64; 2] {
        let loaded = scenario::parse(&self.yaml(), "t.yaml").unwrap_or_else(|e| panic!("{e}"));
        let stated = class_times(&loaded.scenario).expect("a valid scenario")[0].round;
        let aggregated = self.training().rounds[0].record.aggregated.as_nanos();
        [aggregated - AGGREGATION, stated.expect("it trains").as_nanos()]
    }
}

// Per sample φ has 304,128 MACs, κ 5,120 and θ 311,936; 4,800, 5,130 and 35,594 parameters.
const FORWARD: u64 = 9_732_096; // 2·304,128·16 FLOP / 1 GFLOP/s
const KAPPA: u64 = 501_780; // (6·5,120·16 + 2·5,130) FLOP / 1 GFLOP/s
const PHI_BACKWARD: u64 = 19_473_792; // (4·304,128·16 + 2·4,800) FLOP / 1 GFLOP/s
const SERVER_STEP: u64 = 300_171; // ⌈(6·311,936·16 + 2·35,594) FLOP / 100 GFLOP/s⌉
const AGGREGATION: u64 = 1_209; // ⌈(2·(9,930 + 35,594) + 3·9,930) FLOP / 100 GFLOP/s⌉
const MODEL_DOWN: u64 = 7_944_000; // 8·4·9,930 B·10⁹ / 40·10⁶ bit/s
const MODEL_UP: u64 = 39_720_000; // 8·4·9,930 B·10⁹ / 8·10⁶ bit/s
const MODELS: u64 = MODEL_DOWN + MODEL_UP;

/// Bytes of a batch's activations at the cut, 32·4·4 each, in single precision.
const SMASHED: u64 = 4 * 16 * 512;

#[test]
fn smashed_data_and_gradients_of_fewer_bits_take_less_of_the_wire() {
    // up 8·(width·8,192 + 16) B·10⁹ / 8·10⁶ bit/s, down 8·width·8,192 B·10⁹ / 40·10⁶ bit/s
    for (model, up, down) in [
        ("", 32_784_000, 6_553_600),
        (", smashed: float32", 32_784_000, 6_553_600),
        (", smashed: float16", 16_400_000, 3_276_800),
        (", smashed: int8", 8_208_000, 1_638_400),
    ] {
        let lone = Lone { model, ..PLAIN };
        let expected = MODELS + FORWARD + up + SERVER_STEP + down + KAPPA + PHI_BACKWARD;
        assert_eq!(lone.round(), [expected; 2], "{model}: {up} ns up, {down} ns down");
    }
}

#[test]
fn a_round_sends_4_2_or_1_bytes_for_each_activation_and_4_for_each_weight() {
    for (model, width) in [("float32", 4), ("float16", 2), ("int8", 1)] {
        let text = format!(", smashed: {model}");
        let lone = Lone { model: text.leak(), ..PLAIN };
        let record = lone.training().rounds[0].record;
        let smashed = SMASHED / 4 * width;
        assert_eq!(record.bytes_up, smashed + 16 + 4 * 9_930, "{model}: and labels, φ and κ");
        assert_eq!(record.bytes_down, smashed + 4 * 9_930, "{model}: the gradient, φ and κ");
    }
}

#[test]
fn kappa_takes_no_time_of_its_own_while_the_gradient_takes_longer() {
    let lone = Lone { training: ", overlap: true", ..PLAIN };
    let awaited = 32_784_000 + SERVER_STEP + 6_553_600;
    let expected = MODELS + FORWARD + awaited + PHI_BACKWARD;
    assert_eq!(lone.round(), [expected; 2], "κ's {KAPPA} ns are less than the {awaited} ns waited");
}

#[test]
fn a_gradient_that_comes_early_waits_for_kappa() {
    let access = "up: 8 Gbit/s, down: 8 Gbit/s";
    let lone = Lone { access, training: ", overlap: true", ..PLAIN };
    // 32,784 B up, 32,768 B down, 39,720 B of models each way, a nanosecond a byte
    let awaited = 32_784 + SERVER_STEP + 32_768;
    let expected = 2 * 39_720 + FORWARD + KAPPA + PHI_BACKWARD;
    assert_eq!(lone.round(), [expected; 2], "κ's {KAPPA} ns are more than the {awaited} ns waited");
}

#[test]
fn momentum_adds_two_operations_for_each_parameter() {
    let lone = Lone { training: ", momentum: 0.9", ..PLAIN };
    let backward = KAPPA + PHI_BACKWARD + 2 * 9_930;
    let server_step = 300_883; // ⌈(6·311,936·16 + 4·35,594) FLOP / 100 GFLOP/s⌉ = ⌈300,882.32⌉
    let expected = MODELS + FORWARD + 32_784_000 + server_step + 6_553_600 + backward;
    assert_eq!(lone.round(), [expected; 2]);
}

#[test]
fn momentum_needs_four_bytes_for_each_parameter_of_the_device() {
    // φ and κ put out 1,024 + 2,048 + 512 + 10 = 3,594 values:
    // 4·(2·9,930 + 16·3,594) = 309,456 B, and 4·9,930 = 39,720 B of velocities
    let fits = |memory, training| {
        let yaml = Lone { memory, training, ..PLAIN }.yaml();
        let loaded = scenario::parse(&yaml, "t.yaml").unwrap_or_else(|errors| panic!("{errors}"));
        Experiment::check(&loaded.scenario).is_ok()
    };
    assert!(fits("309456 B", ""));
    assert!(!fits("309455 B", ""));
    assert!(fits("349176 B", ", momentum: 0.9"));
    assert!(!fits("349175 B", ", momentum: 0.9"));
}
