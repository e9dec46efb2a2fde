//! At load → 0 every policy takes the path that its rule says, to the nanosecond, at every cut; and
//! nobody is more accurate than the oracle.

use crate::common::run_on;
use splitgp_sim::actors::Exit;
use splitgp_sim::cost::{ModelPreset, PartCost, SplitModel};
use splitgp_sim::experiment::InferenceResult;
use splitgp_sim::learning::{ClientExit, Outcome, OutcomeTable};
use std::fs::File;
use std::path::Path;

/// A device at 1 GFLOP/s and 8/40 Mbit/s with 1 ms of delay, a server at 100 GFLOP/s; one request.
fn lone_requests(preset: &str, cut: &str, keys: &str) -> InferenceResult {
    let yaml = format!(
        "name: lone
model: {{ preset: {preset}, cut: {cut} }}
fleet:
  - name: device
    count: 1
    device: {{ rate: 1 GFLOP/s, memory: 1 GB }}
    access: {{ up: 8 Mbit/s, down: 40 Mbit/s, delay: 1 ms }}
server: {{ device: {{ rate: 100 GFLOP/s, memory: 1 GB }} }}
inference:
  arrivals: {{ periodic: {{ period: 1 s, phase: 100 ms }} }}
  duration: 1 s
{keys}
"
    );
    run_on(&yaml, 1).inference.expect("the scenario has traffic")
}

fn latency(preset: &str, cut: &str, keys: &str) -> (Exit, u64) {
    let result = lone_requests(preset, cut, keys);
    let [record] = result.records[..] else { panic!("one request: {}", result.records.len()) };
    let done = record.done.expect("a lone request is answered");
    (record.exit.expect("it was decided"), done.since(record.arrival).as_nanos())
}

/// The closed forms of a lone request in nanoseconds.
struct Closed {
    client_exit: u64,
    client_only: u64,
    server_only: u64,
    server_exit: u64,
    offloaded: u64,
}

impl Closed {
    fn of(preset: ModelPreset, cut: &str) -> Self {
        let model = SplitModel::preset(preset, cut).unwrap();
        let [phi, kappa, theta] =
            [&model.phi, &model.kappa, &model.theta].map(|layers| PartCost::of(layers).flops);
        // A FLOP at 1 GFLOP/s is 1 ns; at 100 GFLOP/s a hundredth, rounded up.
        let (device, server) = (|flops: u64| flops, |flops: u64| flops.div_ceil(100));
        // 8 bits a byte at 8 Mbit/s are 1,000 ns; an answer of 8 B at 40 Mbit/s 1,600 ns; 1 ms each way.
        let round_trip = |bytes: u64| 1_000 * bytes + 1_600 + 2 * 1_000_000;
        let (raw, smashed) = (model.input.elements(), 4 * model.smashed().elements());
        Self {
            client_exit: device(phi + kappa),
            client_only: device(phi + theta),
            server_only: round_trip(raw) + server(phi + theta),
            server_exit: device(phi) + round_trip(smashed) + server(theta),
            offloaded: device(phi + kappa) + round_trip(smashed) + server(theta),
        }
    }
}

const CUTS: [(ModelPreset, &str, &str); 5] = [
    (ModelPreset::DigitsCnn, "digits-cnn", "conv1"),
    (ModelPreset::DigitsCnn, "digits-cnn", "conv2"),
    (ModelPreset::DigitsCnn, "digits-cnn", "conv3"),
    (ModelPreset::DigitsCnn, "digits-cnn", "fc1"),
    (ModelPreset::PaperCnn, "paper-cnn", "conv4"),
];

#[test]
fn a_lone_request_takes_its_policys_closed_form_at_every_cut() {
    for (model, preset, cut) in CUTS {
        let closed = Closed::of(model, cut);
        let stated = |client: u8, server: u8, policy: &str| {
            format!(
                "  outcomes: {{ client_accuracy: {client}, server_accuracy: {server} }}\n  \
                 offload: {policy}"
            )
        };
        // Predicted is the closed form of an offload: a nanosecond less is too late.
        let deadline = |nanos: u64| stated(1, 1, &format!("{{ deadline: {nanos} ns }}"));
        let cases = [
            (stated(1, 1, "client-exit"), Exit::Client, closed.client_exit),
            (stated(1, 1, "client-only"), Exit::Client, closed.client_only),
            (stated(1, 1, "server-only"), Exit::Server, closed.server_only),
            (stated(1, 1, "server-exit"), Exit::Server, closed.server_exit),
            (stated(1, 1, "{ random: 0 }"), Exit::Client, closed.client_exit),
            (stated(1, 1, "{ random: 1 }"), Exit::Server, closed.offloaded),
            (stated(1, 1, "oracle"), Exit::Client, closed.client_exit),
            (stated(0, 1, "oracle"), Exit::Server, closed.offloaded),
            (deadline(closed.offloaded), Exit::Server, closed.offloaded),
            (deadline(closed.offloaded - 1), Exit::Client, closed.client_exit),
        ];
        for (keys, exit, nanos) in cases {
            assert_eq!(latency(preset, cut, &keys), (exit, nanos), "{preset} cut at {cut}: {keys}");
        }
    }
}

/// Two samples of one client of this entropy, as an outcomes file; only the server is right.
fn outcomes_file(folder: &Path, entropy: f64) -> String {
    let sample = |sample: u32| Outcome {
        sample,
        truth: 1,
        main: true,
        client: Some(ClientExit { entropy, top1: 0.5, top2: 0.25, class: 0 }),
        server: Some(1),
        full: Some(1),
    };
    let table = OutcomeTable {
        classes: 10,
        source: Vec::new(),
        clients: vec![vec![sample(0), sample(1)]],
        validation: vec![vec![false, true]],
    };
    let path = folder.join(format!("outcomes-{entropy}.npz"));
    table.write(File::create(&path).unwrap()).unwrap();
    path.display().to_string()
}

#[test]
fn policies_that_look_at_the_client_exit_take_one_of_its_two_paths() {
    let folder = tempfile::tempdir().unwrap();
    let file = outcomes_file(folder.path(), 0.75);
    for (model, preset, cut) in CUTS {
        let closed = Closed::of(model, cut);
        // The gain at 0.75 nats is 1: only the server was right. It is worth its price iff that
        // exceeds the round trip.
        let round_trip = closed.offloaded - closed.client_exit;
        let cases = [
            ("{ entropy: 0.75 }".to_owned(), false),
            ("{ entropy: 0.7 }".to_owned(), true),
            ("{ margin: 0.25 }".to_owned(), false),
            ("{ margin: 0.26 }".to_owned(), true),
            (format!("{{ adaptive: {round_trip} ns }}"), false),
            (format!("{{ adaptive: {} ns }}", round_trip + 1), true),
            (format!("{{ deadline: {} ns, entropy: 0.7 }}", closed.offloaded), true),
            (format!("{{ deadline: {} ns, entropy: 0.7 }}", closed.offloaded - 1), false),
            ("{ deadline: 10 s, entropy: 0.75 }".to_owned(), false),
        ];
        for (policy, offloads) in cases {
            let keys = format!("  ood: 0\n  outcomes: {file}\n  offload: {policy}");
            let expected = match offloads {
                true => (Exit::Server, closed.offloaded),
                false => (Exit::Client, closed.client_exit),
            };
            assert_eq!(latency(preset, cut, &keys), expected, "{preset} cut at {cut}: {policy}");
        }
    }
}

#[test]
fn a_policy_cannot_be_fitted_on_a_file_without_validation_samples() {
    let folder = tempfile::tempdir().unwrap();
    let path = outcomes_file(folder.path(), 0.75);
    let mut table = OutcomeTable::read(File::open(&path).unwrap()).unwrap();
    table.validation = vec![vec![false; 2]];
    table.write(File::create(&path).unwrap()).unwrap();
    let yaml = format!(
        "name: lone
model: {{ preset: digits-cnn }}
fleet: [{{ name: pi, count: 1, device: raspberry-pi-4b, access: wifi-home }}]
server: {{ device: edge-gpu-rtx2080 }}
inference: {{ arrivals: {{ poisson: 1 /s }}, duration: 1 s, ood: 0, outcomes: {path}, offload: {{ adaptive: 1 s }} }}
"
    );
    let loaded = splitgp_sim::scenario::parse(&yaml, "test.yaml").unwrap();
    let refused = splitgp_sim::experiment::Experiment::prepare(loaded.scenario).map(|_| ());
    let message = refused.unwrap_err().to_string();
    assert!(message.contains("marks no sample in its array `validation`"), "{message}");
}

/// What was learned by a short training on digits at ρ = 1.
fn learned() -> OutcomeTable {
    let yaml = "name: learned
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet: [{ name: device, count: 4, device: raspberry-pi-4b, access: lan-1g }]
server: { device: edge-gpu-rtx2080 }
training: { method: splitgp, rounds: 6, local_updates: 8, batch_size: 16, learning_rate: 0.05, gamma: 0.5, lambda: 0.2 }
evaluate: { ood: [1], entropy: [1.2] }
";
    run_on(yaml, 2).training.unwrap().outcomes.expect("training is over")
}

#[test]
fn nobody_is_more_accurate_than_the_oracle_on_the_same_requests() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("learned.npz");
    learned().write(File::create(&path).unwrap()).unwrap();
    let accuracy = |policy: &str| {
        let yaml = format!(
            "name: replayed
model: {{ preset: digits-cnn, cut: conv2 }}
fleet: [{{ name: device, count: 8, device: raspberry-pi-4b, access: lan-1g }}]
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ poisson: 20 /s }}
  duration: 10 s
  ood: 1
  outcomes: {}
  offload: {policy}
",
            path.display()
        );
        run_on(&yaml, 1).inference.unwrap().accuracy.unwrap()
    };
    let best = accuracy("oracle");
    for policy in [
        "client-exit",
        "server-exit",
        "client-only",
        "server-only",
        "{ entropy: 0.4 }",
        "{ margin: 0.5 }",
        "{ random: 0.5 }",
        "{ deadline: 20 ms, entropy: 0.4 }",
        "{ adaptive: 100 ms }",
    ] {
        let other = accuracy(policy);
        assert!(best >= other, "{policy}: {other}, the oracle {best}");
    }
    assert!(best > accuracy("client-exit").max(accuracy("server-exit")), "the exits differ");
}

#[test]
fn requests_of_any_policy_are_held_against_a_stated_deadline() {
    // client exit of digits-cnn at conv2: 2·(304,128 + 5,120) FLOP / 1 GFLOP/s = 618,496 ns
    let timeliness = |deadline: u64| {
        let keys = format!(
            "  deadline: {deadline} ns\n  outcomes: {{ client_accuracy: 1, server_accuracy: 1 }}\n  \
             offload: client-exit"
        );
        lone_requests("digits-cnn", "conv2", &keys).timeliness.expect("a deadline is stated")
    };
    let kept = timeliness(618_496);
    assert_eq!((kept.miss_ratio, kept.goodput), (Some(0.0), 1.0), "one answer in 1 s");
    let missed = timeliness(618_495);
    assert_eq!((missed.miss_ratio, missed.goodput), (Some(1.0), 0.0));
}
