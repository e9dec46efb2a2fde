//! Chaos: in small scenarios every device, every link and the server fails in turn at every instant
//! at which anything happens, a nanosecond before and a nanosecond after, for a while and for good.
//! Every run ends, every law that runs are audited by holds, and nothing is unaccounted for.
//!
//! A device fails as the language says: what it computes and what waits for it is lost. A link that
//! fails pauses. The language knows no failing server: here all its links are down at once, so that
//! nothing reaches it and nothing leaves it while it goes on computing, rounds and deadlines included.
//!
//! Nothing is learned: training runs by its clock alone, as in a rehearsal.

mod failure;
mod laws;
mod scenarios;
mod witness;

use super::build::build;
use super::costing::Costing;
use super::error::ExperimentError;
use super::files::Files;
use super::replay::{Learned, SimulatedTraining};
use super::result::RunResult;
use super::run::RunSettings;
use super::single::run_built;
use crate::kernel::StopFlag;
use crate::scenario::{self, LocalWork, Scenario};
use failure::{Failure, Length, Victim};
use std::rc::Rc;
use witness::{Seen, Witness};

/// More events than any disturbed run may take, for each event of the undisturbed one.
const EVENTS_FOR_EACH: u64 = 50;

/// What a run came to and what a witness saw of it.
struct Run {
    result: RunResult,
    seen: Seen,
}

/// A scenario that is run again and again.
struct Subject {
    scenario: Scenario,
    costing: Costing,
    learned: Option<Learned>,
}

impl Subject {
    fn new(yaml: &str) -> Self {
        let loaded = scenario::parse(yaml, "chaos.yaml").unwrap_or_else(|error| panic!("{error}"));
        let scenario = loaded.scenario;
        let costing = Costing::of(&scenario).expect("the scenario is sound");
        let learned = scenario.training.as_ref().map(|spec| {
            let LocalWork::Updates(steps) = spec.local_work else { panic!("state the updates") };
            Learned::of_batches(scenario.fleet.len(), spec.batch_size, steps)
        });
        Self { scenario, costing, learned }
    }

    /// Runs it with `failure`, if any, for at most `limit` events.
    fn run(&self, failure: Option<Failure>, limit: u64) -> Result<Run, ExperimentError> {
        let mut scenario = self.scenario.clone();
        if let Some(failure) = failure {
            failure.strike(&mut scenario);
        }
        let learned = self.learned.clone();
        let training = learned.map(|learned| SimulatedTraining::Replayed(learned, Rc::default()));
        let files = Files::default();
        let mut built = build(&scenario, &self.costing, training.as_ref(), &files, 0, None);
        if let Some(failure) = failure {
            failure.sabotage(&mut built.simulation);
        }
        let stop = StopFlag::default();
        let (witness, seen) = Witness::new(scenario.fleet.len(), limit, stop.clone());
        let settings = RunSettings {
            observers: vec![Box::new(witness)],
            stop: Some(stop),
            ..RunSettings::default()
        };
        let result = run_built(built, &scenario, training.as_ref(), 0, settings)?;
        Ok(Run { result, seen: seen.take() })
    }

    /// All that can fail, at every instant, for every length.
    fn failures(&self, instants: &[u64]) -> impl Iterator<Item = Failure> {
        let mut around: Vec<u64> =
            instants.iter().flat_map(|&at| [at.saturating_sub(1), at, at + 1]).collect();
        around.dedup();
        Victim::all(&self.scenario).into_iter().flat_map(move |victim| {
            let each = around.clone().into_iter();
            each.flat_map(move |at| Length::ALL.map(|length| Failure { victim, at, length }))
        })
    }
}

/// Strikes the scenario in `yaml` everywhere and always; `--nocapture` shows how many runs that took.
fn survives(yaml: &str) {
    let subject = Subject::new(yaml);
    let calm = subject.run(None, u64::MAX).unwrap_or_else(|error| panic!("undisturbed: {error}"));
    laws::check(&subject.scenario, None, &calm).unwrap_or_else(|law| panic!("undisturbed: {law}"));
    let limit = EVENTS_FOR_EACH * calm.result.events;
    let (mut runs, mut longer_or_shorter, mut broken) = (0, 0, Vec::new());
    for failure in subject.failures(&calm.seen.instants) {
        runs += 1;
        let law = match subject.run(Some(failure), limit) {
            Ok(run) => {
                longer_or_shorter += usize::from(run.result.sim_time != calm.result.sim_time);
                laws::check(&subject.scenario, Some(failure), &run)
            }
            Err(error) => Err(error.to_string()),
        };
        if let Err(law) = law {
            broken.push(format!("{failure:?}: {law}"));
        }
    }
    let some = broken.iter().take(8).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(broken.is_empty(), "{} of {runs} runs:\n{some}", broken.len());
    assert!(runs > 500, "only {runs} runs: too little happens to be worth disturbing");
    assert!(longer_or_shorter > runs / 20, "only {longer_or_shorter} of {runs} are disturbed");
    println!("{} events, {runs} runs", calm.result.events);
}
