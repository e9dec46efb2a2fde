use crate::scenario::Document;
use insta::assert_snapshot;

const BASE: &str = "\
name: t
model: { preset: paper-cnn }
fleet:
  - { name: pi, count: 1, device: raspberry-pi-4b, access: lte }
  - { name: phone, count: 2, device: phone-mid, access: lte }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 2 /s }
  duration: 60 s
  warmup: 5 s
  outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }
";

fn document(sweep: &str) -> Document {
    Document::parse(&format!("{BASE}sweep:\n{sweep}"), "t.yaml").unwrap()
}

/// Each cell's values, one cell a line.
fn grid(sweep: &str) -> String {
    let sweep = document(sweep).decode().unwrap_or_else(|errors| panic!("{errors}")).sweep.unwrap();
    let cell = |index| {
        let texts: Vec<String> =
            sweep.values(index).into_iter().map(|(_, value)| value.text()).collect();
        texts.join(" | ")
    };
    (0..sweep.cells()).map(cell).collect::<Vec<_>>().join("\n")
}

fn refusal(sweep: &str) -> String {
    document(sweep).decode().unwrap_err().to_string()
}

/// What is wrong with the first cell.
fn cell_refusal(sweep: &str) -> String {
    let document = document(sweep);
    let sweep = document.decode().unwrap_or_else(|errors| panic!("{errors}")).sweep.unwrap();
    document.cell(&sweep, 0).and_then(|cell| cell.decode()).unwrap_err().to_string()
}

#[test]
fn the_last_key_changes_fastest() {
    assert_snapshot!(grid("  fleet.pi.count: [1, 2]\n  inference.duration: [1 min, 2 min, 90 s]\n"), @r"
    1 | 1 min
    1 | 2 min
    1 | 90 s
    2 | 1 min
    2 | 2 min
    2 | 90 s
    ");
}

#[test]
fn keys_joined_by_a_comma_move_together() {
    assert_snapshot!(grid("  fleet.pi.count, fleet.phone.count: [[1, 2], [10, 20]]\n"), @r"
    1 | 2
    10 | 20
    ");
}

#[test]
fn a_range_has_both_ends_and_equal_steps_or_ratios() {
    assert_snapshot!(grid("  inference.outcomes.offload: { from: 0, to: 1, steps: 5 }\n"), @r"
    0
    0.25
    0.5
    0.75
    1
    ");
    assert_snapshot!(grid("  fleet.pi.count: { from: 2, to: 9, by: 3 }\n"), @r"
    2
    5
    8
    ");
    // 0.1 + 2 · 0.1 is 0.30000000000000004 in binary
    assert_snapshot!(grid("  inference.outcomes.offload: { from: 0.1, to: 0.3, by: 0.1 }\n"), @r"
    0.1
    0.2
    0.3
    ");
    assert_snapshot!(
        grid("  server.device.rate: { from: 1 GFLOP/s, to: 100 GFLOP/s, steps: 3, scale: log }\n"), @r"
    1 GFLOP/s
    10 GFLOP/s
    100 GFLOP/s
    ");
}

#[test]
fn values_may_be_words_lists_and_mappings() {
    assert_snapshot!(grid("  server.queue: [fifo, { batch: { max: 8, wait: 5 ms } }]\n"), @r"
    fifo
    {batch: {max: 8, wait: 5 ms}}
    ");
}

#[test]
fn a_cell_is_the_scenario_with_its_values() {
    let document = document("  fleet.pi.count: [3]\n  server.device.rate: [7 GFLOP/s]\n");
    let sweep = document.decode().unwrap().sweep.unwrap();
    let cell = document.cell(&sweep, 0).unwrap().decode().unwrap();
    assert_eq!(cell.scenario.fleet[0].count, 3);
    assert_eq!(cell.scenario.fleet[1].count, 2, "the others stay");
    assert_eq!(cell.scenario.server.device.rate.0.get(), 7_000_000_000);
    assert!(cell.sweep.is_none());
    assert_eq!(document.decode().unwrap().scenario.fleet[0].count, 1, "the base stays");
}

#[test]
fn a_wrong_value_is_shown_where_the_sweep_states_it() {
    assert_snapshot!(cell_refusal("  inference.duration: [10 MB, 20 s]\n"), @r"
    t.yaml:13:24: inference.duration: `MB` is not a unit of a duration; did you mean `ms`? (allowed: ns, us, µs, μs, ms, s, min, h)
     13 |   inference.duration: [10 MB, 20 s]
        |                        ^
    ");
    assert_snapshot!(cell_refusal("  fleet.pi.count: { from: 1, to: 2, steps: 3, scale: log }\n  inference.duration: [1 s]\n"), @r"
    t.yaml:10:11: inference.warmup: must be shorter than `duration`, or no request is measured
     10 |   warmup: 5 s
        |           ^
    ");
}

#[test]
fn an_unknown_path_gets_the_nearest_name() {
    assert_snapshot!(cell_refusal("  fleet.pie.count: [1]\n"), @r"
    t.yaml:13:3: sweep.fleet.pie.count: `fleet` has no item named `pie`; did you mean `pi`? (there are: pi, phone)
     13 |   fleet.pie.count: [1]
        |   ^
    ");
    assert_snapshot!(cell_refusal("  infrence.duration: [10 s]\n"), @r"
    t.yaml:13:3: infrence: `infrence` is not a key; did you mean `inference`? (allowed: name, seed, model, data, fleet, server, network, training, inference, evaluate, output, replications, sweep, expect)
     13 |   infrence.duration: [10 s]
        |   ^
    ");
    assert_snapshot!(cell_refusal("  server.worker: [1]\n"), @r"
    t.yaml:13:3: server.worker: `worker` is not a key; did you mean `workers`? (allowed: device, workers, queue, priority, buffer, attach)
     13 |   server.worker: [1]
        |   ^
    ");
}

#[test]
fn a_malformed_sweep_is_refused() {
    assert_snapshot!(refusal("  a.b: 5\n  c: []\n  d: { from: 1, to: 3 }\n"), @r"
    t.yaml:13:8: sweep.a.b: expected a list of values, or a range `{ from: , to: , steps: }`, got `5`
     13 |   a.b: 5
        |        ^
    t.yaml:14:3: sweep.c: has no value
     14 |   c: []
        |   ^
    t.yaml:15:3: sweep.d: a range has either `steps` or `by`
     15 |   d: { from: 1, to: 3 }
        |   ^
    ");
    assert_snapshot!(refusal("  a: { from: 1 s, to: 3 ms, steps: 2 }\n  b: { from: 3, to: 1, steps: 2 }\n"), @r"
    t.yaml:13:23: sweep.a.to: `3 ms` and `from`, `1 s`, differ in their units; write all of a range in one
     13 |   a: { from: 1 s, to: 3 ms, steps: 2 }
        |                       ^
    t.yaml:14:21: sweep.b.to: must be larger than `from`; list other orders
     14 |   b: { from: 3, to: 1, steps: 2 }
        |                     ^
    ");
    assert_snapshot!(refusal("  a: { from: 0, to: 1, by: 0.0001 }\n  b: { from: 0, to: 1, steps: 3, scale: log }\n"), @r"
    t.yaml:13:28: sweep.a.by: must be above zero and give at most 1000 values, got `0.0001`
     13 |   a: { from: 0, to: 1, by: 0.0001 }
        |                            ^
    t.yaml:14:14: sweep.b.from: a logarithmic scale begins above zero
     14 |   b: { from: 0, to: 1, steps: 3, scale: log }
        |              ^
    ");
    assert_snapshot!(refusal("  a, a: [[1, 2]]\n  b, c: [[1], [1, 2]]\n"), @r"
    t.yaml:13:3: sweep.a, a: `a` is swept twice
     13 |   a, a: [[1, 2]]
        |   ^
    t.yaml:14:10: sweep.b, c[0]: has 1 values for the 2 keys that move together
     14 |   b, c: [[1], [1, 2]]
        |          ^
    ");
    assert_snapshot!(
        refusal("  a: { from: 1, to: 1000, by: 1 }\n  b: { from: 1, to: 1000, by: 1 }\n"), @r"
    t.yaml:12:1: sweep: has 1000000 cells; at most 10000 are run
     12 | sweep:
        | ^
    ");
}

#[test]
fn a_policy_and_its_option_both_reach_their_cell_in_either_order() {
    let keys =
        ["  inference.offload.deadline: [100 ms]\n", "  inference.offload.entropy: [0.25]\n"];
    for order in [[0, 1], [1, 0]] {
        let text = BASE.replace(
            "outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }",
            "ood: 0.5\n  outcomes: replayed.npz\n  offload: { entropy: 1 }",
        );
        let sweep: String = order.map(|key| keys[key]).concat();
        let document = Document::parse(&format!("{text}sweep:\n{sweep}"), "t.yaml").unwrap();
        let sweep = document.decode().unwrap_or_else(|errors| panic!("{errors}")).sweep.unwrap();
        let cell = document.cell(&sweep, 0).and_then(|cell| cell.decode());
        let scenario = cell.unwrap_or_else(|errors| panic!("{errors}")).scenario;
        let offload = scenario.inference.unwrap().offload;
        let crate::scenario::OffloadSpec::Deadline(spec) = offload else { panic!("{offload:?}") };
        assert_eq!((spec.limit.as_nanos(), spec.entropy), (100_000_000, Some(0.25)));
    }
}
