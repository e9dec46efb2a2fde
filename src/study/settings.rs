//! How a study runs.

use crate::experiment::{
    Experiment, ExperimentError, RunResult, RunSettings, StoreSettings, TrainingStart,
};
use crate::scenario::Scenario;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// How a study runs. None of it changes the result.
#[derive(Debug, Clone)]
pub struct StudySettings {
    /// Threads for everything together.
    pub threads: NonZeroUsize,
    /// The folder in which what is learned is kept and looked up, so that runs that would learn
    /// the same train once; `None` to train in each of them.
    pub learned: Option<PathBuf>,
}

impl StudySettings {
    /// The same with a share of the threads for each of `runs` that go on at a time.
    pub(super) fn shared_by(&self, runs: usize) -> Self {
        let share = NonZeroUsize::new(self.threads.get() / runs.max(1));
        Self { threads: share.unwrap_or(NonZeroUsize::MIN), ..self.clone() }
    }

    /// Runs `scenario` to its end.
    pub(super) fn run(&self, scenario: Scenario) -> Result<RunResult, ExperimentError> {
        let store = self.learned.clone().map(|folder| StoreSettings {
            folder,
            start: TrainingStart::Resume,
            checkpoint_every: None,
        });
        let settings = RunSettings { threads: self.threads, store, ..RunSettings::default() };
        Experiment::prepare(scenario)?.run(settings)
    }
}
