//! What `validate --graph` draws.

use crate::support::{SMALL, Workplace};
use std::fs;

#[test]
fn the_extension_says_what_is_drawn_and_a_folder_gets_both() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    fs::create_dir(place.path().join("there")).unwrap();
    for (path, files) in [
        ("network.dot", vec!["network.dot"]),
        ("new/network.svg", vec!["new/network.svg"]),
        ("there", vec!["there/topology.dot", "there/topology.svg"]),
        ("missing", vec!["missing/topology.dot", "missing/topology.svg"]),
    ] {
        let outcome = place.run(&["validate", "small.yaml", "--graph", path]);
        assert_eq!(outcome.code, 0, "{path}: {}", outcome.stderr);
        for file in files {
            let drawn = fs::read_to_string(place.path().join(file)).unwrap();
            let start = if file.ends_with("dot") { "digraph" } else { "<svg" };
            assert!(drawn.starts_with(start), "{file}");
            assert!(drawn.contains("pi × 5"), "{file} names the class");
            assert!(outcome.stdout.contains("Network drawn in "), "{}", outcome.stdout);
        }
    }
    assert!(!place.path().join("network.svg").exists(), "one file was asked for");
}

#[test]
fn another_extension_and_several_scenarios_are_refused() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    let outcome = place.run(&["validate", "small.yaml", "--graph", "network.png"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome.stderr, @"error: --graph cannot draw network.png: it writes a file that ends in .dot or .svg, or both into a folder");
    let outcome = place.run(&["validate", "small.yaml", "small.yaml", "--graph", "network.svg"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome.stderr, @"error: --graph draws the network of one scenario, not of 2");
    assert!(!place.path().join("network.svg").exists());
}

#[test]
fn a_refused_scenario_is_not_drawn() {
    let place = Workplace::new();
    place.put("bad.yaml", "name: bad\n");
    let outcome = place.run(&["validate", "bad.yaml", "--graph", "network.svg"]);
    assert_eq!(outcome.code, 2);
    assert!(!place.path().join("network.svg").exists());
}
