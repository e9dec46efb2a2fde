//! Runs a scenario.

use super::costing::Costing;
use super::error::ExperimentError;
use super::files::Files;
use super::fleet::{members, size};
use super::memory;
use super::network;
use super::plan::evaluated_rounds;
use super::recall::recall;
use super::replay::{Learned, SimulatedTraining};
use super::replications::{in_parallel, join};
use super::result::RunResult;
use super::seeds::{self, Notices};
use super::single::run_single;
use super::store::{StoreNotice, StoreSettings};
use super::training::{FederatedTraining, StopAfter};
use crate::actors::Watcher;
use crate::kernel::{Observer, SimError, StopFlag};
use crate::learning::{DataError, Dataset, Federation, LearningConfig};
use crate::scenario::{
    AggregationSpec, DataSource, DataSpec, OutcomeSpec, Scenario, ServerModelSpec, TrainingSpec,
};
use crate::time::SimTime;
use std::cell::RefCell;
use std::num::{NonZeroU32, NonZeroUsize};
use std::rc::Rc;
use std::sync::Arc;

mod clock;

pub use clock::Clock;

/// How to run. None of it changes the result.
pub struct RunSettings {
    /// Threads for real training.
    pub threads: NonZeroUsize,
    /// Is told how far the run has come.
    pub progress: Option<Box<dyn FnMut(RunProgress)>>,
    /// See every event.
    pub observers: Vec<Box<dyn Observer>>,
    /// Is told what every station does.
    pub watcher: Option<Box<dyn Watcher>>,
    /// Where what is learned is kept, if anywhere. What was learned before is not learned again.
    pub store: Option<StoreSettings>,
    /// Is told what a user should know of the store.
    pub notices: Option<Box<dyn FnMut(StoreNotice)>>,
    /// Ends the run early when it is raised.
    pub stop: Option<StopFlag>,
    /// Ends the run early after so many training rounds, evaluated if they are to be.
    pub stop_after: Option<NonZeroU32>,
}

impl Default for RunSettings {
    /// One thread, nobody watching, nothing kept.
    fn default() -> Self {
        Self {
            threads: NonZeroUsize::MIN,
            progress: None,
            observers: Vec::new(),
            watcher: None,
            store: None,
            notices: None,
            stop: None,
            stop_after: None,
        }
    }
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunProgress {
    /// So many training rounds are finished, those with earlier seeds included.
    Rounds(u32),
    /// Inference has come to `now`; requests stop arriving at `end`.
    Inference {
        /// The present simulated time.
        now: SimTime,
        /// When inference began.
        origin: SimTime,
        /// When arrivals stop.
        end: SimTime,
    },
}

/// A scenario whose data is loaded and whose values have been found to fit each other.
pub struct Experiment {
    scenario: Scenario,
    costing: Costing,
    training: Option<Rc<RefCell<FederatedTraining>>>,
    files: Files,
    /// Training with the seeds after the first one.
    other_seeds: Vec<Self>,
}

impl Experiment {
    /// Checks that the cut exists, that models fit the devices' memory and that every device reaches
    /// the server, without reading data; of several methods each is checked.
    ///
    /// # Errors
    /// [`ExperimentError::Rejected`] with everything that does not fit.
    pub fn check(scenario: &Scenario) -> Result<(), ExperimentError> {
        scenario.each_method().iter().try_for_each(|scenario| checked_costing(scenario).map(|_| ()))
    }

    /// Reads the files that the scenario names besides its data, arrivals and outcomes, and checks
    /// that they suffice for what it asks.
    ///
    /// # Errors
    /// [`ExperimentError::Rejected`] with the first one that does not.
    pub fn check_files(scenario: &Scenario) -> Result<(), ExperimentError> {
        for scenario in scenario.each_method() {
            Files::read(&scenario)?;
        }
        Ok(())
    }

    /// Checks the scenario, loads its data, deals it to the clients and initialises their models.
    /// Of several methods it is the first one's experiment.
    ///
    /// # Errors
    /// If values do not fit each other, or a file or the data cannot be read or dealt.
    pub fn prepare(scenario: Scenario) -> Result<Self, ExperimentError> {
        let others = seeds::others(&scenario);
        let (first, data) = Self::prepare_seed(scenario, None)?;
        let others =
            others.into_iter().map(|scenario| Ok(Self::prepare_seed(scenario, data.clone())?.0));
        let other_seeds = others.collect::<Result<_, ExperimentError>>()?;
        Ok(Self { other_seeds, ..first })
    }

    /// The experiment of the scenario's first seed on `data`, or on those that it loads and returns.
    fn prepare_seed(
        scenario: Scenario,
        data: Option<Arc<Dataset>>,
    ) -> Result<(Self, Option<Arc<Dataset>>), ExperimentError> {
        let costing = checked_costing(&scenario)?;
        let files = Files::read(&scenario)?;
        let (training, data) = match (&scenario.training, data) {
            (None, data) => (None, data),
            (Some(spec), data) => {
                let read = || dataset(&dealt(&scenario).source).map(Arc::new);
                let data = data.map_or_else(read, Ok)?;
                let training = federation(&scenario, spec, &costing, Arc::clone(&data))?;
                (Some(Rc::new(RefCell::new(training))), Some(data))
            }
        };
        Ok((Self { scenario, costing, training, files, other_seeds: Vec::new() }, data))
    }

    /// Runs the scenario to its end, then its training with all further seeds. Several replications
    /// run on all threads; observers and the watcher follow the first one of the first seed.
    ///
    /// # Errors
    /// If the run fails; see [`ExperimentError`].
    pub fn run(mut self, mut settings: RunSettings) -> Result<RunResult, ExperimentError> {
        let others = std::mem::take(&mut self.other_seeds);
        if others.is_empty() {
            return self.run_seed(settings);
        }
        let (mut progress, mut notices) =
            (seeds::split(settings.progress.take()), seeds::share(settings.notices.take()));
        let (threads, store, stop, stop_after) =
            (settings.threads, settings.store.clone(), settings.stop.clone(), settings.stop_after);
        let spec = self.scenario.training.as_ref().expect("only training has seeds");
        let (rounds, all) = (spec.rounds, spec.seeds(self.scenario.seed));
        let settings = RunSettings { progress: progress(0), notices: notices(), ..settings };
        let first = self.run_seed(settings)?;
        // A run that is to end after so many rounds does so with each seed.
        let goes_on = !first.interrupted
            || stop_after.is_some() && !stop.as_ref().is_some_and(StopFlag::is_raised);
        if !goes_on {
            return Ok(first);
        }
        let others = (1..).zip(others).map(|(index, experiment)| {
            experiment.run_seed(RunSettings {
                threads,
                progress: progress(rounds.saturating_mul(index)),
                notices: notices(),
                store: store.clone(),
                stop: stop.clone(),
                stop_after,
                ..RunSettings::default()
            })
        });
        seeds::join(&all, first, others)
    }

    /// Runs the scenario with the first seed alone.
    fn run_seed(self, mut settings: RunSettings) -> Result<RunResult, ExperimentError> {
        let mut notices = seeds::share(settings.notices.take());
        self.recall(&settings, &mut || notices().unwrap_or_else(|| Box::new(|_| ())))?;
        let Self { scenario, costing, training, files, .. } = &self;
        let (threads, stop) = (settings.threads, settings.stop.clone());
        let repeat = |number, learned: Option<Learned>| {
            let settings = RunSettings { stop: stop.clone(), ..RunSettings::default() };
            let training =
                learned.map(|learned| SimulatedTraining::Replayed(learned, Rc::default()));
            run_single(scenario, costing, training.as_ref(), files, number, settings)
                .map(RunResult::without_records)
        };
        let replications = 1..scenario.replications;
        let (first, others) = match training {
            None => {
                let first = || run_single(scenario, costing, None, files, 0, settings);
                in_parallel(replications, threads, |number| repeat(number, None), first)
            }
            // The others repeat the clock with what the first one has learned.
            Some(training) => {
                let first = run_training(scenario, costing, training, files, settings)?;
                if first.interrupted {
                    return Ok(first);
                }
                let learned = Learned::from(&training.borrow());
                let run = |number| repeat(number, Some(learned.clone()));
                in_parallel(replications, threads, run, || Ok(first))
            }
        };
        let (mut first, mut others) = (first?, others?);
        // Means are over whole replications.
        first.interrupted |= others.iter().any(|other| other.interrupted);
        others.retain(|other| !other.interrupted);
        if others.is_empty() { Ok(first) } else { Ok(join(first, others)) }
    }

    /// Looks up what was learned before, if there is training and a store.
    fn recall(
        &self,
        settings: &RunSettings,
        notices: &mut dyn FnMut() -> Notices,
    ) -> Result<(), ExperimentError> {
        let Self { scenario, costing, training, .. } = self;
        let (Some(spec), Some(training)) = (&scenario.training, training) else { return Ok(()) };
        let Some(store) = &settings.store else { return Ok(()) };
        let (mut training, stop) = (training.borrow_mut(), settings.stop.clone());
        recall(scenario, spec, costing, &mut training, store, stop, notices)
    }
}

/// Runs the first replication, which trains in earnest. What was finished when the run ended early
/// is kept.
fn run_training(
    scenario: &Scenario,
    costing: &Costing,
    training: &Rc<RefCell<FederatedTraining>>,
    files: &Files,
    mut settings: RunSettings,
) -> Result<RunResult, ExperimentError> {
    if let Some(rounds) = settings.stop_after {
        let stop = settings.stop.unwrap_or_default().child();
        settings.stop = Some(stop.clone());
        let spec = scenario.training.as_ref().expect("there is training");
        let (rounds, evaluated) = (rounds.get(), evaluated_rounds(scenario, spec));
        let evaluated = evaluated.contains(&rounds);
        training.borrow_mut().stop_after(StopAfter { rounds, evaluated, stop });
    }
    let real = SimulatedTraining::Real(Rc::clone(training));
    let run = run_single(scenario, costing, Some(&real), files, 0, settings);
    match &run {
        Ok(result) if result.interrupted => training.borrow_mut().ended_early(),
        Err(ExperimentError::Simulation(SimError::Actor { .. })) => training.borrow_mut().failed(),
        _ => {}
    }
    run
}

fn checked_costing(scenario: &Scenario) -> Result<Costing, ExperimentError> {
    let costing = Costing::of(scenario)?;
    let mut rejections = memory::rejections(scenario, &costing);
    rejections.extend(network::rejections(scenario));
    if rejections.is_empty() { Ok(costing) } else { Err(ExperimentError::Rejected(rejections)) }
}

fn dealt(scenario: &Scenario) -> &DataSpec {
    scenario.data.as_ref().expect("validated: training needs data")
}

fn federation(
    scenario: &Scenario,
    spec: &TrainingSpec,
    costing: &Costing,
    data: Arc<Dataset>,
) -> Result<FederatedTraining, ExperimentError> {
    let dealt = dealt(scenario);
    let learned = scenario
        .inference
        .as_ref()
        .filter(|inference| inference.outcomes == OutcomeSpec::Learned)
        .map(|inference| inference.ood);
    let max_ood = scenario.evaluate.ood.iter().copied().chain(learned).fold(0.0, f64::max);
    let config = LearningConfig {
        method: spec.method,
        model: costing.model.clone(),
        partition: dealt.partition,
        clients: members(scenario).map(|member| member.path()).collect(),
        main_share: dealt.main_share,
        batch_size: spec.batch_size,
        local_work: spec.local_work,
        sgd: spec.sgd,
        gamma: spec.gamma,
        lambda: spec.lambda,
        evaluated: scenario.evaluate.models,
        max_ood,
        seed: spec.seeds(scenario.seed)[0],
    };
    let federation = Federation::new(config, data)?;
    let thresholds = thresholds(scenario);
    let ood = scenario.evaluate.ood.clone();
    let mut training =
        FederatedTraining::new(federation, size(scenario), spec.rounds, ood, thresholds);
    if scenario.evaluate.gradient_norm {
        training.measure_gradients();
    }
    Ok(match (spec.server_model, spec.aggregation) {
        (ServerModelSpec::Shared, _) => training.on_one_theta(),
        (_, AggregationSpec::Asynchronous { .. }) => training.one_by_one(),
        _ => training,
    })
}

/// E_th at which accuracy is evaluated: those asked for and the policy's own, ascending.
pub(super) fn thresholds(scenario: &Scenario) -> Vec<f64> {
    let mut thresholds = scenario.evaluate.entropy.clone();
    if let Some(threshold) = scenario.inference.as_ref().and_then(|i| i.offload.threshold()) {
        thresholds.push(threshold);
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
    }
    thresholds
}

/// Reads the images.
fn dataset(source: &DataSource) -> Result<Dataset, DataError> {
    match source {
        DataSource::Digits => Ok(Dataset::digits()),
        DataSource::FashionMnist(folder) => Dataset::idx(folder).map_err(|error| {
            error.to_be_had("https://github.com/zalandoresearch/fashion-mnist, folder data/fashion")
        }),
        DataSource::Mnist(folder) => Dataset::idx(folder)
            .map_err(|error| error.to_be_had("https://storage.googleapis.com/cvdf-datasets/mnist")),
        DataSource::Cifar10(folder) => Dataset::cifar10(folder).map_err(|error| {
            error.to_be_had("https://www.cs.toronto.edu/~kriz/cifar.html, the binary version")
        }),
        DataSource::Npz { path, classes } => Dataset::npz(path, *classes),
    }
}
