//! What holds for every drawn network.

use super::*;
use crate::scenario::{self, Scenario};
use std::fmt::Write as _;
use std::path::Path;

/// A scenario with this `fleet` and `network` (YAML).
fn scenario(fleet: &str, network: &str) -> Scenario {
    let text = format!(
        "name: drawn\nmodel: {{ preset: paper-cnn }}\nserver: {{ device: edge-gpu-rtx2080 }}\n\
         inference: {{ arrivals: {{ periodic: 1 s }}, duration: 1 s, outcomes: \
         {{ client_accuracy: 0.9, server_accuracy: 0.9, offload: 0 }} }}\n\
         fleet:\n{fleet}network:\n{network}"
    );
    scenario::parse(&text, "drawn.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario
}

/// Each kind of link and place: shared air, a route of two links, a one-way satellite, different
/// directions, a ring, a node that nothing leads to.
fn varied() -> Scenario {
    scenario(
        "  - { name: tablet, count: 8, device: phone-mid, attach: ap }\n\
         \x20 - { name: far, count: 2, device: phone-mid, attach: b, access: { up: 1 Mbit/s, down: 8 Mbit/s, delay: 35 ms } }\n\
         \x20 - { name: ap, count: 1, device: phone-mid, access: wifi-home }\n",
        "  nodes: [ap, b, alone]\n\
         \x20 links:\n\
         \x20   - { from: ap, to: server, rate: 20 Mbit/s, delay: 5 ms, discipline: fair, duplex: half }\n\
         \x20   - { from: b, to: server, rate: 1 Gbit/s, delay: 1500 us }\n\
         \x20   - { from: ap, to: b, rate: 1 Gbit/s, delay: 10 ms }\n\
         \x20   - { name: satellite, from: server, to: b, rate: 1 Mbit/s, delay: 250 ms, duplex: simplex }\n",
    )
}

/// Thirty classes on three access points and the server itself.
fn many() -> Scenario {
    let mut fleet = String::new();
    for class in 0..30 {
        let attach = ["ap-0", "ap-1", "ap-2", "server"][class % 4];
        writeln!(
            fleet,
            "  - {{ name: class-{class}, count: {}, device: phone-mid, access: lte, attach: {attach} }}",
            class + 1
        )
        .unwrap();
    }
    scenario(
        &fleet,
        "  nodes: [ap-0, ap-1, ap-2, hub]\n\
         \x20 links:\n\
         \x20   - { from: ap-0, to: hub, rate: 1 Gbit/s, delay: 1 ms }\n\
         \x20   - { from: ap-1, to: hub, rate: 1 Gbit/s, delay: 1 ms }\n\
         \x20   - { from: ap-2, to: hub, rate: 1 Gbit/s, delay: 1 ms }\n\
         \x20   - { from: hub, to: server, rate: 10 Gbit/s, delay: 1 ms }\n",
    )
}

fn shipped(name: &str) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    scenario::load(&folder.join(name)).unwrap_or_else(|errors| panic!("{errors}")).scenario
}

fn all() -> Vec<Scenario> {
    let names = ["quickstart.yaml", "shared-wifi.yaml", "two-cells.yaml"];
    names.map(shipped).into_iter().chain([varied(), many()]).collect()
}

fn written(
    scenario: &Scenario,
    write: fn(&NetworkGraph<'_>, &OutputFolder, &str) -> Result<PathBuf, ReportError>,
) -> String {
    let root = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(root.path()).unwrap();
    let path = write(&NetworkGraph::of(scenario), &folder, "topology").unwrap();
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn dot_says_all_that_is_not_the_default() {
    insta::assert_snapshot!(written(&varied(), write_dot), @r#"
    digraph "drawn" {
      rankdir=LR;
      node [shape=box, style=rounded, fontname="sans-serif"];
      edge [dir=none, fontname="sans-serif"];
      "node/server" [label="edge server", style="rounded,bold"];
      "node/ap" [label="ap"];
      "node/b" [label="b"];
      "node/alone" [label="alone"];
      "class/tablet" [label="tablet × 8"];
      "class/far" [label="far × 2"];
      "class/ap" [label="ap × 1"];
      "node/ap" -> "node/server" [label="ap-server\n20 Mbit/s, 5 ms, fair\nhalf duplex"];
      "node/b" -> "node/server" [label="b-server\n1 Gbit/s, 1.5 ms"];
      "node/ap" -> "node/b" [label="ap-b\n1 Gbit/s, 10 ms"];
      "node/b" -> "node/server" [label="satellite\n1 Mbit/s, 250 ms\nonly to b", dir=back];
      "class/tablet" -> "node/ap" [label="", style=dashed];
      "class/far" -> "node/b" [label="up 1 Mbit/s, 35 ms\ndown 8 Mbit/s, 35 ms"];
      "class/ap" -> "node/server" [label="up 26.9 Mbit/s, 5 ms\ndown 35.4 Mbit/s, 5 ms"];
    }
    "#);
}

#[test]
fn svg_names_every_vertex_and_link_and_has_only_finite_coordinates() {
    for scenario in all() {
        let svg = written(&scenario, write_svg);
        for class in &scenario.fleet {
            let label = format!("{} × {}", class.name, class.count);
            assert!(svg.contains(&label), "{} lacks {label}", scenario.name);
        }
        for name in scenario.network.links.iter().map(|link| &link.name) {
            assert!(svg.contains(name.as_str()), "{} lacks {name}", scenario.name);
        }
        assert!(svg.contains("edge server"), "{}", scenario.name);
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", scenario.name);
        assert!(!svg.contains("=\"-"), "{}: a coordinate is off the canvas", scenario.name);
    }
}

#[test]
fn drawings_are_equal_byte_for_byte() {
    for scenario in all() {
        for write in [write_dot, write_svg] {
            assert_eq!(written(&scenario, write), written(&scenario, write), "{}", scenario.name);
        }
    }
}

#[test]
fn no_piece_overlaps_another() {
    for scenario in all() {
        let graph = NetworkGraph::of(&scenario);
        let areas = laid_out(&graph).unwrap().areas();
        for (i, a) in areas.iter().enumerate() {
            for b in &areas[..i] {
                let apart = |axis: usize| a[axis].1 <= b[axis].0 || b[axis].1 <= a[axis].0;
                assert!(apart(0) || apart(1), "{}: {a:?} overlaps {b:?}", scenario.name);
            }
        }
    }
}

#[test]
fn a_network_too_large_for_a_picture_is_refused_in_words_but_not_as_dot() {
    // a chain of 200 nodes; each of 100 classes at the server passes 2 · 200 columns: 40,000 pieces
    let names: Vec<String> = (0..200).map(|node| format!("n{node}")).collect();
    let mut network = format!("  nodes: [{}]\n  links:\n", names.join(", "));
    let mut to = "server";
    for from in &names {
        writeln!(network, "    - {{ from: {from}, to: {to}, rate: 1 Gbit/s, delay: 1 ms }}")
            .unwrap();
        to = from;
    }
    let mut fleet = String::new();
    for class in 0..100 {
        writeln!(fleet, "  - {{ name: c{class}, count: 1, device: phone-mid, access: lte }}")
            .unwrap();
    }
    let scenario = scenario(&fleet, &network);
    let root = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(root.path()).unwrap();
    let error = write_svg(&NetworkGraph::of(&scenario), &folder, "large.svg").unwrap_err();
    assert!(error.to_string().contains("too large for a picture"), "{error}");
    assert!(written(&scenario, write_dot).contains("n199"));
}
