//! What an earlier command has left in a folder, and this one did not write anew.

use super::figures;
use super::{ASSUMPTIONS_FILE, HTML_FILE, OutputFolder, ReportError, SCENARIO_FILE};
use crate::learning::Method;
use std::fs;
use std::io::{self, Read as _};
use std::path::PathBuf;

/// The tables and the report of a run.
const RUN_TABLES: [&str; 10] = [
    "summary.json",
    "requests.csv",
    "replications.csv",
    "rounds.csv",
    "accuracy.csv",
    "outcomes.npz",
    ASSUMPTIONS_FILE,
    HTML_FILE,
    "trace.json",
    "trace.json.gz",
];

/// The table of a comparison of methods.
const METHODS: &str = "methods.csv";

/// Tables of other commands than `run`.
const OTHER_TABLES: [&str; 5] =
    ["bounds.csv", "regimes.csv", "capacity.csv", "compare.csv", "sweep.csv"];

/// The most bytes of a summary that are looked at for its scenario's name, which comes first.
const SUMMARY_FRONT: u64 = 4096;

/// Removes what an earlier run or comparison of methods left in `folder` beside what is `written` now,
/// and the folders of methods that are none of `methods`: the folder is one run's.
pub(super) fn remove_of_run(
    folder: &OutputFolder,
    written: &[PathBuf],
    methods: &[&str],
) -> Result<(), ReportError> {
    names_of_run()
        .filter(|name| !written.contains(&folder.path().join(name)))
        .try_for_each(|name| folder.remove(&name))?;
    let earlier = Method::ALL.into_iter().map(Method::name).filter(|name| !methods.contains(name));
    earlier.into_iter().try_for_each(|method| remove_method(folder, method))
}

/// Removes the figures of an earlier command whose names are not fixed and `is_own` tells.
pub(super) fn remove_figures(
    folder: &OutputFolder,
    written: &[PathBuf],
    is_own: impl Fn(&str) -> bool,
) -> Result<(), ReportError> {
    let names = folder.names();
    let figure = |name: &&String| {
        let split = name.rsplit_once('.');
        split.is_some_and(|(stem, kind)| figures::EXTENSIONS.contains(&kind) && is_own(stem))
    };
    names
        .iter()
        .filter(figure)
        .filter(|name| !written.contains(&folder.path().join(name)))
        .try_for_each(|name| folder.remove(name))
}

/// A note if `folder` holds results of another scenario than `scenario`: they will be replaced, but for
/// those of other commands.
pub fn earlier_results(folder: &OutputFolder, scenario: &str) -> Option<String> {
    let earlier = scenario_of(folder).filter(|earlier| earlier != scenario)?;
    let path = folder.path().display();
    let others: Vec<&str> =
        OTHER_TABLES.into_iter().filter(|name| folder.path().join(name).exists()).collect();
    let kept = match others.as_slice() {
        [] => String::new(),
        others => {
            format!("; {} of other commands stay, which may be about it, too", others.join(", "))
        }
    };
    Some(format!(
        "note: {path} holds results of the scenario `{earlier}`, which are replaced{kept}"
    ))
}

/// The files of a run and of a comparison.
fn names_of_run() -> impl Iterator<Item = String> {
    let figures = figures::redrawn_names(false).into_iter().flat_map(|name| {
        figures::EXTENSIONS.iter().map(move |extension| format!("{name}.{extension}"))
    });
    RUN_TABLES.into_iter().chain([METHODS]).map(str::to_owned).chain(figures)
}

/// Removes a method's results of an earlier comparison, and their folder if it holds nothing else.
fn remove_method(folder: &OutputFolder, method: &str) -> Result<(), ReportError> {
    let path = folder.path().join(method);
    if !path.join(RUN_TABLES[0]).is_file() {
        return Ok(());
    }
    let mut names = names_of_run().chain([SCENARIO_FILE.to_owned()]);
    names.try_for_each(|name| folder.remove(&format!("{method}/{name}")))?;
    match fs::remove_dir(&path) {
        Err(cause) if cause.kind() != io::ErrorKind::DirectoryNotEmpty => {
            Err(ReportError::File { path, cause })
        }
        _ => Ok(()),
    }
}

/// The scenario that the summary in `folder` is of, if there is one.
fn scenario_of(folder: &OutputFolder) -> Option<String> {
    let file = fs::File::open(folder.path().join(RUN_TABLES[0])).ok()?;
    let mut front = String::new();
    file.take(SUMMARY_FRONT).read_to_string(&mut front).ok()?;
    let (_, rest) = front.split_once("\"scenario\": \"")?;
    rest.split_once('"').map(|(name, _)| name.to_owned())
}
