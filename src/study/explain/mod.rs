//! Why a training round, or the slowest requests, took so long, and what would have helped.
//!
//! A round lasts until its last update is aggregated: its critical path is what happened, one after
//! the other, to the client whose update came last, from the download of its models to the
//! aggregation. Its parts tile the round's time to the nanosecond. A slow request's path is its own
//! way through stations and links, and tiles its latency alike.
//!
//! What would have helped is not estimated from the path, since whatever is mended makes way for the
//! next bottleneck: for each kind of station the scenario is simulated again with that one twice as
//! fast and everything else, random draws included, the same.

mod path;
mod requests;
mod round;
mod speedup;
mod watchers;

pub use path::{Leg, Stage, StageShare};
pub use requests::{ClassShare, RequestsExplanation, SlowShare, explain_requests};
pub use round::{Decision, RoundExplanation, explain_round};
pub use speedup::Speedup;

use super::error::StudyError;
use super::{StudySettings, parallel};
use crate::experiment::{Clock, RunResult};
use crate::scenario::Scenario;
use crate::time::SimDuration;

/// What came of making one thing twice as fast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// What was made faster, for people.
    pub name: String,
    /// The explained time then: of the round, or the quantile of latency.
    pub time: SimDuration,
    /// The whole then: training, or the mean latency.
    pub whole: SimDuration,
}

/// Simulates `scenario` again with each of the `speedups` by itself; `measure` reads the explained
/// time and the whole from a result, if it has them. The best comes first.
fn measured(
    clock: &Clock,
    scenario: &Scenario,
    speedups: &[Speedup],
    settings: &StudySettings,
    measure: impl Fn(&RunResult) -> Option<(SimDuration, SimDuration)> + Sync,
) -> Result<Vec<Measured>, StudyError> {
    let mut results: Vec<Option<Measured>> = vec![None; speedups.len()];
    parallel::each(
        speedups,
        settings.threads,
        |speedup| {
            let name = speedup.name(scenario);
            let result = clock
                .run(&speedup.of(scenario), None)
                .map_err(|cause| StudyError::run(format!("{name} twice as fast"), cause))?;
            Ok(measure(&result).map(|(time, whole)| Measured { name, time, whole }))
        },
        |place, result| {
            results[place] = result;
            Ok::<(), StudyError>(())
        },
    )?;
    let mut results: Vec<Measured> = results.into_iter().flatten().collect();
    // Stable: of equals the one that the path spent more time at.
    results.sort_by_key(|measured| measured.time);
    Ok(results)
}
