//! All files of one run.

use super::csv::{write_accuracy, write_replications, write_requests, write_rounds};
use super::figures::draw_all;
use super::stale::remove_of_run;
use super::{Checked, OutputFolder, ReportError, Summary, write_summary};
use crate::experiment::RunResult;
use crate::learning::OutcomeTable;
use std::io::{self, Cursor, Write};
use std::path::PathBuf;
use std::time::Duration;

/// Writes `summary.json`, the CSV tables and the figures that `run` has data for into `folder`, all
/// together, removes what an earlier run left there, and returns the paths. The summary lists
/// `expectations`; `requests.csv` holds an evenly spread `requests` share in [0, 1] of all
/// requests; `wall_time` is what the run took in real time.
///
/// # Errors
/// If a file cannot be written; the error names it, and an earlier run's files are untouched.
pub fn write_run(
    run: &RunResult,
    folder: &OutputFolder,
    requests: f64,
    wall_time: Duration,
    expectations: &[Checked],
) -> Result<Vec<PathBuf>, ReportError> {
    let summary = Summary::of(run, wall_time).with_expectations(expectations);
    let paths = folder.write_together(|set| write_set(run, set, requests, &summary))?;
    remove_of_run(folder, &paths, &[])?;
    Ok(paths)
}

fn write_set(
    run: &RunResult,
    folder: &OutputFolder,
    requests: f64,
    summary: &Summary<'_>,
) -> Result<Vec<PathBuf>, ReportError> {
    let mut paths = vec![folder.write("summary.json", |out| write_summary(out, summary))?];
    if let Some(inference) = &run.inference {
        let write = |out: &mut dyn std::io::Write| write_requests(out, run, inference, requests);
        paths.push(folder.write("requests.csv", write)?);
    }
    if !run.replications.is_empty() {
        let write = |out: &mut dyn std::io::Write| write_replications(out, &run.replications);
        paths.push(folder.write("replications.csv", write)?);
    }
    if let Some(training) = &run.training {
        paths.push(folder.write("rounds.csv", |out| write_rounds(out, training))?);
        paths.push(folder.write("accuracy.csv", |out| write_accuracy(out, training))?);
        if let Some(outcomes) = &training.outcomes {
            paths.push(folder.write("outcomes.npz", |out| write_outcomes(out, outcomes))?);
        }
    }
    paths.extend(draw_all(run, folder)?);
    Ok(paths)
}

fn write_outcomes(out: &mut dyn Write, outcomes: &OutcomeTable) -> io::Result<()> {
    // An archive is not written from front to back.
    let archive = outcomes.write(Cursor::new(Vec::new()))?;
    out.write_all(archive.get_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use std::fs;

    fn written(run: &RunResult) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(root.path()).unwrap();
        let paths = write_run(run, &folder, 1.0, Duration::ZERO, &[]).unwrap();
        let found = fs::read_dir(root.path()).unwrap().count();
        assert_eq!(found, paths.len(), "every file is listed and no partial one is left");
        let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        paths.iter().map(name).collect()
    }

    #[test]
    fn a_run_with_training_and_traffic_has_every_file() {
        let names = written(&sample::small());
        assert_eq!(names[..4], ["summary.json", "requests.csv", "rounds.csv", "accuracy.csv"]);
        assert_eq!(names.len(), 4 + 7 * 3, "seven figures as SVG, PNG and CSV");
    }

    #[test]
    fn a_latency_only_run_has_no_training_tables() {
        let names = written(&sample::latency_only());
        assert_eq!(names[..2], ["summary.json", "requests.csv"]);
        assert_eq!(names.len(), 2 + 3 * 3);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let root = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(root.path()).unwrap();
        fs::create_dir(root.path().join("latency_cdf.png")).unwrap();
        let error = write_run(&sample::small(), &folder, 1.0, Duration::ZERO, &[]).unwrap_err();
        assert!(error.to_string().contains("latency_cdf.png cannot be written"), "{error}");
    }

    #[test]
    fn a_later_run_in_the_same_folder_leaves_nothing_of_the_earlier_one() {
        let root = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(root.path()).unwrap();
        fs::write(root.path().join("notes.txt"), "the user's own").unwrap();
        write_run(&sample::small(), &folder, 1.0, Duration::ZERO, &[]).unwrap();
        let later = write_run(&sample::latency_only(), &folder, 1.0, Duration::ZERO, &[]).unwrap();
        let found = fs::read_dir(root.path()).unwrap().count();
        assert_eq!(found, later.len() + 1, "and what is not a run's stays");
    }
}
