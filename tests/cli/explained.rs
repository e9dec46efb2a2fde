//! `explain` as a user meets it.

use crate::support::Workplace;

const BUSY: &str = "\
name: busy
model: { preset: paper-cnn }
fleet:
  - { name: pi, count: 4, device: raspberry-pi-4b, attach: ap }
server: { device: edge-gpu-rtx2080 }
network:
  nodes: [ap]
  links: [{ from: ap, to: server, rate: 20 Mbit/s, delay: 1 ms, duplex: half }]
inference:
  arrivals: { poisson: 5 /s }
  duration: 20 s
  outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.9 }
";

#[test]
fn the_slowest_requests_are_explained_by_the_air_that_they_wait_for() {
    let place = Workplace::new();
    place.put("busy.yaml", BUSY);
    let told = place.run(&["explain", "busy.yaml"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let text = &told.stdout;
    assert!(text.contains("from p99 on, of busy"), "{text}");
    let position = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} in {text}"));
    assert!(position("uplink queue") < position("device compute"), "{text}");
    assert!(position("link ap-server  ") < position("devices of pi"), "the best first: {text}");
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|widest| widest <= 100), "{text}");
    assert!(!place.path().join("out").exists(), "it writes nothing");
}

#[test]
fn json_adds_up_whatever_the_threads() {
    let place = Workplace::new();
    place.put("busy.yaml", BUSY);
    let options = ["explain", "busy.yaml", "--requests", "p90", "--format", "json"];
    let told = place.run(&[&options[..], &["--threads", "1"]].concat());
    assert_eq!(told.code, 0, "{}", told.stderr);
    let again = place.run(&[&options[..], &["--threads", "4"]].concat());
    assert_eq!(told.stdout, again.stdout);
    let value: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let nanos = |value: &serde_json::Value| value["time_ns"].as_u64().unwrap();
    let parts: u64 = value["critical_path"].as_array().unwrap().iter().map(nanos).sum();
    assert_eq!(parts, nanos(&value));
    let best = &value["twice_as_fast"][0];
    assert_eq!(best["what"], "link ap-server");
    assert!(best["quantile_ns"].as_u64().unwrap() < value["threshold_ns"].as_u64().unwrap());
}

#[test]
fn what_cannot_be_explained_is_bad_input() {
    let place = Workplace::new();
    place.put("busy.yaml", BUSY);
    for (arguments, hint) in [
        (vec!["explain", "."], "give the scenario's file"),
        (vec!["explain", "busy.yaml", "--round", "0"], "has no training"),
        (vec!["explain", "busy.yaml", "--requests", "p42"], "p99"),
    ] {
        let refused = place.run(&arguments);
        assert_eq!(refused.code, 2, "{arguments:?}: {}", refused.stderr);
        assert!(refused.stderr.contains(hint), "{arguments:?}: {}", refused.stderr);
    }
}
