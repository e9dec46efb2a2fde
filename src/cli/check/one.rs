//! One scenario of `check`.

use super::Listed;
use crate::cli::exit::Failure;
use crate::cli::load::{load, located};
use crate::cli::study::document;
use crate::report::{CheckOutcome, Checked, Finding, OutputFolder, hold_against, main_figures};
use crate::scenario::LoadedScenario;
use crate::study::check::{
    Changes, CheckSettings, FirstDifference, Record, RecordPaths, RunRecord, changes, named_files,
    simulate, simulate_window,
};
use indexmap::IndexMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Events of a block that are shown.
const SHOWN: u64 = 5;

/// What is known of a scenario's run besides how its check ended.
#[derive(Default)]
struct Seen {
    events: u64,
    expectations: Vec<Checked>,
}

/// Checks the scenario, or records it.
pub(super) fn check(listed: &Listed, is_bless: bool, settings: &CheckSettings) -> Finding {
    let mut seen = Seen::default();
    let outcome = outcome(listed, is_bless, settings, &mut seen);
    Finding {
        scenario: listed.path.clone(),
        events: seen.events,
        outcome: outcome.unwrap_or_else(of_failure),
        expectations: seen.expectations,
    }
}

fn outcome(
    listed: &Listed,
    is_bless: bool,
    settings: &CheckSettings,
    seen: &mut Seen,
) -> Result<CheckOutcome, Failure> {
    let (path, paths) = (&listed.path, RecordPaths::beside(&listed.path));
    if !is_bless && !listed.is_named && !paths.exist() {
        return Ok(CheckOutcome::Unrecorded);
    }
    let loaded = load(path)?;
    if !is_bless && !paths.exist() {
        return Ok(CheckOutcome::Unrecorded);
    }
    let recorded = match Record::read(&paths) {
        // What cannot be read is replaced.
        Err(_) if is_bless => None,
        Err(error) => {
            let bless = format!("splitgp-sim check {} --bless", path.display());
            return Err(Failure::BadInput(format!("{error}; `{bless}` makes a new one")));
        }
        Ok(recorded) => recorded,
    };
    let now = run(path, &loaded, settings, seen)?;
    let changed = match recorded {
        None => None,
        Some(recorded) => {
            let mut changes = changes(&recorded, &now);
            show_blocks(&mut changes, &loaded, settings)?;
            Some(Box::new(changes))
        }
    };
    if is_bless {
        write(&now, &paths)?;
        return Ok(CheckOutcome::Blessed(changed.filter(|changes| !changes.is_none())));
    }
    Ok(match changed {
        None => CheckOutcome::Unrecorded,
        Some(changes) if changes.is_failure() => CheckOutcome::Changed(changes),
        Some(changes) => CheckOutcome::Same(changes),
    })
}

/// Runs the scenario as it is now.
fn run(
    path: &Path,
    loaded: &LoadedScenario,
    settings: &CheckSettings,
    seen: &mut Seen,
) -> Result<Record, Failure> {
    let statements: IndexMap<String, String> = document(path)?.statements().into_iter().collect();
    let files = named_files(&statements, path.parent().unwrap_or(Path::new("")));
    let simulated =
        simulate(&loaded.scenario, settings).map_err(|error| located(error, &loaded.source))?;
    if simulated.iter().any(|run| run.result.interrupted) {
        return Err(Failure::Run("interrupted".to_owned()));
    }
    let (mut runs, mut logs) = (IndexMap::new(), IndexMap::new());
    for run in simulated {
        seen.events += run.result.events;
        seen.expectations.extend(hold_against(&run.result, &loaded.expectations));
        let figures = main_figures(&run.result);
        runs.insert(run.name.clone(), RunRecord::of(&run.result, run.ingredients, figures));
        logs.insert(run.name, run.log);
    }
    Ok(Record::new(statements, files, runs, logs))
}

/// Runs again what differs in events that were not kept, to show them.
fn show_blocks(
    changes: &mut Changes,
    loaded: &LoadedScenario,
    settings: &CheckSettings,
) -> Result<(), Failure> {
    for run in &mut changes.runs {
        if let Some(FirstDifference::Block { from, to, got }) = &mut run.first {
            let range = *from - 1..(*to).min(*from - 1 + SHOWN);
            *got = simulate_window(&loaded.scenario, &run.run, range, settings)
                .map_err(|error| located(error, &loaded.source))?;
        }
    }
    Ok(())
}

fn write(record: &Record, paths: &RecordPaths) -> Result<(), Failure> {
    // Several at a time would try out the same folder with the same file.
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let lost = |error: &dyn std::fmt::Display| Failure::Run(format!("error: {error}"));
    let folder = paths.record.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = OutputFolder::prepare(folder.unwrap_or(Path::new("."))).map_err(|e| lost(&e))?;
    let [text, events] = record.to_files().map_err(|error| lost(&error))?;
    // The events first: a record without them would be damaged.
    for (path, content) in [(&paths.events, events), (&paths.record, text)] {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        folder.write(&name, |out| out.write_all(&content)).map_err(|error| lost(&error))?;
    }
    Ok(())
}

fn of_failure(failure: Failure) -> CheckOutcome {
    let message = failure.message().to_owned();
    match failure {
        Failure::Run(_) => CheckOutcome::Failed(message),
        Failure::BadInput(_) | Failure::Unmet(_) => CheckOutcome::Invalid(message),
    }
}
