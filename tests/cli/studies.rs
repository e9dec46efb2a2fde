//! Commands over many runs: what they write, print and refuse.

use crate::support::{Outcome, SMALL, Workplace};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

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
  inference.outcomes.offload: [0.1, 0.5, 90%]
  fleet.pi.access.up: [5 Mbit/s, 18.88 Mbit/s]
";

fn good(outcome: Outcome) -> Outcome {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    outcome
}

/// Every file below `folder` with its content.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let below = files(&path).into_iter();
            found.extend(below.map(|(file, content)| (format!("{name}/{file}"), content)));
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

fn names(files: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    files.keys().map(String::as_str).filter(|name| !name.starts_with("cells/")).collect()
}

#[test]
fn two_shards_merged_are_the_sweep_of_one_process_byte_for_byte() {
    let place = Workplace::new();
    place.put("grid.yaml", GRID);
    good(place.run(&["sweep", "grid.yaml", "--out", "whole", "--threads", "1"]));
    good(place.run(&["sweep", "grid.yaml", "--shard", "1/2", "--out", "one"]));
    good(place.run(&["sweep", "grid.yaml", "--shard", "2/2", "--out", "two"]));
    let merged = good(place.run(&["merge", "two", "one", "--out", "merged"]));
    insta::assert_snapshot!(merged.stdout, @"6 cells of 2 parts written to merged/sweep.csv");
    let whole = files(&place.path().join("whole"));
    assert_eq!(whole.keys().filter(|name| name.starts_with("cells/")).count(), 6);
    assert!(whole == files(&place.path().join("merged")), "{:?}", names(&whole));
    let table = String::from_utf8(whole["sweep.csv"].clone()).unwrap();
    let begin: Vec<String> =
        table.lines().map(|line| line.split(',').take(7).collect::<Vec<_>>().join(",")).collect();
    insta::assert_snapshot!(begin.join("\n"), @r"
    cell,inference.outcomes.offload,inference.outcomes.offload_si,fleet.pi.access.up,fleet.pi.access.up_si,replications,requests
    1,0.1,0.1,5 Mbit/s,5000000,1,104
    2,0.1,0.1,18.88 Mbit/s,18880000,1,104
    3,0.5,0.5,5 Mbit/s,5000000,1,104
    4,0.5,0.5,18.88 Mbit/s,18880000,1,104
    5,90%,0.9,5 Mbit/s,5000000,1,104
    6,90%,0.9,18.88 Mbit/s,18880000,1,104
    ");
    insta::assert_snapshot!(names(&whole).join("\n"), @r"
    accuracy_by_fleet_pi_access_up.csv
    accuracy_by_fleet_pi_access_up.png
    accuracy_by_fleet_pi_access_up.svg
    accuracy_by_inference_outcomes_offload.csv
    accuracy_by_inference_outcomes_offload.png
    accuracy_by_inference_outcomes_offload.svg
    accuracy_by_latency.csv
    accuracy_by_latency.png
    accuracy_by_latency.svg
    latency_by_fleet_pi_access_up.csv
    latency_by_fleet_pi_access_up.png
    latency_by_fleet_pi_access_up.svg
    latency_by_inference_outcomes_offload.csv
    latency_by_inference_outcomes_offload.png
    latency_by_inference_outcomes_offload.svg
    scenario.yaml
    sweep.csv
    sweep.json
    ");
}

#[test]
fn what_is_missing_or_foreign_is_not_merged() {
    let place = Workplace::new();
    place.put("grid.yaml", GRID).put("other.yaml", GRID.replace("30 s", "31 s"));
    good(place.run(&["sweep", "grid.yaml", "--shard", "1/2", "--out", "one"]));
    good(place.run(&["sweep", "other.yaml", "--shard", "2/2", "--out", "other"]));
    let refused = |arguments: &[&str]| {
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        outcome.stderr
    };
    insta::assert_snapshot!(refused(&["merge", "one", "--out", "m"]), @"error: 3 of 6 cells are in none of the folders, the first of them cell 2 (inference.outcomes.offload = 0.1, fleet.pi.access.up = 18.88 Mbit/s): finish or add its shard");
    insta::assert_snapshot!(refused(&["merge", "one", "other", "--out", "m"]), @"error: other and one are parts of different sweeps: their scenarios differ, first in cell 1");
    insta::assert_snapshot!(refused(&["merge", "one", "nowhere", "--out", "m"]), @"error: nowhere holds no sweep: there is no sweep.json");
    assert!(!place.path().join("m").exists(), "nothing is written");
}

#[test]
fn a_resumed_sweep_runs_only_what_is_missing_and_ends_alike() {
    let place = Workplace::new();
    place.put("grid.yaml", GRID);
    good(place.run(&["sweep", "grid.yaml", "--out", "o"]));
    let whole = files(&place.path().join("o"));
    let cells: Vec<&String> = whole.keys().filter(|name| name.starts_with("cells/")).collect();
    fs::remove_file(place.path().join("o").join(cells[0])).unwrap();
    // A cell that is not run again keeps what its file says.
    let (kept, doctored) = (place.path().join("o").join(cells[1]), "\"requests\": 424242,");
    let text = fs::read_to_string(&kept).unwrap();
    let line = text.lines().find(|line| line.contains("\"requests\"")).unwrap().trim().to_owned();
    fs::write(&kept, text.replace(&line, doctored)).unwrap();
    let outcome = good(place.run(&["sweep", "grid.yaml", "--out", "o", "--resume"]));
    insta::assert_snapshot!(outcome.stderr, @"5 of 6 cells are finished already");
    let table = fs::read_to_string(place.path().join("o/sweep.csv")).unwrap();
    assert!(table.contains("424242"), "reused, not run again");
    // Without --resume everything is run anew.
    good(place.run(&["sweep", "grid.yaml", "--out", "o"]));
    assert!(whole == files(&place.path().join("o")));
}

#[test]
fn learned_thresholds_have_their_front() {
    let place = Workplace::new();
    let sweep = "sweep:\n  inference.offload.entropy: [0.2, 1.2, 2.4]\n";
    place.put("small.yaml", format!("{SMALL}{sweep}"));
    good(place.run(&["sweep", "small.yaml", "--out", "o"]));
    let found = files(&place.path().join("o"));
    let table = String::from_utf8(found["sweep.csv"].clone()).unwrap();
    let column = |name: &str| {
        let place = table.lines().next().unwrap().split(',').position(|column| column == name);
        let value =
            |line: &str| line.split(',').nth(place.unwrap()).unwrap().parse::<f64>().unwrap();
        table.lines().skip(1).map(value).collect::<Vec<f64>>()
    };
    let offloaded = column("offloaded_fraction");
    // Entropies of ten classes lie between 0 and ln 10 = 2.303.
    assert!(offloaded[0] > 0.0 && offloaded[0] >= offloaded[1], "{offloaded:?}");
    assert_eq!(offloaded[2], 0.0);
    let trained = column("trained_client_exit");
    assert!(trained.iter().all(|accuracy| *accuracy == trained[0]), "one seed, one training");
    assert!(found.contains_key("accuracy_by_latency.svg"), "{:?}", found.keys());
    let trainings = fs::read_dir(place.path().join("out/.learned")).unwrap().count();
    assert_eq!(trainings, 1, "three cells, one training");
}

#[test]
fn the_shipped_threshold_sweep_is_valid_cell_by_cell() {
    let place = Workplace::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/threshold-sweep.yaml");
    let outcome = good(place.run(&["validate", path.to_str().unwrap()]));
    assert!(outcome.stdout.contains("Its sweep has 7 cells, all valid"), "{}", outcome.stdout);
}

#[test]
fn a_run_of_a_scenario_with_a_sweep_runs_its_base_and_says_so() {
    let place = Workplace::new();
    let outcome = good(place.put("grid.yaml", GRID).run(&["run", "grid.yaml"]));
    insta::assert_snapshot!(outcome.stderr, @"note: this is the base scenario; `splitgp-sim sweep grid.yaml` runs its 6 cells");
    assert!(place.path().join("out/grid/summary.json").is_file());
}

#[test]
fn wrong_sweeps_are_refused_before_anything_runs() {
    let place = Workplace::new();
    let refused = |sweep: &str| {
        let (base, _) = GRID.split_once("sweep:").unwrap();
        place.put("grid.yaml", format!("{base}{sweep}"));
        let outcome = place.run(&["sweep", "grid.yaml", "--out", "o"]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{}", outcome.stderr);
        outcome.stderr
    };
    insta::assert_snapshot!(refused("sweep: { fleet.pie.count: [1, 2] }\n"), @r"
    grid.yaml:10:10: sweep.fleet.pie.count: `fleet` has no item named `pie`; did you mean `pi`? (there are: pi) (in the sweep's cell fleet.pie.count = 1)
     10 | sweep: { fleet.pie.count: [1, 2] }
        |          ^
    ");
    insta::assert_snapshot!(refused("sweep: { inference.durations: [1 s] }\n"), @r"
    grid.yaml:10:10: inference.durations: `durations` is not a key; did you mean `duration`? (allowed: arrivals, duration, warmup, drain_limit, ood, offload, outcomes, deadline) (in the sweep's cell inference.durations = 1 s)
     10 | sweep: { inference.durations: [1 s] }
        |          ^
    ");
    insta::assert_snapshot!(refused("sweep: { fleet.pi.access.up: [5 Mbit/s, 5 MB/s] }\n"), @r"
    grid.yaml:10:41: fleet[0].access.up: `MB/s` is not a unit of a link's rate; did you mean Mbit/s (links count bits: 1 MB/s = 8 Mbit/s)? (allowed: bit/s, kbit/s, Mbit/s, Gbit/s) (in the sweep's cell fleet.pi.access.up = 5 MB/s)
     10 | sweep: { fleet.pi.access.up: [5 Mbit/s, 5 MB/s] }
        |                                         ^
    ");
    insta::assert_snapshot!(refused(""), @r"
    grid.yaml:1:1: sweep: is missing; give the keys to sweep and their values, for example `sweep: { fleet.pi.count: [2, 4, 8] }`
     1 | name: grid
       | ^
    ");
    assert!(!place.path().join("o").exists());
}

#[test]
fn comparing_prints_a_table_and_writes_it() {
    let place = Workplace::new();
    let (base, _) = GRID.split_once("sweep:").unwrap();
    let faster = base.replace("name: grid", "name: five").replace("pi-4b", "pi-5");
    place.put("a.yaml", base).put("b.yaml", faster);
    let outcome = good(place.run(&["compare", "a.yaml", "b.yaml", "--replications", "4"]));
    insta::assert_snapshot!(outcome.stdout, @r"
    A: grid
    B: five
    4 paired replications, seed 1; ± is half of a 95 % interval
     figure                A           B        B − A           ±    relative (%)       verdict
    ───────────────────────────────────────────────────────────────────────────────────────────
     mean           9.888 ms    8.167 ms    -1.721 ms    0.000 ms           -17.4    B is lower
     p50            2.741 ms    1.020 ms    -1.721 ms    0.000 ms           -62.8    B is lower
     p90            27.70 ms    25.98 ms    -1.721 ms    0.000 ms            -6.2    B is lower
     p99            28.48 ms    26.76 ms    -1.721 ms    0.000 ms            -6.0    B is lower
     max            30.63 ms    28.91 ms    -1.721 ms    0.000 ms            -5.6    B is lower
     accuracy         82.4 %      82.4 %        0.0 %       0.0 %             0.0         equal
     offloaded        28.5 %      28.5 %        0.0 %       0.0 %             0.0         equal
     drops             0.0 %       0.0 %        0.0 %       0.0 %               –         equal
     utilisation       0.0 %       0.0 %        0.0 %       0.0 %             0.0         equal

    Written to out/grid-vs-five/compare.csv
    ");
    let table = fs::read_to_string(place.path().join("out/grid-vs-five/compare.csv")).unwrap();
    assert!(table.lines().any(|line| line.starts_with("mean,s,") && line.ends_with(",lower")));
    let refused = place.run(&["compare", "a.yaml", "b.yaml", "--replications", "1"]);
    assert_eq!(refused.code, 2, "one replication has no interval");
}

#[test]
fn a_capacity_search_tells_its_probes_and_its_answer() {
    let place = Workplace::new();
    let (base, _) = GRID.split_once("sweep:").unwrap();
    let link = "access: { profile: wifi-home, up: 5 Mbit/s }";
    place.put("s.yaml", base.replace("access: wifi-home", link));
    let ask = |slo: &str, vary: &str| {
        let arguments = ["capacity", "s.yaml", "--slo", slo, "--vary", vary, "--precision", "5%"];
        place.run(&arguments)
    };
    let outcome = good(ask("mean < 15 ms", "fleet.pi.access.up"));
    insta::assert_snapshot!(outcome.stderr, @r"
    fleet.pi.access.up = 5 Mbit/s: mean 30.61 ms ± 5.255 ms: missed: mean < 15 ms
    fleet.pi.access.up = 10 Mbit/s: mean 18.16 ms ± 2.919 ms: missed: mean < 15 ms
    fleet.pi.access.up = 20 Mbit/s: mean 11.95 ms ± 1.762 ms: met
    fleet.pi.access.up = 14.1421 Mbit/s: mean 14.52 ms ± 2.247 ms: missed: mean < 15 ms
    fleet.pi.access.up = 16.8179 Mbit/s: mean 13.12 ms ± 1.987 ms: missed: mean < 15 ms
    fleet.pi.access.up = 18.3401 Mbit/s: mean 12.51 ms ± 1.869 ms: met
    fleet.pi.access.up = 17.5625 Mbit/s: mean 12.81 ms ± 1.927 ms: met
    ");
    insta::assert_snapshot!(outcome.stdout, @r"
    The smallest fleet.pi.access.up that meets mean < 15 ms: 17.5625 Mbit/s (16.8179 Mbit/s misses it)
    Written to out/grid/capacity.csv
    ");
    assert!(place.path().join("out/grid/capacity.csv").is_file());
    let unmet = ask("accuracy > 99 %", "fleet.pi.count");
    assert_eq!(unmet.code, 1, "nothing meets it: {}", unmet.stderr);
    insta::assert_snapshot!(unmet.stdout, @r"
    Nothing that was tried meets accuracy > 99 %. Nearest to it: fleet.pi.count = 2: accuracy 82.5 % ± 3.8 %: missed: accuracy > 99 %
    Written to out/grid/capacity.csv
    ");
    for (slo, vary) in [("p95 < 1 s", "fleet.pi.count"), ("p99 < 1 s", "fleet.pie.count")] {
        let refused = ask(slo, vary);
        assert_eq!(refused.code, 2, "{}", refused.stderr);
    }
}

#[test]
fn a_calibration_prints_residuals_and_a_profile() {
    let place = Workplace::new();
    // 2 GFLOP/s, 4 GB/s, 50 us: max(flops/2e9, bytes/4e9) + 50e-6
    let table = "\
name,flops,bytes,time_us
conv1,400000,100000,250
conv2,14000000,226000,7050
conv3,28000000,300000,14050
fc1,6000000,52000000,13050
fc2,1000000,8000000,2050
fc3,200000,4000000,1050
";
    let outcome = good(place.put("p.csv", table).run(&["calibrate", "p.csv", "--memory", "8 GB"]));
    insta::assert_snapshot!(outcome.stdout, @r"
    Measured and fitted times
     row      bound by    measured (ms)    fitted (ms)    residual (ms)    (%)    overhead (us)
    ───────────────────────────────────────────────────────────────────────────────────────────
     conv1     compute           0.2500         0.2500           0.0000    0.0            50.00
     conv2     compute           7.0500         7.0500           0.0000    0.0            50.00
     conv3     compute          14.0500        14.0500           0.0000    0.0            50.00
     fc1        memory          13.0500        13.0500           0.0000    0.0            50.00
     fc2        memory           2.0500         2.0500           0.0000    0.0            50.00
     fc3        memory           1.0500         1.0500           0.0000    0.0            50.00

    Fit of time = max(FLOPs / rate, bytes / bandwidth) + overhead by least squares, R² = 1.000000
    (± is half of a 95 % interval, given which rows are bound by what; a row's
    overhead is what it took beyond max(…), to be held against the fitted one):
      rate              2.0000 GFLOP/s ± 0.0000
      memory bandwidth  4.0000 GB/s ± 0.0000
      overhead          50.0000 us ± 0.0000

    To paste into a scenario:

    device:
      rate: 2 GFLOP/s
      memory: 8 GB
      memory_bandwidth: 4 GB/s
      overhead: 50.000 us    # of one row: a service that is n rows long pays n of them
    ");
    let device = outcome.stdout.split_once("device:").unwrap().1;
    let (base, _) = GRID.split_once("sweep:").unwrap();
    let device = device.lines().filter(|line| !line.is_empty()).map(|line| format!("    {line}\n"));
    let device: String = device.collect();
    let fleet =
        format!("fleet:\n  - name: pi\n    count: 2\n    access: wifi-home\n    device:\n{device}");
    let (head, tail) = base.split_once("fleet:").unwrap();
    let (_, tail) = tail.split_once("server:").unwrap();
    place.put("pasted.yaml", format!("{head}{fleet}server:{tail}"));
    good(place.run(&["validate", "pasted.yaml"]));
}

#[test]
fn bad_calibration_tables_are_named() {
    let place = Workplace::new();
    let refused = |table: &str| {
        let outcome = place.put("p.csv", table).run(&["calibrate", "p.csv"]);
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        outcome.stderr
    };
    insta::assert_snapshot!(refused("name,flops,time_us\na,1,1\nb,2,2\n"), @"p.csv: the table has 2 rows; a fit of rate, bandwidth and overhead needs at least 4");
    insta::assert_snapshot!(refused("name,flops,time_us\na,1,-1\n"), @"p.csv:2: the time `-1` is not above zero");
    insta::assert_snapshot!(refused("name,flops\n"), @"p.csv:1: there is no column of times (columns: name, flops, bytes, and time, time_s, time_ms, time_us or time_ns)");
    insta::assert_snapshot!(place.run(&["calibrate", "none.csv"]).stderr, @"error: none.csv cannot be read: No such file or directory (os error 2)");
}

#[test]
fn every_study_explains_itself_with_examples() {
    for command in ["sweep", "merge", "compare", "capacity", "calibrate"] {
        let help = good(Workplace::new().run(&[command, "--help"])).stdout;
        assert!(help.contains("Example"), "{command}: {help}");
        assert!(help.lines().all(|line| line.chars().count() <= 110), "{command}: {help}");
    }
}
