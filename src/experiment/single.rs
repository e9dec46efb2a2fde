//! Runs one replication.

use super::build::{Built, build};
use super::costing::Costing;
use super::energy::energy_result;
use super::error::ExperimentError;
use super::files::Files;
use super::fleet::{members, size};
use super::inference_result::inference_result;
use super::methods::DeviceCosts;
use super::replay::SimulatedTraining;
use super::result::{ClientResult, RunResult, StationResult, TrainingResult};
use super::run::{RunProgress, RunSettings};
use super::store::LearnedBy;
use super::training_result::training_result;
use super::verdict::Verdict;
use crate::actors::{Journal, StationReport, World};
use crate::kernel::{self, Ended, Paths, RunOptions};
use crate::scenario::Scenario;
use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::rc::Rc;

/// Runs one `replication` of `scenario` with its `training`, if it trains, and what its `files` say,
/// to its end.
///
/// # Errors
/// If the run fails; see [`ExperimentError`].
pub(super) fn run_single(
    scenario: &Scenario,
    costing: &Costing,
    training: Option<&SimulatedTraining>,
    files: &Files,
    replication: u32,
    mut settings: RunSettings,
) -> Result<RunResult, ExperimentError> {
    let watcher = settings.watcher.take();
    let built = build(scenario, costing, training, files, replication, watcher);
    run_built(built, scenario, training, replication, settings)
}

/// Runs what was [`build`]t of one `replication` of `scenario` to its end.
///
/// # Errors
/// If the run fails; see [`ExperimentError`].
pub(super) fn run_built(
    built: Built,
    scenario: &Scenario,
    training: Option<&SimulatedTraining>,
    replication: u32,
    settings: RunSettings,
) -> Result<RunResult, ExperimentError> {
    let Built { mut simulation, world } = built;
    for observer in settings.observers {
        simulation.add_observer(observer);
    }
    // A round has no more jobs than clients, so that more threads would only idle.
    let useful = NonZeroUsize::new(size(scenario) as usize).unwrap_or(NonZeroUsize::MIN);
    let threads = settings.threads.min(useful);
    let mut options = RunOptions { threads, ..RunOptions::default() };
    options.stop = settings.stop;
    options.progress =
        settings.progress.map(|progress| follow(progress, training, Rc::clone(&world)));
    let paths = simulation.paths();
    let ended = kernel::run(simulation, options).map_err(|error| match scenario.replications {
        1 => ExperimentError::Simulation(error),
        _ => ExperimentError::Replication { replication, error },
    })?;
    result(scenario, training, replication, ended, world.journal.take(), &paths)
}

/// Tells `progress` of training rounds as they are aggregated, and of inference slice by slice.
fn follow(
    progress: Box<dyn FnMut(RunProgress)>,
    training: Option<&SimulatedTraining>,
    world: Rc<World>,
) -> Box<dyn FnMut(kernel::Progress)> {
    let progress = Rc::new(RefCell::new(progress));
    if let Some(SimulatedTraining::Real(training)) = training {
        let progress = Rc::clone(&progress);
        training.borrow_mut().on_round(Box::new(move |rounds| {
            progress.borrow_mut()(RunProgress::Rounds(rounds));
        }));
    }
    Box::new(move |at: kernel::Progress| {
        let journal = world.journal.borrow();
        if let (Some(origin), Some(end)) = (journal.origin(), journal.arrivals_end()) {
            progress.borrow_mut()(RunProgress::Inference { now: at.time, origin, end });
        }
    })
}

fn result(
    scenario: &Scenario,
    training: Option<&SimulatedTraining>,
    replication: u32,
    ended: Ended,
    mut journal: Journal,
    paths: &Paths,
) -> Result<RunResult, ExperimentError> {
    let (origin, window) = (journal.origin(), journal.window());
    let (models_held, bytes) = (journal.models_held(), journal.training_bytes());
    let open_requests = journal.open_requests();
    let (meter, links) = (journal.take_energy(), journal.take_links());
    let (requests, rounds, timeline, stations) = journal.into_books();
    let lossy = rounds.iter().find(|record| record.arrived < record.participants);
    if let Some(record) = lossy.filter(|_| scenario.replications > 1) {
        return Err(ExperimentError::LearningDiffers { replication, round: record.round });
    }
    let training_part = training.zip(scenario.training.as_ref()).map(|(training, spec)| {
        let (evaluations, losses) = match training {
            SimulatedTraining::Real(training) => training.borrow_mut().take_results(),
            // Its rounds have their times.
            SimulatedTraining::Replayed(..) => (Vec::new(), vec![None; rounds.len()]),
        };
        let (learned_by, outcomes) = match training {
            SimulatedTraining::Real(training) => {
                let training = training.borrow();
                (training.learned_by(), training.table())
            }
            SimulatedTraining::Replayed(..) => (LearnedBy::Recalling, None),
        };
        let held = models_held.unwrap_or(ended.time);
        let result =
            training_result(spec.method, held, bytes, rounds, losses, evaluations, timeline);
        let samples = members(scenario).map(|member| training.samples(member.index));
        let device = DeviceCosts::of(scenario, samples)?;
        Ok::<_, ExperimentError>(TrainingResult { device, learned_by, outcomes, ..result })
    });
    let training_part = training_part.transpose()?;
    let inference = match scenario.inference.as_ref().zip(origin).zip(window) {
        Some(((spec, origin), window)) => {
            Some(inference_result(scenario, spec, origin, window, open_requests, requests)?)
        }
        None => None,
    };
    let mut clients: Vec<ClientResult> = members(scenario)
        .map(|member| ClientResult {
            name: member.path().into(),
            class: member.class,
            samples: training.map(|training| training.samples(member.index)),
            requests: 0,
            completed: 0,
            offloaded_fraction: None,
            mean_latency_s: None,
            accuracy: None,
        })
        .collect();
    if let Some(inference) = &inference {
        inference.describe_clients(&mut clients);
    }
    let stations: Vec<StationResult> = stations
        .into_iter()
        .map(|report| station_result(report, paths))
        .collect::<Result<_, _>>()?;
    let energy = meter.map(|meter| energy_result(scenario, &meter, inference.as_ref()));
    Ok(RunResult {
        scenario: scenario.name.clone(),
        seed: scenario.seed,
        fingerprint: ended.fingerprint,
        draws: ended.draws,
        events: ended.events,
        interrupted: ended.interrupted,
        sim_time: ended.time,
        classes: scenario.fleet.iter().map(|entry| entry.name.clone()).collect(),
        clients,
        verdict: inference.as_ref().and_then(|_| Verdict::of(&stations)),
        stations,
        training: training_part,
        inference,
        energy,
        links,
        threshold: scenario.inference.as_ref().and_then(|spec| spec.offload.threshold()),
        replications: Vec::new(),
    })
}

impl RunResult {
    /// The same without single requests, of which only the first replication's are reported.
    pub(super) fn without_records(mut self) -> Self {
        if let Some(inference) = &mut self.inference {
            inference.records = Vec::new();
        }
        self
    }
}

fn station_result(report: StationReport, paths: &Paths) -> Result<StationResult, ExperimentError> {
    let StationReport { actor, stats } = report;
    let name = paths.of(actor);
    match stats {
        Ok(stats) => Ok(StationResult {
            name: name.into(),
            utilisation: stats.utilisation,
            offered_load: stats.offered_load,
            mean_queue: stats.mean_queue,
            max_queue: stats.max_queue,
            completed: stats.completed,
            half_widths: None,
        }),
        Err(law) => Err(ExperimentError::Invariant { station: name.to_string(), law: *law }),
    }
}
