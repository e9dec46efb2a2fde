//! What holds for every figure.

use super::{NamedRun, draw_all, named_runs, redraw};
use crate::experiment::{Accuracy, RunResult};
use crate::report::OutputFolder;
use crate::report::sample::{self, Shape};
use crate::time::{NANOS_PER_SECOND, SimTime};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// All files of a run's figures by name.
fn drawn(run: &RunResult) -> BTreeMap<String, Vec<u8>> {
    let root = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(root.path()).unwrap();
    let paths = draw_all(run, &folder).unwrap();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

fn names(run: &RunResult) -> Vec<String> {
    let mut names: Vec<String> =
        drawn(run).into_keys().filter_map(|n| n.strip_suffix(".svg").map(str::to_owned)).collect();
    names.sort();
    names
}

fn svg(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[&format!("{name}.svg")].clone()).unwrap()
}

#[test]
fn every_figure_names_its_axes_with_units() {
    let files = drawn(&sample::complete());
    for (name, texts) in [
        ("accuracy_by_ood", ["Accuracy by OOD level after 20 rounds", "(%)", "OOD level ρ"]),
        ("accuracy_over_bytes", ["OOD level ρ = 0.4", "(%)", "of all devices (MB)"]),
        ("accuracy_over_clients", ["OOD level ρ = 0.4", "worst tenth", "of a client (%)"]),
        ("requests_over_time", ["waiting", "in service", "requests began (s)"]),
        ("offloading", ["AUROC", "mean over clients (%)", "E_th (nats)"]),
        ("energy", ["in the whole run", "phone", "of a device (J)"]),
        ("energy_by_request", ["of a request", "radio", "of a device (mJ)"]),
        ("energy_by_round", ["training round", "compute", "of a device (J)"]),
        ("accuracy_over_time", ["OOD level ρ = 0.4", "(%)", "simulated training time (s)"]),
        ("latency_cdf", ["Latency of answered requests", "(%)", "latency (ms)"]),
        ("latency_breakdown", ["Mean latency by device class", "phone", "mean latency (ms)"]),
        ("round_timeline", ["Training round 0: 10 clients", "pi/0", "round&apos;s start (ms)"]),
    ] {
        let svg = svg(&files, name);
        for text in texts {
            assert!(svg.contains(text), "{name} lacks {text:?}");
        }
        assert!(svg.contains(r#"font-family="sans-serif""#), "{name} has text");
    }
}

/// The folder of a run's figures, and the run's name.
fn saved(root: &Path, name: &str, run: &RunResult) -> NamedRun {
    let folder = OutputFolder::prepare(root.join(name)).unwrap();
    draw_all(run, &folder).unwrap();
    NamedRun { name: name.to_owned(), folder: folder.path().to_owned() }
}

#[test]
fn every_figure_is_drawn_again_from_its_table_byte_for_byte() {
    for run in [sample::complete(), sample::seeded(), sample::latency_only()] {
        let root = tempfile::tempdir().unwrap();
        let saved = saved(root.path(), "run", &run);
        let again = OutputFolder::prepare(root.path().join("again")).unwrap();
        let paths = redraw(&[saved], None, &again).unwrap();
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        let files: BTreeMap<_, _> =
            paths.iter().map(|path| (name(path), fs::read(path).unwrap())).collect();
        assert!(files == drawn(&run), "{:?}", files.keys());
    }
}

#[test]
fn several_runs_share_a_panel_for_each_answer_under_their_names() {
    let root = tempfile::tempdir().unwrap();
    let mut other = sample::complete();
    for point in &mut other.training.as_mut().unwrap().evaluations.last_mut().unwrap().points {
        point.client_exit = None;
    }
    let runs = [
        saved(root.path(), "one", &sample::complete()),
        saved(root.path(), "two", &other),
        saved(root.path(), "no-training", &sample::latency_only()),
    ];
    let again = OutputFolder::prepare(root.path().join("again")).unwrap();
    redraw(&runs, None, &again).unwrap();
    let read = |name: &str| fs::read_to_string(again.path().join(name)).unwrap();
    for name in ["accuracy_by_ood", "accuracy_over_bytes", "accuracy_over_clients"] {
        let svg = read(&format!("{name}.svg"));
        for text in ["one\n", "two\n", "client exit\n", "server exit\n", "selective\n"] {
            assert!(svg.contains(text), "{name} lacks {text:?}");
        }
        assert!(!svg.contains("no-training"), "{name} shows a run that has no such data");
    }
    assert!(read("latency_cdf.svg").contains("no-training\n"));
    let table = read("accuracy_by_ood.csv");
    assert!(table.starts_with("run,rounds_done,"), "{table}");
    // six levels of each of two runs
    assert_eq!(table.lines().count(), 1 + 2 * 6);
    assert!(!again.path().join("round_timeline.svg").exists(), "a timeline is one run's");
}

#[test]
fn a_damaged_table_is_named_with_its_line() {
    let root = tempfile::tempdir().unwrap();
    let run = saved(root.path(), "run", &sample::complete());
    let again = OutputFolder::prepare(root.path().join("again")).unwrap();
    for (name, damage, complaint) in [
        ("latency_cdf", "exit,latency_ms,share\nserver,1,1\n", "`server` is not one of `all`"),
        ("latency_cdf", "exit,latency_ms,share\nall,NaN,1\n", "row 1: NaN has no place"),
        ("latency_cdf", "exit,latency_ms,share\nall,1,x\n", "line: 2"),
        ("latency_cdf", "exit,latency_ms\nall,1\n", "missing field `share`"),
        ("latency_cdf", "", "it has no rows"),
        (
            "round_timeline",
            "client,activity,start_ns,end_ns,round,participants\na,model up,2,1,0,1\n",
            "ends at 1 ns before it starts",
        ),
        ("latency_breakdown", "class,stage,mean_ms,classes\npi,nowhere,1,1\n", "a row for each"),
        ("gradient_norm", "rounds_done,gradient_norm\n1,0\n", "no place on a logarithmic axis"),
    ] {
        fs::write(run.folder.join(format!("{name}.csv")), damage).unwrap();
        let error = redraw(std::slice::from_ref(&run), Some(name), &again).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(&format!("{name}.csv cannot be read")), "{message}");
        assert!(message.contains(complaint), "{message}");
    }
}

#[test]
fn any_finite_numbers_in_a_table_are_drawn_or_refused() {
    let root = tempfile::tempdir().unwrap();
    let again = OutputFolder::prepare(root.path().join("again")).unwrap();
    let run = NamedRun { name: "run".to_owned(), folder: root.path().to_owned() };
    for (latency, share) in [("-1e18", "1e18"), ("0", "0"), ("1e-300", "-5"), ("1e18", "1e18")] {
        let table = format!("exit,latency_ms,share\nall,{latency},{share}\nall,1,1\n");
        fs::write(root.path().join("latency_cdf.csv"), table).unwrap();
        assert_eq!(redraw(std::slice::from_ref(&run), None, &again).unwrap().len(), 3);
    }
}

#[test]
fn folders_of_one_name_are_told_apart_by_those_above() {
    let names = |folders: &[&str]| -> Vec<String> {
        let folders: Vec<_> = folders.iter().map(Into::into).collect();
        named_runs(&folders).into_iter().map(|run| run.name).collect()
    };
    assert_eq!(names(&["out/a", "out/b"]), ["a", "b"]);
    assert_eq!(names(&["x/run", "y/run"]), ["x/run", "y/run"]);
    assert_eq!(names(&["run", "run"]), ["run", "run"]);
}

#[test]
fn figures_are_equal_byte_for_byte() {
    assert!(
        drawn(&sample::small()) == drawn(&sample::small()),
        "a figure depends on more than its run"
    );
}

#[test]
fn every_figure_comes_as_svg_png_and_csv() {
    let files = drawn(&sample::small());
    assert_eq!(files.len(), 21);
    for (name, content) in files {
        if name.ends_with(".png") {
            assert_eq!(content[..8], *b"\x89PNG\r\n\x1a\n", "{name}");
            let dimension = |at: usize| u32::from_be_bytes(content[at..at + 4].try_into().unwrap());
            assert_eq!((dimension(16), dimension(20)), (900, 560), "{name}");
            assert!(content.ends_with(b"IEND\xae\x42\x60\x82"), "{name} is whole");
        } else {
            let text = String::from_utf8(content).unwrap();
            assert!(!text.contains("NaN") && !text.contains("inf"), "{name}");
            assert!(text.lines().count() > 2, "{name}");
        }
    }
}

#[test]
fn a_latency_only_run_has_latency_figures_alone() {
    assert_eq!(
        names(&sample::latency_only()),
        ["latency_breakdown", "latency_cdf", "requests_over_time"]
    );
}

#[test]
fn a_run_without_answers_has_training_figures_alone() {
    assert_eq!(
        names(&sample::nothing_answered()),
        ["accuracy_by_ood", "accuracy_over_bytes", "accuracy_over_time", "round_timeline"]
    );
}

#[test]
fn extreme_runs_are_drawn_without_nan() {
    let one = || vec![("pi".to_owned(), 1)];
    let shapes = [
        Shape { classes: one(), rounds: 1, steps: 1, requests: 2, slowness: 1 },
        Shape { classes: one(), slowness: 0, ..Shape::default() },
        Shape { classes: one(), slowness: 1_000_000, ..Shape::default() },
        Shape { classes: vec![("pi".to_owned(), 200)], requests: 2, ..Shape::default() },
        Shape {
            classes: (0..30).map(|class| (format!("class-with-a-long-name-{class}"), 1)).collect(),
            ..Shape::default()
        },
    ];
    for shape in shapes {
        for (name, content) in drawn(&shape.build()) {
            let text = String::from_utf8_lossy(&content);
            assert!(name.ends_with(".png") || !text.contains("NaN"), "{name} of {shape:?}");
        }
    }
}

#[test]
fn of_two_hundred_clients_twenty_are_shown_and_counted() {
    let shape = Shape { classes: vec![("pi".to_owned(), 200)], requests: 2, ..Shape::default() };
    let svg = svg(&drawn(&shape.build()), "round_timeline");
    assert!(svg.contains("20 of 200 clients shown"));
    assert!(svg.contains("pi/0\n") && svg.contains("pi/199\n"), "both ends are among them");
}

/// A run whose final evaluation has one OOD level, one threshold and one accuracy for everybody,
/// reached after `seconds` of training.
fn flat(accuracy: f64, seconds: u64) -> RunResult {
    let mut run = sample::small();
    let training = run.training.as_mut().unwrap();
    training.evaluations.drain(..training.evaluations.len() - 1);
    let last = &mut training.evaluations[0];
    last.time = SimTime::from_nanos(seconds * NANOS_PER_SECOND);
    last.points.truncate(1);
    let point = &mut last.points[0];
    let equal = Accuracy { mean: accuracy, ..point.client_exit.unwrap() };
    (point.client_exit, point.server_exit) = (Some(equal), Some(equal));
    point.selective.truncate(1);
    point.selective[0].accuracy = equal;
    run
}

#[test]
fn equal_accuracies_at_any_height_and_time_are_drawn() {
    for (accuracy, seconds) in [(0.0, 0), (0.1, 1), (1.0, 10_000_000)] {
        let files = drawn(&flat(accuracy, seconds));
        for name in ["accuracy_by_ood", "accuracy_over_time"] {
            let svg = svg(&files, name);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name} at {accuracy}");
            // One circle in the legend, one for the point.
            assert_eq!(svg.matches("<circle").count(), 2, "{name} at {accuracy}");
            assert!(!svg.contains("\n-0"), "no tick below zero: {name} at {accuracy}");
        }
    }
}

#[test]
fn without_thresholds_there_is_no_selective_line() {
    let mut run = sample::small();
    for evaluation in &mut run.training.as_mut().unwrap().evaluations {
        evaluation.points.iter_mut().for_each(|point| point.selective.clear());
    }
    let files = drawn(&run);
    assert!(!svg(&files, "accuracy_by_ood").contains("selective"));
    assert!(svg(&files, "accuracy_by_ood").contains("server exit"));
}

#[test]
fn several_seeds_have_bands_and_one_seed_has_none() {
    let (one, several) = (drawn(&sample::small()), drawn(&sample::seeded()));
    for name in ["accuracy_by_ood", "accuracy_over_time"] {
        // A band is the only shape that others are seen through.
        let bands = |files| svg(files, name).matches("<polygon opacity=\"0.18\"").count();
        assert_eq!((bands(&one), bands(&several)), (0, 3), "{name}: two exits and the selective");
        let csv = String::from_utf8(several[&format!("{name}.csv")].clone()).unwrap();
        let row = csv.lines().nth(1).unwrap();
        assert!(row.ends_with(",0.02,0.02,0.02,"), "{row}");
    }
}

#[test]
fn a_measured_gradient_has_its_figure() {
    let files = drawn(&sample::seeded());
    let svg = svg(&files, "gradient_norm");
    for text in ["Squared gradient norm", "rounds of training", "‖∇F‖²"] {
        assert!(svg.contains(text), "lacks {text:?}");
    }
    // One circle in the legend, one for each of ten evaluations.
    assert_eq!(svg.matches("<circle").count(), 11);
    assert!(!drawn(&sample::small()).contains_key("gradient_norm.svg"));
}
