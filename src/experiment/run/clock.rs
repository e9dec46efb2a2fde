//! The clock of a scenario, run again and again without learning anything twice.

use super::{Experiment, RunSettings, checked_costing, run_training};
use crate::actors::Watcher;
use crate::experiment::error::ExperimentError;
use crate::experiment::files::Files;
use crate::experiment::replay::{Learned, SimulatedTraining};
use crate::experiment::result::RunResult;
use crate::experiment::single::run_single;
use crate::scenario::{OutcomeSpec, Scenario};
use std::rc::Rc;

/// Runs a scenario's clock as often as one likes, also on other hardware: what a device learns never
/// depends on how fast it is, so that what was learned once is taken for granted. (Where timing
/// decides what is learned, by a deadline or failures, requests are answered as they were on the
/// scenario's own hardware.) One replication and the first training seed are run.
#[derive(Debug)]
pub struct Clock {
    learned: Option<Learned>,
    files: Files,
    answers: bool,
}

impl Clock {
    /// The clock of the training of `scenario`, without its requests. Nothing is trained.
    ///
    /// # Errors
    /// If the scenario does not fit itself or its data cannot be read.
    pub fn of_training(scenario: &Scenario) -> Result<Self, ExperimentError> {
        let alone = Scenario { inference: None, ..scenario.clone() };
        let (experiment, _) = Experiment::prepare_seed(alone, None)?;
        let training = experiment.training.as_ref();
        let learned = training.map(|training| Learned::nothing(&training.borrow()));
        Ok(Self { learned, files: Files::default(), answers: false })
    }

    /// The clock of `scenario` with its requests. Where these are answered by models of its own it
    /// trains them, or finds them in the store of `settings`.
    ///
    /// # Errors
    /// If the scenario does not fit itself, its data cannot be read, or training fails or is
    /// stopped.
    pub fn of_requests(
        scenario: &Scenario,
        settings: RunSettings,
    ) -> Result<Self, ExperimentError> {
        let alone = Scenario { replications: 1, ..scenario.clone() };
        let (experiment, _) = Experiment::prepare_seed(alone, None)?;
        let learned_answers =
            scenario.inference.as_ref().is_some_and(|spec| spec.outcomes == OutcomeSpec::Learned);
        let learned = match &experiment.training {
            None => None,
            Some(training) if !learned_answers => Some(Learned::nothing(&training.borrow())),
            Some(_) => Some(experiment.learn(settings)?),
        };
        Ok(Self { learned, files: experiment.files, answers: true })
    }

    /// Runs the clock of `scenario`, which is the one that this clock was made from but for its
    /// hardware, and lets `watcher` watch.
    ///
    /// # Errors
    /// If the changed scenario does not fit itself, or the run fails.
    pub fn run(
        &self,
        scenario: &Scenario,
        watcher: Option<Box<dyn Watcher>>,
    ) -> Result<RunResult, ExperimentError> {
        let inference = scenario.inference.clone().filter(|_| self.answers);
        let scenario = Scenario { inference, replications: 1, ..scenario.clone() };
        let costing = checked_costing(&scenario)?;
        let training =
            self.learned.clone().map(|learned| SimulatedTraining::Replayed(learned, Rc::default()));
        let settings = RunSettings { watcher, ..RunSettings::default() };
        run_single(&scenario, &costing, training.as_ref(), &self.files, 0, settings)
    }
}

impl Experiment {
    /// Trains, or recalls what was learned, and leaves everything else.
    fn learn(&self, settings: RunSettings) -> Result<Learned, ExperimentError> {
        self.recall(&settings, &mut || Box::new(|_| ()))?;
        let Self { scenario, costing, training, files, .. } = self;
        let training = training.as_ref().expect("there is training");
        let run = run_training(scenario, costing, training, files, settings)?;
        if run.interrupted {
            return Err(ExperimentError::Interrupted);
        }
        Ok(Learned::from(&training.borrow()))
    }
}
