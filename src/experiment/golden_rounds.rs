//! What one client's round of each method puts on the wire, computes and holds, at the paper's size:
//! its CNN, 12 mini-batches of 50, no header.

use super::costing::Costing;
use super::files::Files;
use super::memory;
use super::replay::{Learned, SimulatedTraining};
use super::result::TrainingResult;
use super::run::RunSettings;
use super::single::run_single;
use crate::actors::RoundTasks;
use crate::scenario::{self, Scenario};
use std::rc::Rc;

/// One lone client; `weights` are the keys that the method has besides the common ones.
fn scenario(method: &str, weights: &str) -> Scenario {
    sending("float32", method, weights)
}

/// The same with smashed data in `precision`.
fn sending(precision: &str, method: &str, weights: &str) -> Scenario {
    let yaml = format!(
        "name: golden
model: {{ preset: paper-cnn, cut: conv4, smashed: {precision} }}
data: {{ source: fashion-mnist, path: nowhere }}
fleet: [{{ name: pi, count: 1, device: raspberry-pi-4b, access: wifi-home }}]
server: {{ device: edge-gpu-rtx2080 }}
training:
  {{ method: {method}, rounds: 1, local_updates: 12, batch_size: 50, learning_rate: 0.01{weights} }}
"
    );
    scenario::parse(&yaml, "test.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario
}

const METHODS: [(&str, &str); 6] = [
    ("splitgp", ", gamma: 0.5, lambda: 0.2"),
    ("multi-exit", ", gamma: 0.5"),
    ("splitfed", ""),
    ("fedavg", ""),
    ("personalized-fl", ", lambda: 0.2"),
    ("local", ""),
];

/// The simulation of `scenario`'s training, of which nothing is learned.
fn trained(scenario: &Scenario) -> TrainingResult {
    let costing = Costing::of(scenario).unwrap();
    let learned = Learned::of_batches(1, 50, 12);
    let training = SimulatedTraining::Replayed(learned, Rc::default());
    let settings = RunSettings::default();
    let files = Files::default();
    let result = run_single(scenario, &costing, Some(&training), &files, 0, settings).unwrap();
    result.training.unwrap()
}

#[test]
fn smashed_data_of_fewer_bits_put_fewer_bytes_on_the_wire_and_change_no_models_size() {
    let (splitgp, weights) = METHODS[0];
    // 12·50·(width·12,544 + 1) + 4·410,890 up, 12·50·width·12,544 + 2·4·410,890 down with the last
    for (precision, up, down) in
        [("float16", 16_696_960, 18_339_920), ("int8", 9_170_560, 10_813_520)]
    {
        let training = trained(&sending(precision, splitgp, weights));
        assert_eq!((training.bytes_up, training.bytes_down), (up, down), "{precision}");
    }
    let fedavg = trained(&sending("int8", "fedavg", ""));
    assert_eq!(fedavg.bytes_up, 15_472_680, "a full model has no cut");
}

#[test]
fn a_round_puts_these_bytes_on_the_wire() {
    // φ 387,840, κ 23,050, θ 3,480,330 parameters; smashed data 50,176 B and a label 1 B a sample.
    let both_exits = (31_749_760, 31_749_160, 1_643_560); // 12·50·50,177 + 4·410,890, …, 4·410,890
    let server_exit = (31_657_560, 31_656_960, 1_551_360); // the same with 4·387,840
    let full = (15_472_680, 15_472_680, 15_472_680); // 4·3,868,170
    let expected = [both_exits, both_exits, server_exit, full, full, (0, 0, 0)];
    for ((method, weights), (up, down, last)) in METHODS.into_iter().zip(expected) {
        let scenario = scenario(method, weights);
        let training = trained(&scenario);
        assert_eq!(training.method, method);
        assert_eq!(training.bytes_up, up, "{method}, up");
        assert_eq!(training.bytes_down, down + last, "{method}, down and the final model");
    }
}

#[test]
fn a_device_computes_78_9_gflop_split_and_193_3_gflop_in_full() {
    let expected = [
        78_939_371_760, // 12·(50·6·(21,901,824 + 23,040) + 2·410,890)
        78_939_371_760,
        78_855_874_560,  // 12·(50·6·21,901,824 + 2·387,840)
        193_383_690_480, // 12·(50·6·(21,901,824 + 31,790,080) + 2·3,868,170)
        193_383_690_480,
        193_383_690_480,
    ];
    for ((method, weights), expected) in METHODS.into_iter().zip(expected) {
        let step = match Costing::of(&scenario(method, weights)).unwrap().round_tasks(50) {
            RoundTasks::Split(tasks) => tasks.forward.flops + tasks.backward.flops,
            RoundTasks::Full(work) => work.flops,
        };
        assert_eq!(12 * step, expected, "{method}");
    }
}

/// What is wrong with `scenario` if the device and the server have this much memory.
fn refused(mut scenario: Scenario, device: u64, server: u64) -> Vec<String> {
    scenario.fleet[0].device.memory = crate::quantity::Bytes(device);
    scenario.server.device.memory = crate::quantity::Bytes(server);
    let costing = Costing::of(&scenario).unwrap();
    memory::rejections(&scenario, &costing).into_iter().map(|rejection| rejection.key).collect()
}

#[test]
fn training_fits_exactly_into_what_each_method_needs() {
    // Outputs of a sample: φ 65,856 (with κ 68,170), θ 16,394. A device holds
    // 4·(2p + 50·activations); the server a θ and the device's part for the client, and a θ and
    // 50·16,394 activations for its worker, or the full model, or nothing.
    let both_exits = (16_921_120, 13_921_320 + 1_643_560 + 13_921_320 + 3_278_800);
    let server_exit = (16_273_920, 13_921_320 + 1_551_360 + 13_921_320 + 3_278_800);
    let full = (47_395_360, 15_472_680); // 4·(2·3,868,170 + 50·82,250)
    let expected = [both_exits, both_exits, server_exit, full, full, (full.0, 0)];
    for ((method, weights), (device, server)) in METHODS.into_iter().zip(expected) {
        let scenario = scenario(method, weights);
        assert_eq!(refused(scenario.clone(), device, server), [""; 0], "{method}");
        assert_eq!(refused(scenario.clone(), device - 1, server), ["fleet[0].device"], "{method}");
        if server > 0 {
            assert_eq!(refused(scenario, device, server - 1), ["server.device"], "{method}");
        }
    }
}
