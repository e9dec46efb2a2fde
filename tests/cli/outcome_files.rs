//! Outcomes as files: written by a run, by NumPy or by hand, and replayed by any fleet.

use crate::support::{SMALL, Workplace};
use std::fs;
use std::process::Command;

/// Five trained clients' outcomes answer seven devices.
const REPLAY: &str = "\
name: replay
model: { preset: digits-cnn, cut: conv2 }
fleet:
  - { name: pi, count: 7, device: raspberry-pi-4b, access: wifi-home }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 2 /s }
  duration: 10 s
  ood: 0.4
  offload: { entropy: 1.2 }
  outcomes: trained.npz
";

/// The export of `docs/outcomes.md`, from a stand-in for a network's answers.
fn documented_export() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/outcomes.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once("```python\n").expect("the page has an example");
    rest.split_once("```").expect("the example ends").0.to_owned()
}

#[test]
fn a_runs_outcomes_are_replayed_by_a_larger_fleet_without_data_or_training() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL).put("replay.yaml", REPLAY);
    assert_eq!(place.run(&["run", "small.yaml"]).code, 0);
    let trained = place.path().join("out/small/outcomes.npz");
    fs::copy(trained, place.path().join("trained.npz")).unwrap();
    let outcome = place.run(&["run", "replay.yaml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let requests = fs::read_to_string(place.path().join("out/replay/requests.csv")).unwrap();
    assert!(requests.contains(",pi/6,"), "the seventh device asks too:\n{requests}");
    let sampled = requests.lines().skip(1).all(|row| !row.split(',').nth(4).unwrap().is_empty());
    assert!(sampled, "every request is a test sample:\n{requests}");
}

#[test]
fn a_file_that_cannot_be_used_is_refused_at_its_key_with_the_reason() {
    let place = Workplace::new();
    place.put("replay.yaml", REPLAY);
    let missing = place.run(&["run", "replay.yaml"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("inference.outcomes"), "{}", missing.stderr);
    assert!(missing.stderr.contains("cannot be read"), "{}", missing.stderr);
    place.put("trained.npz", "not an archive");
    let wrong = place.run(&["run", "replay.yaml"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("no npz file"), "{}", wrong.stderr);
}

#[test]
fn the_documented_numpy_export_is_replayed() {
    let place = Workplace::new();
    place.put("export.py", documented_export()).put("replay.yaml", REPLAY);
    let has_numpy = Command::new("python3").args(["-c", "import numpy"]).output();
    if !has_numpy.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no python3 with numpy here");
        return;
    }
    let export = Command::new("python3").arg("export.py").current_dir(place.path()).output();
    let export = export.unwrap();
    assert!(export.status.success(), "{}", String::from_utf8_lossy(&export.stderr));
    fs::rename(place.path().join("outcomes.npz"), place.path().join("trained.npz")).unwrap();
    let outcome = place.run(&["run", "replay.yaml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}
