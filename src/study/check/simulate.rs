//! Runs a scenario with a recorder watching.

use super::ingredients::Ingredients;
use super::log::{EventLog, ShownEvent};
use super::recorder::Recorder;
use super::window::Window;
use crate::experiment::{
    Experiment, ExperimentError, RunResult, RunSettings, StoreSettings, TrainingStart,
};
use crate::kernel::{Observer, StopFlag};
use crate::scenario::Scenario;
use indexmap::IndexMap;
use std::fs;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_128;

/// The largest file named by a scenario that is hashed.
const MAX_HASHED_BYTES: u64 = 256 * 1024 * 1024;

/// What a scenario's only run is called.
const ONLY_RUN: &str = "run";

/// How to check. None of it changes the result.
#[derive(Debug, Clone)]
pub struct CheckSettings {
    /// Threads for one scenario.
    pub threads: NonZeroUsize,
    /// The folder in which what is learned is kept and looked up.
    pub learned: PathBuf,
    /// Ends all runs early when it is raised.
    pub stop: StopFlag,
}

/// One run of a scenario.
pub struct Simulated {
    /// The training method, if the scenario compares several, else `run`.
    pub name: String,
    /// What it came to.
    pub result: RunResult,
    /// What its fingerprint is made of.
    pub ingredients: Ingredients,
    /// Its first events.
    pub log: EventLog,
}

/// Runs `scenario`, with each of its training methods. After a run that was interrupted there is no
/// other.
///
/// # Errors
/// If a run fails.
pub fn simulate(
    scenario: &Scenario,
    settings: &CheckSettings,
) -> Result<Vec<Simulated>, ExperimentError> {
    let mut runs = Vec::new();
    for (name, alone) in named_runs(scenario) {
        let recorder = Recorder::default();
        let result = run(alone, settings, Box::new(recorder.clone()))?;
        let (ingredients, log) = recorder.finish(result.draws);
        let is_over = result.interrupted;
        runs.push(Simulated { name, result, ingredients, log });
        if is_over {
            break;
        }
    }
    Ok(runs)
}

/// The events of the run called `name` whose numbers, from 0, are in `range`: it is run again.
///
/// # Errors
/// If the run fails.
pub fn simulate_window(
    scenario: &Scenario,
    name: &str,
    range: Range<u64>,
    settings: &CheckSettings,
) -> Result<Vec<ShownEvent>, ExperimentError> {
    let window = Window::new(range);
    if let Some((_, alone)) = named_runs(scenario).into_iter().find(|(run, _)| run == name) {
        run(alone, settings, Box::new(window.clone()))?;
    }
    Ok(window.events())
}

fn named_runs(scenario: &Scenario) -> Vec<(String, Scenario)> {
    let compares = scenario.compares_methods();
    let name = |scenario: &Scenario| match &scenario.training {
        Some(training) if compares => training.method.name().to_owned(),
        _ => ONLY_RUN.to_owned(),
    };
    scenario.each_method().into_iter().map(|scenario| (name(&scenario), scenario)).collect()
}

fn run(
    scenario: Scenario,
    settings: &CheckSettings,
    observer: Box<dyn Observer>,
) -> Result<RunResult, ExperimentError> {
    let store = StoreSettings {
        folder: settings.learned.clone(),
        start: TrainingStart::Resume,
        checkpoint_every: None,
    };
    Experiment::prepare(scenario)?.run(RunSettings {
        threads: settings.threads,
        store: Some(store),
        observers: vec![observer],
        stop: Some(settings.stop.clone()),
        ..RunSettings::default()
    })
}

/// Hashes of the files that a scenario's `statements` name, which lie in `folder` or below it: traces,
/// costs, outcomes. Folders of images are not among them.
pub fn named_files(
    statements: &IndexMap<String, String>,
    folder: &Path,
) -> IndexMap<String, String> {
    let hash = |name: &String| {
        let path = folder.join(name);
        let is_file =
            fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= MAX_HASHED_BYTES);
        let bytes = is_file.then(|| fs::read(&path).ok())??;
        Some((name.clone(), format!("{:032x}", xxh3_128(&bytes))))
    };
    statements.values().filter(|value| value.contains('.')).filter_map(hash).collect()
}
