//! Traps that a user who decides would fall into: each is noticed and told.

use crate::support::{Outcome, SMALL, Workplace};
use std::fs;

/// A latency study of four cells that runs in a moment.
const GRID: &str = "\
name: grid
model: { preset: paper-cnn }
fleet:
  - { name: pi, count: 2, device: raspberry-pi-4b, access: wifi-home }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 2 /s }
  duration: 30 s
  outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }
sweep:
  inference.outcomes.offload: [0.1, 0.5]
  fleet.pi.access.up: [5 Mbit/s, 18.88 Mbit/s]
";

fn base() -> &'static str {
    GRID.split_once("sweep:").unwrap().0
}

fn good(outcome: Outcome) -> Outcome {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    outcome
}

fn refused(outcome: Outcome) -> String {
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    outcome.stderr
}

#[test]
fn a_fleet_that_always_meets_its_objective_ends_the_search_with_its_reason() {
    let place = Workplace::new();
    place.put("s.yaml", base());
    let arguments = ["capacity", "s.yaml", "--slo", "drops < 50 %", "--max-requests", "20000"];
    let outcome = good(place.run(&arguments));
    // 2 /s · 30 s · 5 replications = 300 requests a device
    assert!(outcome.stdout.contains("about 38400 requests, more than the 20000 that a probe may"));
    assert!(outcome.stdout.contains("64, the largest that was tried"), "{}", outcome.stdout);
    let figure = place.path().join("out/grid/capacity-drops.svg");
    assert!(fs::read_to_string(figure).unwrap().contains("drops &lt; 50 %"));
}

#[test]
fn a_shard_leaves_the_cells_of_the_others_where_they_are() {
    let place = Workplace::new();
    place.put("grid.yaml", GRID);
    good(place.run(&["sweep", "grid.yaml", "--shard", "1/2", "--out", "o"]));
    let second = good(place.run(&["sweep", "grid.yaml", "--shard", "2/2", "--out", "o"]));
    insta::assert_snapshot!(second.stderr, @"2 cells of other shards are kept in o; `merge o` joins all");
    let cells = fs::read_dir(place.path().join("o/cells")).unwrap().count();
    assert_eq!(cells, 4);
    good(place.run(&["merge", "o", "--out", "m"]));
    good(place.run(&["sweep", "grid.yaml", "--out", "whole"]));
    let read = |folder: &str| fs::read(place.path().join(folder).join("sweep.csv")).unwrap();
    assert!(read("m") == read("whole"));
}

#[test]
fn a_sweep_prints_its_cells() {
    let place = Workplace::new();
    place.put("grid.yaml", GRID);
    insta::assert_snapshot!(good(place.run(&["sweep", "grid.yaml"])).stdout, @r"
    grid
     cell  outcomes.offload     access.up  β (%)  right (%)  mean (ms)  p99 (ms)  load (%)  verdict
    ───────────────────────────────────────────────────────────────────────────────────────────────
     1                  0.1      5 Mbit/s    7.7       76.0      9.688     93.06       1.3   stable
     2                  0.1  18.88 Mbit/s    7.7       76.0      5.148     34.04       0.5   stable
     3                  0.5      5 Mbit/s   52.9       83.7      53.13     169.3       8.0   stable
     4                  0.5  18.88 Mbit/s   52.9       83.7      19.72     51.26       2.1   stable

    4 of 4 cells written to out/grid/sweep.csv
    ");
}

#[test]
fn a_damaged_plan_is_named_and_nothing_is_merged() {
    let place = Workplace::new();
    place.put("grid.yaml", GRID);
    good(place.run(&["sweep", "grid.yaml", "--out", "o"]));
    let plan = place.path().join("o/sweep.json");
    let whole = fs::read_to_string(&plan).unwrap();
    let mut cells: serde_json::Value = serde_json::from_str(&whole).unwrap();
    cells["cells"][1]["values"].as_array_mut().unwrap().pop();
    let mut keys: serde_json::Value = serde_json::from_str(&whole).unwrap();
    keys["cells"][0]["key"] = "../../elsewhere".into();
    for (damaged, why) in [
        (whole[..whole.len() / 2].to_owned(), "EOF"),
        (cells.to_string(), "cell 2 has 1 values for 2 swept keys"),
        (keys.to_string(), "the key of cell 1 is no hash"),
    ] {
        fs::write(&plan, damaged).unwrap();
        let told = refused(place.run(&["merge", "o", "--out", "m"]));
        assert!(told.contains("o/sweep.json cannot be read") && told.contains(why), "{told}");
        assert!(!place.path().join("m").exists());
    }
}

#[test]
fn validating_reads_the_files_that_a_run_would_read() {
    let place = Workplace::new();
    let traced = base().replace("{ poisson: 2 /s }", "{ trace: arrivals.csv }");
    place.put("s.yaml", traced);
    let told = refused(place.run(&["validate", "s.yaml"]));
    assert!(told.contains("s.yaml:7:") && told.contains("arrivals.csv: cannot be read"), "{told}");
    place.put("arrivals.csv", "time_s\n2\n1\n");
    let told = refused(place.run(&["validate", "s.yaml"]));
    assert!(told.contains("is earlier than the arrival before it"), "{told}");
    assert_eq!(told, refused(place.run(&["run", "s.yaml"])), "as `run` tells it");
    place.put("arrivals.csv", "time_s\n1\n2\n");
    good(place.run(&["validate", "s.yaml"]));
    let is_learned = |line: &&str| !line.starts_with("data:") && !line.starts_with("training:");
    let replayed = SMALL.lines().filter(is_learned).collect::<Vec<_>>().join("\n");
    place.put("r.yaml", replayed.replace("ood: 0.4", "ood: 0.4\n  outcomes: none.npz"));
    let told = refused(place.run(&["validate", "r.yaml"]));
    assert!(told.contains("none.npz: cannot be read"), "{told}");
}

#[test]
fn a_replayed_file_of_another_number_of_classes_is_refused() {
    let place = Workplace::new();
    good(place.put("small.yaml", SMALL).run(&["run", "small.yaml", "--out", "o"]));
    let scenario = "\
name: replayed
model:
  input: [1, 8, 8]
  classes: 7
  layers: [conv: { channels: 4, kernel: 3 }, relu, linear: 7]
  cut: conv1
fleet: [{ name: pi, count: 1, device: raspberry-pi-4b, access: wifi-home }]
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 2 /s }
  duration: 10 s
  ood: 0.4
  offload: { entropy: 1 }
  outcomes: o/outcomes.npz
";
    let told = refused(place.put("r.yaml", scenario).run(&["validate", "r.yaml"]));
    let why = "is of a model that tells 10 classes apart, and `model` here tells 7";
    assert!(told.contains(why), "{told}");
}

#[test]
fn a_slip_is_told_with_what_was_meant() {
    let place = Workplace::new();
    place.put("s.yaml", base());
    place.put("p.yaml", base().replace("poisson: 2 /s", "periodic: 2 /s"));
    insta::assert_snapshot!(refused(place.run(&["validate", "p.yaml"])), @r"
    p.yaml:7:25: inference.arrivals.periodic: is a rate, and `periodic` takes the time from one request to the next, here `periodic: 500 ms`
     7 |   arrivals: { periodic: 2 /s }
       |                         ^
    ");
    insta::assert_snapshot!(refused(place.run(&["run", "s.yaml", "--replications", "7"])), @"error: --replications is no option of `run`: state `replications: 7` in the scenario (`compare` and `capacity` take the option)");
    let vary = |path: &str| {
        refused(place.run(&["capacity", "s.yaml", "--slo", "p99 < 1 s", "--vary", path]))
    };
    insta::assert_snapshot!(vary("fleet.pi.cuont"), @"error: --vary fleet.pi.cuont: `cuont` is not a key; did you mean `count`? (allowed: name, count, device, buffer, access, attach, availability)");
    insta::assert_snapshot!(vary("inference.arrivals.poison"), @"error: --vary inference.arrivals.poison: `poison` is not an arrival process; did you mean `poisson`? (allowed: poisson, periodic, bursty, closed, trace)");
    let told = refused(place.run(&["capacity", "s.yaml", "--slo", "p90s < 1 s"]));
    assert!(told.contains("did you mean `p90`?"), "{told}");
}

#[test]
fn a_device_too_small_for_the_full_model_has_no_crossing_with_it() {
    let place = Workplace::new();
    // φ and κ of the paper's CNN at conv4 take 1.8 MB, the full model 15 MB.
    let small = base().replace("raspberry-pi-4b", "{ rate: 16 GFLOP/s, memory: 2 MB }");
    let outcome = good(place.put("s.yaml", small).run(&["bounds", "s.yaml"]));
    assert!(outcome.stdout.contains("client-only does not fit the device: it overtakes at no β"));
    assert!(!outcome.stdout.contains("client-only is faster"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("never") || outcome.stdout.contains("always"));
    let figure = fs::read_to_string(place.path().join("out/grid/bounds-pi.svg")).unwrap();
    assert!(figure.contains("conv4") && figure.contains("fc1"), "the points have their names");
}

#[test]
fn a_way_that_loses_requests_is_marked_on_the_map() {
    let place = Workplace::new();
    // Every third message is lost for good: whoever asks the server loses requests.
    let link = "access: { up: 20 Mbit/s, down: 20 Mbit/s, delay: 1 ms, loss: 30%, retries: 0 }";
    let lossy = base()
        .replace("access: wifi-home", link)
        .replace("duration: 30 s", "duration: 5 s")
        .replace("client_accuracy: 0.8", "client_accuracy: 0.9")
        .replace(
            "count: 2, device: raspberry-pi-4b",
            "count: 2, device: { rate: 1 GFLOP/s, memory: 2 MB }",
        );
    let outcome = good(place.put("s.yaml", lossy).run(&["bounds", "s.yaml", "--regimes"]));
    assert!(outcome.stdout.contains(" lossy)"), "{}", outcome.stdout);
    let figure = fs::read_to_string(place.path().join("out/grid/regimes-fleet.svg")).unwrap();
    assert!(figure.contains("loses requests"));
    let cells = fs::read_to_string(place.path().join("out/grid/regimes.csv")).unwrap();
    let column = |name: &str| cells.lines().next().unwrap().split(',').position(|c| c == name);
    let (fastest, lost) =
        (column("fleet_fastest").unwrap(), column("fleet_server_only_lost").unwrap());
    // The full model does not fit the device, and server-only loses a message in two of each request.
    for row in cells.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()) {
        assert_eq!(row[fastest], "SplitGP", "three in ten are offloaded, the others are answered");
        assert!(row[lost].parse::<f64>().unwrap() > 0.3, "{row:?}");
    }
}
