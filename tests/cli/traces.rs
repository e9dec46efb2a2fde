//! `run --trace`: where it is written, and what it refuses.

use crate::support::Workplace;

const PLAIN: &str = "\
name: plain
model: { preset: paper-cnn }
fleet:
  - { name: pi, count: 2, device: raspberry-pi-4b, access: wifi-home }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 2 /s }
  duration: 5 s
  outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }
";

#[test]
fn a_trace_lies_with_the_results_and_goes_with_them() {
    let place = Workplace::new();
    place.put("plain.yaml", PLAIN);
    let traced = place.run(&["run", "plain.yaml", "--trace"]);
    assert_eq!(traced.code, 0, "{}", traced.stderr);
    assert!(traced.stdout.contains("flows in out/plain/trace.json"), "{}", traced.stdout);
    let path = place.path().join("out/plain/trace.json");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("{\"displayTimeUnit\":\"ns\",\"traceEvents\":["), "{text}");
    assert_eq!(place.run(&["run", "plain.yaml"]).code, 0);
    assert!(!path.exists(), "the folder is one run's");
}

#[test]
fn a_traces_name_and_limits_are_checked_before_the_run() {
    let place = Workplace::new();
    place.put("plain.yaml", PLAIN);
    for (options, hint) in [
        (vec!["--trace", "plain.yaml"], "ends with .json"),
        (vec!["--trace", "nowhere/trace.json"], "nowhere/trace.json"),
        (vec!["--trace", "--trace-window", "5s"], "0s..5s"),
        (vec!["--trace", "--trace-clients", "pi/7"], "pi/0"),
        (vec!["--trace-window", "0s..5s"], "--trace"),
    ] {
        let mut arguments = vec!["run", "plain.yaml"];
        arguments.extend(options);
        let refused = place.run(&arguments);
        assert_eq!(refused.code, 2, "{arguments:?}: {}", refused.stderr);
        assert!(refused.stderr.contains(hint), "{arguments:?}: {}", refused.stderr);
        assert!(!place.path().join("out/plain/summary.json").exists(), "{arguments:?} has run");
    }
    let still = std::fs::read_to_string(place.path().join("plain.yaml")).unwrap();
    assert_eq!(still, PLAIN, "the scenario is not overwritten");
}
