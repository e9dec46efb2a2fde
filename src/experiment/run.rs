//! Runs a scenario.

use super::build::{Built, build};
use super::costing::Costing;
use super::energy::energy_result;
use super::error::ExperimentError;
use super::fleet::{members, size};
use super::inference_result::inference_result;
use super::result::{ClientResult, RunResult, StationResult};
use super::traffic::arrival_trace;
use super::training::FederatedTraining;
use super::training_result::training_result;
use crate::actors::{Journal, StationReport};
use crate::kernel::{self, Ended, Observer, RunOptions};
use crate::learning::{Dataset, Federation, LearningConfig};
use crate::scenario::{DataSource, OutcomeSpec, Scenario, TrainingSpec};
use crate::time::SimTime;
use crate::workload::ArrivalTrace;
use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::Arc;

/// How to run. None of it changes the result.
pub struct RunSettings {
    /// Threads for real training.
    pub threads: NonZeroUsize,
    /// Is told how far the run has come.
    pub progress: Option<Box<dyn FnMut(RunProgress)>>,
    /// See every event.
    pub observers: Vec<Box<dyn Observer>>,
}

impl Default for RunSettings {
    /// One thread, nobody watching.
    fn default() -> Self {
        Self { threads: NonZeroUsize::MIN, progress: None, observers: Vec::new() }
    }
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunProgress {
    /// So many training rounds are finished.
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
    trace: Option<ArrivalTrace>,
}

impl Experiment {
    /// Checks that the cut exists and that models fit the devices' memory, without reading data.
    ///
    /// # Errors
    /// [`ExperimentError::Rejected`] with everything that does not fit.
    pub fn check(scenario: &Scenario) -> Result<(), ExperimentError> {
        checked_costing(scenario).map(|_| ())
    }

    /// Checks the scenario, loads its data, deals it to the clients and initialises their models.
    ///
    /// # Errors
    /// If values do not fit each other, or a trace or the data cannot be read or dealt.
    pub fn prepare(scenario: Scenario) -> Result<Self, ExperimentError> {
        let costing = checked_costing(&scenario)?;
        let trace = arrival_trace(&scenario)?;
        let training = match &scenario.training {
            Some(spec) => Some(Rc::new(RefCell::new(federation(&scenario, spec, &costing)?))),
            None => None,
        };
        Ok(Self { scenario, costing, training, trace })
    }

    /// Runs the scenario to its end.
    ///
    /// # Errors
    /// If the run fails; see [`ExperimentError`].
    pub fn run(self, settings: RunSettings) -> Result<RunResult, ExperimentError> {
        let Built { mut simulation, world } =
            build(&self.scenario, &self.costing, self.training.as_ref(), self.trace.as_ref())?;
        for observer in settings.observers {
            simulation.add_observer(observer);
        }
        // A round has no more jobs than clients, so that more threads would only idle.
        let useful = NonZeroUsize::new(size(&self.scenario) as usize).unwrap_or(NonZeroUsize::MIN);
        let threads = settings.threads.min(useful);
        let mut options = RunOptions { threads, ..RunOptions::default() };
        if let Some(progress) = settings.progress {
            let progress = Rc::new(RefCell::new(progress));
            if let Some(training) = &self.training {
                let progress = Rc::clone(&progress);
                training.borrow_mut().on_round(Box::new(move |rounds| {
                    progress.borrow_mut()(RunProgress::Rounds(rounds));
                }));
            }
            let world = Rc::clone(&world);
            options.progress = Some(Box::new(move |at: kernel::Progress| {
                let journal = world.journal.borrow();
                if let (Some(origin), Some(end)) = (journal.origin(), journal.arrivals_end()) {
                    let now = at.time;
                    progress.borrow_mut()(RunProgress::Inference { now, origin, end });
                }
            }));
        }
        let ended = kernel::run(simulation, options)?;
        self.result(ended, world.journal.take())
    }

    fn result(self, ended: Ended, mut journal: Journal) -> Result<RunResult, ExperimentError> {
        let (origin, window) = (journal.origin(), journal.window());
        let (models_held, bytes) = (journal.models_held(), journal.training_bytes());
        let open_requests = journal.open_requests();
        let meter = journal.take_energy();
        let (requests, rounds, timeline, stations) = journal.into_books();
        let scenario = &self.scenario;
        let training = self.training.as_ref().map(|training| {
            let (evaluations, losses) = training.borrow_mut().take_results();
            let held = models_held.expect("training ends with everybody's final models");
            training_result(held, bytes, rounds, losses, evaluations, timeline)
        });
        let inference = match scenario.inference.as_ref().zip(origin).zip(window) {
            Some(((spec, origin), window)) => {
                Some(inference_result(scenario, spec, origin, window, open_requests, requests)?)
            }
            None => None,
        };
        let mut clients: Vec<ClientResult> = members(scenario)
            .map(|member| ClientResult {
                name: member.path(),
                class: member.class,
                samples: self.training.as_ref().map(|t| t.borrow().samples(member.index)),
                requests: 0,
                completed: 0,
                offloaded_fraction: None,
                mean_latency_s: None,
                accuracy: None,
            })
            .collect();
        if let (Some(inference), Some(window)) = (&inference, window) {
            inference.describe_clients(window, &mut clients);
        }
        let energy =
            meter.map(|meter| energy_result(scenario, &meter, inference.as_ref().zip(window)));
        Ok(RunResult {
            scenario: scenario.name.clone(),
            seed: scenario.seed,
            fingerprint: ended.fingerprint,
            events: ended.events,
            sim_time: ended.time,
            classes: scenario.fleet.iter().map(|entry| entry.name.clone()).collect(),
            clients,
            stations: stations.into_iter().map(station_result).collect::<Result<_, _>>()?,
            training,
            inference,
            energy,
        })
    }
}

fn checked_costing(scenario: &Scenario) -> Result<Costing, ExperimentError> {
    let costing = Costing::new(&scenario.model)?;
    let rejections = costing.check_memory(scenario);
    if rejections.is_empty() { Ok(costing) } else { Err(ExperimentError::Rejected(rejections)) }
}

fn federation(
    scenario: &Scenario,
    spec: &TrainingSpec,
    costing: &Costing,
) -> Result<FederatedTraining, ExperimentError> {
    let dealt = scenario.data.as_ref().expect("validated: training needs data");
    let data = match &dealt.source {
        DataSource::Digits => Dataset::digits(),
        DataSource::FashionMnist(folder) | DataSource::Mnist(folder) => Dataset::idx(folder)?,
    };
    let learned = scenario
        .inference
        .as_ref()
        .filter(|inference| inference.outcomes == OutcomeSpec::Learned)
        .map(|inference| inference.ood);
    let max_ood = scenario.evaluate.ood.iter().copied().chain(learned).fold(0.0, f64::max);
    let config = LearningConfig {
        model: costing.model.clone(),
        shards_per_client: dealt.shards_per_client,
        clients: members(scenario).map(|member| member.path()).collect(),
        main_share: dealt.main_share,
        batch_size: spec.batch_size,
        local_updates: spec.local_updates,
        learning_rate: spec.learning_rate,
        gamma: spec.gamma,
        lambda: spec.lambda,
        max_ood,
        seed: scenario.seed,
    };
    let federation = Federation::new(config, Arc::new(data))?;
    let mut thresholds = scenario.evaluate.entropy.clone();
    if let Some(threshold) = scenario.inference.as_ref().and_then(|i| i.offload.threshold()) {
        thresholds.push(threshold);
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
    }
    let ood = scenario.evaluate.ood.clone();
    Ok(FederatedTraining::new(federation, size(scenario), spec.rounds, ood, thresholds))
}

fn station_result(report: StationReport) -> Result<StationResult, ExperimentError> {
    let StationReport { name, stats } = report;
    match stats {
        Ok(stats) => Ok(StationResult {
            name,
            utilisation: stats.utilisation,
            mean_queue: stats.mean_queue,
            max_queue: stats.max_queue,
            completed: stats.completed,
        }),
        Err(law) => Err(ExperimentError::Invariant { station: name, law }),
    }
}
