use super::*;
use crate::experiment::RunResult;
use crate::report::sample;
use crate::report::write_run;
use std::fs;
use std::path::Path;
use std::time::Duration;

const QUESTION: PaperQuestion = PaperQuestion { target: 0.8, ood: 0.4 };

fn saved(root: &Path, name: &str, run: &RunResult) -> NamedRun {
    let folder = OutputFolder::prepare(root.join(name)).unwrap();
    write_run(run, &folder, 0.0, Duration::ZERO, &[]).unwrap();
    NamedRun { name: name.to_owned(), folder: folder.path().to_owned() }
}

#[test]
fn the_tables_say_what_the_runs_came_to() {
    let root = tempfile::tempdir().unwrap();
    let runs = [
        saved(root.path(), "one_seed", &sample::complete()),
        saved(root.path(), "three-seeds", &sample::seeded()),
        saved(root.path(), "latency", &sample::latency_only()),
    ];
    let tables = PaperTables::of(&runs, QUESTION).unwrap();
    insta::assert_snapshot!(tables.text());
    let folder = OutputFolder::prepare(root.path().join("tables")).unwrap();
    let paths = tables.write(&folder).unwrap();
    assert_eq!(paths.len(), 4 * 2);
    let latex = fs::read_to_string(folder.path().join("table-accuracy.tex")).unwrap();
    assert!(latex.contains(r"one\_seed & splitgp & client exit & $91.4$ &"), "{latex}");
    assert!(latex.contains(r"three-seeds & splitgp & client exit & $91.4 \pm 2.0$ &"), "{latex}");
    assert!(latex.contains("% one_seed: scenario quickstart, seed"), "{latex}");
    let csv = fs::read_to_string(folder.path().join("table-target.csv")).unwrap();
    assert!(csv.starts_with("run,method,answered_by,ood,ood_ci95,rounds,rounds_ci95,time_s,"));
}

#[test]
fn the_target_is_reached_at_the_first_evaluation_that_has_it_or_not_at_all() {
    let root = tempfile::tempdir().unwrap();
    let run = sample::complete();
    let runs = [saved(root.path(), "run", &run)];
    let row = |target: f64| {
        let tables = PaperTables::of(&runs, PaperQuestion { target, ood: 0.45 }).unwrap();
        let folder = OutputFolder::prepare(root.path().join("tables")).unwrap();
        tables.write(&folder).unwrap();
        let csv = fs::read_to_string(folder.path().join("table-target.csv")).unwrap();
        csv.lines().find(|line| line.contains("server exit")).unwrap().to_owned()
    };
    // A(0.4) = (0.97 + 0.4 · 0.93)/1.4 · (1 − 1/(t + 1)) ≥ 0.9 needs t ≥ 15.5: evaluated after 16
    let training = run.training.as_ref().unwrap();
    let done = training.evaluations.iter().find(|evaluation| evaluation.rounds_done == 16).unwrap();
    let bytes: u64 =
        training.rounds[..16].iter().map(|r| r.record.bytes_up + r.record.bytes_down).sum();
    #[expect(clippy::cast_precision_loss, reason = "far below 2⁵³")]
    let expected = format!(
        "run,splitgp,server exit,0.4,,16,,{},,{},,yes",
        done.time.as_secs_f64(),
        bytes as f64 / 1e6
    );
    assert_eq!(row(0.9), expected);
    assert_eq!(row(0.99), "run,splitgp,server exit,0.4,,,,,,,,not reached");
}

#[test]
fn a_folder_without_a_run_is_named() {
    let root = tempfile::tempdir().unwrap();
    let run = NamedRun { name: "run".to_owned(), folder: root.path().to_owned() };
    let message = |run: &NamedRun| {
        PaperTables::of(std::slice::from_ref(run), QUESTION).unwrap_err().to_string()
    };
    assert!(message(&run).contains("holds no run: there is no summary.json"));
    fs::write(root.path().join("sweep.json"), "{}").unwrap();
    assert!(message(&run).contains("it is a sweep's"));
    fs::write(root.path().join("summary.json"), "{\"scenario\": 1}").unwrap();
    assert!(message(&run).contains("summary.json cannot be read: invalid type"));
}
