//! Short simulations of a lone device at next to no load.

use crate::actors::{Exit, RequestOutcome};
use crate::experiment::lone_times::PathTimes;
use crate::experiment::result::InferenceResult;
use crate::experiment::run::{Experiment, RunSettings};
use crate::scenario::{
    ArrivalSpec, FleetEntry, InferenceSpec, OffloadSpec, OutcomeSpec, PhaseSpec, Scenario,
    WarmupSpec,
};
use crate::stats::Tally;
use crate::time::SimDuration;

/// Requests of a simulation.
const REQUESTS: u64 = 100;

/// Times the slowest way between two requests, so that nobody waits.
const SPACING: u64 = 4;

/// What one way came to in a simulation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Simulated {
    /// Mean seconds of its answers; infinite if there were none.
    pub mean: f64,
    /// Share of its requests that nobody answered.
    pub lost: f64,
}

/// Simulated means of a lone device, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimulatedTimes {
    /// Of requests that the client exit answered.
    pub client_exit: f64,
    /// Of those that the server exit answered after the client exit had been tried.
    pub offloaded: f64,
    /// The full model on the device; `None` if its memory cannot hold it.
    pub client_only: Option<f64>,
    /// The full model on the server; `None` if its memory cannot hold it.
    pub server_only: Option<f64>,
    /// Share of the requests that were sent to the server exit and not answered.
    pub offloaded_lost: f64,
    /// Share of the requests that were sent to the full model on the server and not answered.
    pub server_only_lost: f64,
}

impl SimulatedTimes {
    /// Of client-only, server-only and SplitGP, whose exits are weighted by β; infinite for what fits
    /// no memory.
    pub fn means(&self, beta: f64) -> [f64; 3] {
        let splitgp = (1.0 - beta) * self.client_exit + beta * self.offloaded;
        let or_never = |time: Option<f64>| time.unwrap_or(f64::INFINITY);
        [or_never(self.client_only), or_never(self.server_only), splitgp]
    }

    /// The same with the shares of requests that are lost: a lone device loses none of its own.
    pub fn ways(&self, beta: f64) -> [Simulated; 3] {
        let [client_only, server_only, splitgp] = self.means(beta);
        [
            (client_only, 0.0),
            (server_only, self.server_only_lost),
            (splitgp, beta * self.offloaded_lost),
        ]
        .map(|(mean, lost)| Simulated { mean, lost })
    }
}

/// One device of the class at `index` of `scenario`, simulated by each way; `None` if its memory cannot
/// hold φ and κ. Jitter, loss, outages and others' messages are those of the scenario; drawn figures
/// are at their medians.
pub(super) fn simulate_class(
    scenario: &Scenario,
    index: usize,
    times: &PathTimes,
) -> Option<SimulatedTimes> {
    let run = |policy| simulate(alone(scenario, index, policy, times.longest()));
    // Half of the requests go each way; how many do not matter here.
    let both = run(OffloadSpec::Random(0.5))?;
    let mean = |inference: &InferenceResult| Some(inference.latency?.mean);
    let server_only = run(OffloadSpec::ServerOnly);
    Some(SimulatedTimes {
        client_exit: mean_of(&both, Exit::Client)?,
        offloaded: mean_of(&both, Exit::Server)?,
        client_only: run(OffloadSpec::ClientOnly).as_ref().and_then(mean),
        server_only: server_only.as_ref().and_then(mean),
        offloaded_lost: lost_of_server(&both),
        server_only_lost: server_only.as_ref().map_or(1.0, lost_of_server),
    })
}

/// All requests of `scenario` together, over its replications; `None` if a part does not fit its
/// memory or nothing is asked.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
pub(super) fn simulate_all(scenario: Scenario) -> Option<Simulated> {
    let inference = simulate(scenario)?;
    let mean = inference.latency.map_or(f64::INFINITY, |latency| latency.mean);
    let answered = inference.completed as f64 / inference.requests.max(1) as f64;
    (inference.requests > 0).then_some(Simulated { mean, lost: 1.0 - answered })
}

/// Share of the requests sent to the server that were not answered; 0 without any.
fn lost_of_server(inference: &InferenceResult) -> f64 {
    let sent = inference.records.iter().filter(|record| record.exit == Some(Exit::Server));
    let lost: Tally =
        sent.map(|record| f64::from(record.outcome != RequestOutcome::Completed)).collect();
    lost.mean().unwrap_or(0.0)
}

fn simulate(scenario: Scenario) -> Option<InferenceResult> {
    let experiment = Experiment::prepare(scenario).ok()?;
    experiment.run(RunSettings::default()).ok()?.inference
}

fn mean_of(inference: &InferenceResult, exit: Exit) -> Option<f64> {
    let answered = inference.answered_in_window().filter(|(record, _)| record.exit == Some(exit));
    answered.map(|(_, latency)| latency.as_secs_f64()).collect::<Tally>().mean()
}

/// The scenario with one device of a class and requests that never meet.
fn alone(
    scenario: &Scenario,
    index: usize,
    offload: OffloadSpec,
    longest: SimDuration,
) -> Scenario {
    let entry = FleetEntry {
        count: 1,
        drawn: Vec::new(),
        availability: None,
        ..scenario.fleet[index].clone()
    };
    let period = longest.saturating_mul(SPACING).max(SimDuration::from_nanos(1));
    let arrivals = ArrivalSpec::Periodic { period, phase: PhaseSpec::At(SimDuration::ZERO) };
    with_traffic(Scenario { fleet: vec![entry], ..scenario.clone() }, arrivals, offload, period)
}

/// The scenario without learning, whose clients ask by `arrivals` every `gap` on average.
fn with_traffic(
    scenario: Scenario,
    arrivals: ArrivalSpec,
    offload: OffloadSpec,
    gap: SimDuration,
) -> Scenario {
    let duration = gap.saturating_mul(REQUESTS);
    Scenario {
        data: None,
        training: None,
        inference: Some(InferenceSpec {
            arrivals,
            duration,
            warmup: WarmupSpec::Stated(SimDuration::ZERO),
            drain_limit: duration.saturating_mul(10),
            ood: 0.0,
            offload,
            outcomes: OutcomeSpec::Stated { client_accuracy: 1.0, server_accuracy: 1.0 },
            deadline: None,
        }),
        replications: 1,
        ..scenario
    }
}
