//! Expectations and records as a user meets them.

use crate::support::Workplace;
use std::fs;

/// A scenario that runs in a moment and learns nothing.
const TIMED: &str = "\
name: timed
model: { preset: paper-cnn }
fleet: [{ name: pi, count: 2, device: raspberry-pi-4b, access: { rate: 10 Mbit/s, delay: 1 ms, jitter: { exponential: 1 ms } } }]
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 5 /s }
  duration: 20 s
  outcomes: { client_accuracy: 0.9, server_accuracy: 0.95, offload: 0.5 }
";

/// The same with expectations.
fn expecting(lines: &str) -> String {
    format!("{TIMED}expect:\n{lines}")
}

#[test]
fn a_run_that_is_as_expected_ends_well_and_lists_its_expectations() {
    let place = Workplace::new();
    let scenario = expecting("  inference.latency.p99: \"< 1 s\"\n  verdict: stable\n");
    let outcome = place.put("timed.yaml", scenario).run(&["run", "timed.yaml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("Expectations: 2 of 2 met"), "{}", outcome.stdout);
    let summary = fs::read_to_string(place.path().join("out/timed/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["expectations"][1]["got"], "stable");
    assert_eq!(summary["expectations"][0]["met"], true);
}

#[test]
fn a_run_that_is_not_as_expected_writes_its_results_and_ends_with_1() {
    let place = Workplace::new();
    let scenario = expecting("  inference.latency.p99: \"< 1 us\"\n  inference.dropped: 0\n");
    let outcome = place.put("timed.yaml", scenario).run(&["run", "timed.yaml"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("Expectations: 1 of 2 met"), "{}", outcome.stdout);
    let line = "inference.latency.p99: expected < 1 us, got 0.";
    assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("off by 0."), "{}", outcome.stdout);
    assert!(place.path().join("out/timed/requests.csv").is_file());
}

#[test]
fn an_expectation_of_another_dimension_is_found_before_the_run() {
    let place = Workplace::new();
    place.put("timed.yaml", expecting("  inference.latency.p99: \"< 5 MB\"\n"));
    for command in ["run", "validate", "check"] {
        let outcome = place.run(&[command, "timed.yaml"]);
        assert_eq!(outcome.code, 2, "{command}");
        let told = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(told.contains("timed.yaml:10:26: expect.inference.latency.p99: `5 MB`"), "{told}");
        assert!(!place.path().join("out").exists());
    }
}

#[test]
fn a_scenario_without_a_record_is_refused_by_name_and_listed_in_a_folder() {
    let place = Workplace::new();
    place.put("timed.yaml", TIMED);
    for path in ["timed.yaml", "."] {
        let outcome = place.run(&["check", path]);
        assert_eq!(outcome.code, 1, "{path}");
        assert!(outcome.stdout.contains("--bless"), "{}", outcome.stdout);
    }
    assert_eq!(place.run(&["check", "timed.yaml", "--bless"]).code, 0);
    place.put("another.yaml", TIMED);
    let outcome = place.run(&["check", "."]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.contains("2 scenarios: 1 ok, 1 unrecorded"), "{}", outcome.stdout);
}

#[test]
fn a_record_is_the_same_whenever_it_is_made_and_on_any_threads() {
    let place = Workplace::new();
    let record = |threads: &str| {
        let outcome = place.run(&["check", "timed.yaml", "--bless", "--threads", threads]);
        assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
        ["timed.check.json", "timed.check.events.gz"]
            .map(|name| fs::read(place.path().join(name)).unwrap())
    };
    place.put("timed.yaml", TIMED);
    let first = record("1");
    assert_eq!(first, record("8"));
    assert!(first[1].len() < 60_000, "{} bytes of events", first[1].len());
    assert_eq!(place.run(&["check", "timed.yaml"]).code, 0);
}

#[test]
fn a_change_is_named_from_its_cause_to_the_first_event_and_the_figures() {
    let place = Workplace::new();
    place.put("timed.yaml", TIMED).run(&["check", "timed.yaml", "--bless"]);
    place.put("timed.yaml", TIMED.replace("rate: 10 Mbit/s", "rate: 9 Mbit/s"));
    let outcome = place.run(&["check", "timed.yaml"]);
    assert_eq!(outcome.code, 1);
    let told = &outcome.stdout;
    let in_order = [
        "changed    timed.yaml",
        "The scenario changed:",
        "fleet[0].access.rate: 10 Mbit/s → 9 Mbit/s",
        "Changed: times",
        "First event that differs: ",
        "- event ",
        "+ event ",
        "inference.latency_s.mean",
        "splitgp-sim check timed.yaml --bless",
    ];
    let mut rest = told.as_str();
    for part in in_order {
        let at = rest.find(part).unwrap_or_else(|| panic!("`{part}` is not in order in {told}"));
        rest = &rest[at..];
    }

    let blessed = place.run(&["check", "timed.yaml", "--bless"]);
    assert_eq!(blessed.code, 0);
    assert!(blessed.stdout.contains("9 Mbit/s"), "blessing prints what changed");
    assert_eq!(place.run(&["check", "timed.yaml"]).code, 0);
}

#[test]
fn a_comment_changes_nothing_and_a_file_that_is_named_counts() {
    let place = Workplace::new();
    let traced = TIMED.replace("{ poisson: 5 /s }", "{ trace: arrivals.csv }");
    place.put("arrivals.csv", "time_s\n1\n2\n").put("timed.yaml", &traced);
    assert_eq!(place.run(&["check", "timed.yaml", "--bless"]).code, 0);
    place.put("timed.yaml", format!("# A comment.\n{traced}"));
    assert_eq!(place.run(&["check", "timed.yaml"]).code, 0);
    place.put("arrivals.csv", "time_s\n1\n3\n");
    let outcome = place.run(&["check", "timed.yaml"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("names changed: arrivals.csv"), "{}", outcome.stdout);
}

#[test]
fn what_is_learned_is_the_same_trained_and_looked_up() {
    let place = Workplace::new();
    place.put("small.yaml", crate::support::SMALL);
    assert_eq!(place.run(&["check", "small.yaml", "--bless"]).code, 0);
    let outcome = place.run(&["check", "small.yaml"]);
    assert_eq!(outcome.code, 0, "looked up: {}", outcome.stdout);
    let outcome = place.run(&["check", "small.yaml", "--cache", "elsewhere"]);
    assert_eq!(outcome.code, 0, "trained again: {}", outcome.stdout);
}

#[test]
fn missed_expectations_fail_a_check_whose_run_is_as_recorded() {
    let place = Workplace::new();
    place.put("timed.yaml", TIMED).run(&["check", "timed.yaml", "--bless"]);
    place.put("timed.yaml", expecting("  inference.dropped: 7\n"));
    let outcome = place.run(&["check", "timed.yaml", "--format", "github"]);
    assert_eq!(outcome.code, 1);
    let annotation = "::error file=timed.yaml,line=10,title=not as expected::inference.dropped: \
                      expected 7, got 0, off by 7";
    assert!(outcome.stdout.contains(annotation), "{}", outcome.stdout);
}

#[test]
fn damaged_records_and_wrong_scenarios_are_invalid_and_do_not_hide_the_others() {
    let place = Workplace::new();
    place.put("timed.yaml", TIMED).put("other.yaml", TIMED);
    assert_eq!(place.run(&["check", ".", "--bless"]).code, 0);
    place.put("timed.check.events.gz", "no gzip");
    place.put("wrong.yaml", "name: wrong\n");
    let outcome = place.run(&["check", ".", "wrong.yaml", "--format", "json"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    let findings: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let states: Vec<&str> = findings
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["outcome"]["state"].as_str().unwrap())
        .collect();
    assert_eq!(states[..2], ["same", "invalid"]);
    let junit = place.run(&["check", ".", "--format", "junit"]).stdout;
    assert!(junit.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"), "{junit}");
    assert!(place.run(&["check", "timed.yaml", "--bless"]).code == 0, "blessing mends it");
}
