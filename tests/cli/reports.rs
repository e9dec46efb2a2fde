//! `report`: one HTML file of what a run has saved.

use crate::support::{Outcome, SMALL, Workplace};
use std::fs;

/// A sweep without training that runs in a moment.
const GRID: &str = "\
name: grid
model: { preset: digits-cnn, cut: conv2 }
fleet:
  - { name: pi, count: 2, device: raspberry-pi-4b, access: wifi-home }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 2 /s }
  duration: 5 s
  outcomes: { client_accuracy: 0.9, server_accuracy: 0.95, offload: 0.3 }
sweep:
  fleet.pi.count: [1, 2, 4]
";

fn good(outcome: &Outcome) {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

fn read(place: &Workplace, name: &str) -> String {
    fs::read_to_string(place.path().join(name)).unwrap()
}

#[test]
fn a_run_leaves_what_its_report_needs_and_reports_are_equal_byte_for_byte() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    good(&place.run(&["run", "small.yaml", "--out", "one"]));
    good(&place.run(&["run", "small.yaml", "--out", "two", "--threads", "1"]));
    assert_eq!(read(&place, "one/scenario.yaml"), SMALL);

    let outcome = place.run(&["report", "one"]);
    good(&outcome);
    assert_eq!(outcome.stdout.trim(), "Written to one/report.html");
    good(&place.run(&["report", "two", "--out", "handed/on.html"]));
    let (one, two) = (read(&place, "one/report.html"), read(&place, "handed/on.html"));
    assert!(one == two, "neither the folder nor the time of a run is in its report");
    for part in
        ["splitgp-sim run scenario.yaml --seed 1", "<h2 id=\"assumptions\">", "local_updates: 2"]
    {
        assert!(one.contains(part), "{part}");
    }
    // The report does not change what is reported on.
    good(&place.run(&["report", "one"]));
    assert!(read(&place, "one/report.html") == one);
}

#[test]
fn a_list_of_methods_and_an_interrupted_run_are_reported() {
    let place = Workplace::new();
    let (training, _) = SMALL.split_once("inference:").unwrap();
    let several = training.replace("{ rounds: 1,", "{ method: [splitgp, fedavg], rounds: 2,");
    place.put("small.yaml", several);
    good(&place.run(&["run", "small.yaml", "--out", "methods", "--stop-after", "1"]));
    good(&place.run(&["report", "methods"]));
    let html = read(&place, "methods/report.html");
    for part in ["Comparison of training methods", "fedavg: The run was interrupted", "--resume"] {
        assert!(html.contains(part), "{part}");
    }
    good(&place.run(&["report", "methods/fedavg"]));
    let html = read(&place, "methods/fedavg/report.html");
    assert!(html.contains(">interrupted</span>") && html.contains("method: [splitgp, fedavg]"));
}

#[test]
fn a_sweep_is_reported_with_its_cells_and_figures() {
    let place = Workplace::new();
    place.put("grid.yaml", GRID);
    good(&place.run(&["sweep", "grid.yaml", "--out", "grid"]));
    good(&place.run(&["report", "grid"]));
    let html = read(&place, "grid/report.html");
    for part in ["3 of 3 cells", "fleet.pi.count", "<figure", "splitgp-sim sweep scenario.yaml"] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn what_cannot_be_reported_on_is_named_with_exit_code_2() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    fs::create_dir(place.path().join("empty")).unwrap();
    let complaint = |arguments: &[&str]| {
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        outcome.stderr
    };
    assert!(complaint(&["report", "missing"]).contains("missing is no folder of a run"));
    assert!(complaint(&["report", "small.yaml"]).contains("small.yaml is no folder of a run"));
    assert!(complaint(&["report", "empty"]).contains("empty holds nothing to report on"));
    place.put("empty/summary.json", "{}");
    assert!(complaint(&["report", "empty"]).contains("summary.json cannot be read"));
    assert!(complaint(&["report", "empty", "--out", "empty"]).contains("empty is no file"));
    assert!(!place.path().join("empty/report.html").exists(), "nothing is left half done");
}
