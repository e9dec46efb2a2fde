//! `bounds`: what it prints and writes.

use crate::support::{SMALL, Workplace};
use std::path::Path;

fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    path.display().to_string()
}

#[test]
fn where_to_cut_is_told_without_flattering_splitgp() {
    let place = Workplace::new();
    let outcome = place.run(&["bounds", &shipped("where-to-cut.yaml"), "--out", "here"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    // 784 / 50,176
    assert!(outcome.stdout.contains("d/q = 1.562 %"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("server-only is faster from β = 0.2447 on"));
    assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 100), "{}", outcome.stdout);
    for file in ["bounds.csv", "bounds-pi.svg", "bounds-phone.png", "bounds-meter.csv"] {
        assert!(place.path().join("here").join(file).exists(), "{file}");
    }
    let rows = std::fs::read_to_string(place.path().join("here/bounds.csv")).unwrap();
    assert_eq!(rows.lines().count(), 1 + 3 * 7, "three classes, seven cuts");
}

#[test]
fn the_map_of_regimes_is_two_figures_and_their_cells() {
    let place = Workplace::new();
    let outcome = place.run(&["bounds", &shipped("regimes.yaml"), "--regimes", "--out", "here"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    for file in ["regimes.csv", "regimes-alone.svg", "regimes-fleet.png"] {
        assert!(place.path().join("here").join(file).exists(), "{file}");
    }
    let rows = std::fs::read_to_string(place.path().join("here/regimes.csv")).unwrap();
    assert_eq!(rows.lines().count(), 1 + 13 * 13);
}

#[test]
fn a_cut_that_was_not_trained_has_an_assumed_fraction() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    let outcome = place.run(&["bounds", "small.yaml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let assumed = outcome.stdout.lines().filter(|line| line.contains("assumed")).count();
    // digits-cnn can be cut at conv1, conv2, conv3 and fc1, and one of them was trained
    assert_eq!(assumed, 3, "{}", outcome.stdout);
    let outcome = place.run(&["bounds", "small.yaml", "--train-cuts"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(!outcome.stdout.contains("assumed"), "{}", outcome.stdout);
}

#[test]
fn a_scenario_that_has_no_map_is_refused_with_its_place() {
    let place = Workplace::new();
    let outcome = place.run(&["bounds", &shipped("where-to-cut.yaml"), "--regimes"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("a single device class"), "{}", outcome.stderr);
}
