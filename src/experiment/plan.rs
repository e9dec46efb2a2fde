//! The training plan: what a scenario's training asks of the actors.

use super::costing::Costing;
use super::fleet::size;
use super::replay::SimulatedTraining;
use crate::actors::{Aggregation, Mixing, Participation, Staleness, TrainingPlan};
use crate::random::Streams;
use crate::scenario::{AggregationSpec, Scenario, ServerModelSpec, StalenessSpec, TrainingSpec};

/// The plan of `spec` for the clients of `training`.
pub(super) fn plan(
    scenario: &Scenario,
    spec: &TrainingSpec,
    costing: &Costing,
    training: &SimulatedTraining,
) -> TrainingPlan {
    let every = scenario.evaluate.every.unwrap_or(spec.rounds);
    TrainingPlan {
        rounds: spec.rounds,
        local_updates: spec.local_updates,
        evaluate_after: (1..=spec.rounds)
            .filter(|round| round % every == 0 || *round == spec.rounds)
            .collect(),
        retry_after: spec.retry_after,
        retries: spec.retries,
        client_model: costing.model.device_model_size(),
        client_parameters: costing.phi.parameters + costing.kappa.parameters,
        server_parameters: costing.theta.parameters,
        tasks: (0..size(scenario))
            .map(|client| costing.round_tasks(u64::from(training.batch(client))))
            .collect(),
        aggregation: aggregation(scenario, spec.aggregation),
        shared_theta: spec.server_model == ServerModelSpec::Shared,
    }
}

/// When updates are aggregated. Participants are the same in every replication: these redraw traffic
/// and network, not what is learned.
fn aggregation(scenario: &Scenario, spec: AggregationSpec) -> Aggregation {
    match spec {
        AggregationSpec::Synchronous { participation, deadline } => {
            let stream = Streams::new(scenario.seed, 0).stream("server", "participation");
            let participation = Participation::new(participation, size(scenario) as usize, stream);
            Aggregation::Synchronous { participation, deadline }
        }
        AggregationSpec::Asynchronous { mixing, staleness } => {
            let staleness = match staleness {
                StalenessSpec::Constant => Staleness::Constant,
                StalenessSpec::Polynomial(exponent) => Staleness::Polynomial(exponent),
                StalenessSpec::Hinge { after, slope } => Staleness::Hinge { after, slope },
            };
            Aggregation::Asynchronous(Mixing { alpha: mixing, staleness })
        }
    }
}
