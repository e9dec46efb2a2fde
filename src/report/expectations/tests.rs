//! Expectations before and after runs.

use super::*;
use crate::experiment::{Experiment, RunSettings};
use crate::scenario;

/// Everything that a summary may have, but training.
const RICH: &str = "\
name: rich
model: { preset: digits-cnn }
fleet:
  - name: pi
    count: 2
    device: { profile: raspberry-pi-4b, power: { busy: 5 W, idle: 2 W, radio: 1 W } }
    access: { rate: 10 Mbit/s, delay: 1 ms, loss: 10%, duplex: half }
  - { name: phone, count: 1, device: phone-mid, attach: ap }
server: { device: edge-gpu-rtx2080, attach: core }
network:
  nodes: [core, ap]
  links: [{ name: backhaul, from: ap, to: core, rate: 20 Mbit/s, delay: 2 ms }]
inference:
  arrivals: { poisson: 20 /s }
  duration: 30 s
  warmup: 1 s
  deadline: 50 ms
  outcomes: { client_accuracy: 0.9, server_accuracy: 0.95, offload: 0.5 }
replications: 2
";

/// A training with several seeds.
const LEARNS: &str = "\
name: learns
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet: [{ name: pi, count: 2, device: raspberry-pi-4b, access: wifi-home }]
server: { device: edge-gpu-rtx2080 }
training:
  { rounds: 1, local_updates: 1, batch_size: 4, learning_rate: 0.05, gamma: 0.5, lambda: 0.2, seeds: [1, 2] }
evaluate: { ood: [0, 0.4], entropy: [1.2], gradient_norm: true }
inference:
  arrivals: { poisson: 2 /s }
  duration: 5 s
  ood: 0.4
  offload: { entropy: 1.2 }
";

fn loaded(yaml: &str, expect: &str) -> LoadedScenario {
    scenario::parse(&format!("{yaml}{expect}"), "t.yaml")
        .unwrap_or_else(|errors| panic!("{errors}"))
}

fn result(yaml: &str) -> RunResult {
    let scenario = loaded(yaml, "").scenario;
    Experiment::prepare(scenario).unwrap().run(RunSettings::default()).unwrap()
}

/// The paths of all figures in `value`.
fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
    for (name, child) in path::children(value) {
        let below = if path.is_empty() { name } else { format!("{path}.{name}") };
        match child.value {
            Value::Object(_) | Value::Array(_) => paths(child.value, &below, found),
            _ => found.push(below),
        }
    }
}

#[test]
fn every_figure_of_a_run_can_be_expected_and_has_its_kind_before_the_run() {
    for yaml in [RICH, LEARNS] {
        let real = summary(&result(yaml));
        let mut all = Vec::new();
        paths(&real, "", &mut all);
        assert!(all.len() > 100, "{}", all.len());
        let blank = summary(&blank::run(&loaded(yaml, "").scenario, &[]));
        for path in all {
            let figure = find(&real, &path).unwrap_or_else(|error| panic!("{path}: {error}"));
            let known = find(&blank, &path).unwrap_or_else(|error| panic!("{path}: {error}"));
            if !figure.value.is_null() {
                assert!(!known.value.is_null(), "{path}");
                assert_eq!(known.kind(), figure.kind(), "{path}");
            }
        }
    }
}

#[test]
fn expectations_are_held_against_the_run_with_their_distance() {
    let expect = "\
expect:
  inference.requests: \"> 0\"
  inference.latency.p99: 1 .. 2 h
  verdict: overloaded
  verdict.station: \"== nobody\"
  stations.pi/0/air.utilisation: \"< 100%\"
  links.backhaul/up.lost: 0
  energy.devices: \"> 1 mJ\"
  inference.deadline.goodput: \"> 1 /s\"
";
    let loaded = loaded(RICH, expect);
    check_expectations(&loaded).unwrap_or_else(|errors| panic!("{errors}"));
    let checked = hold_against(&result(RICH), &loaded.expectations);
    let met: Vec<bool> = checked.iter().map(|checked| checked.met).collect();
    assert_eq!(met, [true, false, false, false, true, true, true, true], "{checked:#?}");
    let missed_by = checked[1].missed_by.expect("a number outside of its band");
    // 1 h = 3600 s is the nearer end.
    assert!((missed_by + checked[1].got.as_f64().unwrap() - 3600.0).abs() < 1e-9);
    assert_eq!(checked[0].line, 21);
    let text = expectations_text(&checked);
    assert!(text.starts_with("Expectations: 5 of 8 met\n"), "{text}");
    assert!(text.contains("  verdict: expected overloaded, got stable\n"), "{text}");
}

#[test]
fn what_cannot_be_expected_is_refused_with_its_place_and_the_nearest_name() {
    let expect = "\
expect:
  inference.latency.p98: \"< 1 s\"
  inference.latency.p99: \"< 5 MB\"
  training.time: \"< 5 s\"
  stations.phone/0/up.utilisation: 0.5
  clients.pi/7.requests: 3
  inference.latency: \"< 1 s\"
";
    insta::assert_snapshot!(check_expectations(&loaded(RICH, expect)).unwrap_err());
}

#[test]
fn several_methods_have_no_single_run_to_expect_anything_of() {
    let methods = LEARNS
        .replace("{ rounds: 1", "{ method: [multi-exit, splitgp], rounds: 1")
        .replace("seeds: [1, 2] ", "");
    let methods = methods.split("inference:").next().unwrap();
    let errors = check_expectations(&loaded(methods, "expect: { training.time: < 1 h }\n"));
    assert!(errors.unwrap_err().to_string().contains("several methods"));
}
