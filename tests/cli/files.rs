//! What `run` writes.

use crate::support::{SMALL, Workplace};
use std::fs;

/// `summary.json` without its only line that may differ.
fn without_wall_time(summary: &str) -> String {
    let (wall, rest): (Vec<&str>, Vec<&str>) =
        summary.lines().partition(|line| line.contains("wall_time_s"));
    assert_eq!(wall.len(), 1, "one line holds the wall time");
    rest.join("\n")
}

#[test]
fn a_run_writes_its_results_under_out() {
    let place = Workplace::new();
    let outcome = place.put("small.yaml", SMALL).run(&["run", "small.yaml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.stderr, "", "no terminal, no progress");
    assert!(outcome.stdout.contains("Fingerprint"), "{}", outcome.stdout);
    let out = place.path().join("out/small");
    for name in ["summary.json", "requests.csv", "rounds.csv", "accuracy.csv"] {
        assert!(out.join(name).is_file(), "{name}");
    }
    for figure in [
        "accuracy_by_ood",
        "accuracy_over_time",
        "accuracy_over_bytes",
        "accuracy_over_clients",
        "offloading",
        "requests_over_time",
        "latency_cdf",
        "latency_breakdown",
        "round_timeline",
    ] {
        for extension in ["svg", "png", "csv"] {
            assert!(out.join(format!("{figure}.{extension}")).is_file(), "{figure}.{extension}");
        }
    }
    let header = fs::read_to_string(out.join("requests.csv")).unwrap();
    assert_eq!(
        header.lines().next(),
        Some(
            "request,client,class,arrival_ns,sample,ood,exit,correct,outcome,device_wait_ns,\
             device_service_ns,uplink_wait_ns,uplink_service_ns,uplink_propagation_ns,\
             server_wait_ns,server_service_ns,downlink_wait_ns,downlink_service_ns,\
             downlink_propagation_ns,done_ns"
        )
    );
}

#[test]
fn threads_change_no_byte_of_the_summary() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    let summaries = ["1", "2"].map(|threads| {
        let outcome =
            place.run(&["run", "small.yaml", "--fresh", "--threads", threads, "--out", threads]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let summary = fs::read_to_string(place.path().join(threads).join("summary.json")).unwrap();
        without_wall_time(&summary)
    });
    assert_eq!(summaries[0], summaries[1]);
}

#[test]
fn several_methods_get_a_folder_each_and_a_comparison() {
    let place = Workplace::new();
    let methods = "\
name: methods
model: { preset: digits-cnn }
data: { source: digits }
fleet: [{ name: pi, count: 2, device: raspberry-pi-4b, access: lte }]
server: { device: edge-gpu-rtx2080 }
training:
  { method: [multi-exit, local], rounds: 1, local_updates: 1, batch_size: 8, learning_rate: 0.05, gamma: 0.5 }
evaluate: { ood: [0, 0.4], entropy: [1.2] }
";
    let outcome = place.put("methods.yaml", methods).run(&["run", "methods.yaml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    for row in ["multi-exit    client exit", "multi-exit    server exit", "local"] {
        assert!(outcome.stdout.contains(row), "{row} in {}", outcome.stdout);
    }
    let out = place.path().join("out/methods");
    for file in
        ["methods.csv", "accuracy_by_method.svg", "local/summary.json", "multi-exit/rounds.csv"]
    {
        assert!(out.join(file).is_file(), "{file}");
    }
    let summary = fs::read_to_string(out.join("local/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["training"]["method"], "local");
    assert_eq!(summary["training"]["bytes"]["up"], 0);
    let accuracy = &summary["training"]["accuracy"][0];
    assert!(accuracy["client_exit"].is_null() && accuracy["server_exit"].is_null());
    assert!(accuracy["full"]["mean"].as_f64().is_some());

    let outcome = place.run(&["validate", "methods.yaml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("With `local`"), "{}", outcome.stdout);
}

#[test]
fn a_seed_on_the_command_line_replaces_the_scenarios() {
    let place = Workplace::new();
    let outcome =
        place.put("small.yaml", SMALL).run(&["run", "small.yaml", "--seed", "9", "--out", "o"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let summary = fs::read_to_string(place.path().join("o/summary.json")).unwrap();
    assert!(summary.contains("\"seed\": 9"), "{summary}");
}

#[test]
fn a_valid_scenario_is_described_without_a_run() {
    let place = Workplace::new();
    let outcome = place.put("small.yaml", SMALL).run(&["validate", "small.yaml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    insta::assert_snapshot!(outcome.stdout);
    assert!(!place.path().join("out").exists());
}

#[test]
fn an_overload_is_announced_before_the_run() {
    let place = Workplace::new();
    let busy = "\
name: busy
model: { preset: paper-cnn }
fleet: [{ name: zero, count: 1, device: raspberry-pi-zero-2w, access: lan-1g }]
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { periodic: 100 ms }
  duration: 1 s
  outcomes: { client_accuracy: 0.9, server_accuracy: 0.9, offload: 0 }
";
    let outcome = place.put("busy.yaml", busy).run(&["run", "busy.yaml"]);
    assert_eq!(outcome.code, 0);
    // 43,849,728 FLOP / 0.4 GFLOP/s = 109.6 ms a request, ten requests a second
    insta::assert_snapshot!(outcome.stderr, @"warning: device of every 'zero' is offered a load of 1.10: its queue grows while requests arrive");
}
