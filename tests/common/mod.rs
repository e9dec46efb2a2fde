//! Runs scenarios given as text.

use splitgp_sim::experiment::{Experiment, RunResult, RunSettings};
use splitgp_sim::scenario;
use std::num::NonZeroUsize;

/// Runs the scenario in `yaml` on `threads` threads.
pub(crate) fn run_on(yaml: &str, threads: usize) -> RunResult {
    run_with(yaml, RunSettings { threads: NonZeroUsize::new(threads).unwrap(), ..settings() })
}

/// Runs the scenario in `yaml` with `settings`.
pub(crate) fn run_with(yaml: &str, settings: RunSettings) -> RunResult {
    let loaded = scenario::parse(yaml, "test.yaml").unwrap_or_else(|errors| panic!("{errors}"));
    let experiment = Experiment::prepare(loaded.scenario).unwrap_or_else(|error| panic!("{error}"));
    experiment.run(settings).unwrap_or_else(|error| panic!("{error}"))
}

/// One thread, nobody watching.
pub(crate) fn settings() -> RunSettings {
    RunSettings::default()
}
