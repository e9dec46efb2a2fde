//! The training plan: what a scenario's training asks of the actors.

use super::costing::Costing;
use super::fleet::size;
use super::replay::SimulatedTraining;
use crate::actors::{Aggregation, Mixing, Participation, Staleness, TrainingPlan};
use crate::quantity::Bytes;
use crate::random::Streams;
use crate::scenario::{
    AggregationSpec, OffloadSpec, Scenario, ServerModelSpec, StalenessSpec, TrainingSpec,
};

/// The plan of `spec` for the clients of `training`.
pub(super) fn plan(
    scenario: &Scenario,
    spec: &TrainingSpec,
    costing: &Costing,
    training: &SimulatedTraining,
) -> TrainingPlan {
    let device = costing.device_part();
    let device_model = device.model_size();
    let inference = scenario.inference.as_ref();
    let is_client_only = inference.is_some_and(|spec| spec.offload == OffloadSpec::ClientOnly);
    // A device that is to answer alone is given the server's part too.
    let final_model = match is_client_only && spec.method.layout().is_split() {
        true => Bytes(device_model.0 + costing.theta.model_size().0),
        false => device_model,
    };
    let mixes = spec.method.has_lambda() && spec.lambda > 0.0;
    // There are no copies of a common θ to average.
    let shared_theta = spec.server_model == ServerModelSpec::Shared;
    TrainingPlan {
        rounds: spec.rounds,
        evaluate_after: evaluated_rounds(scenario, spec),
        retry_after: spec.retry_after,
        retries: spec.retries,
        averages: spec.method.averages(),
        device_model,
        final_model,
        averaged_parameters: if shared_theta {
            device.parameters
        } else {
            costing.averaged_parameters()
        },
        mixed_parameters: if mixes { device.parameters } else { 0 },
        tasks: (0..size(scenario))
            .map(|client| costing.round_tasks(u64::from(training.batch(client))))
            .collect(),
        steps: (0..size(scenario)).map(|client| training.steps(client)).collect(),
        aggregation: aggregation(scenario, spec.aggregation),
        shared_theta,
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

/// Numbers of finished rounds after which accuracy is evaluated, ascending; the last one is.
pub(super) fn evaluated_rounds(scenario: &Scenario, spec: &TrainingSpec) -> Vec<u32> {
    let every = scenario.evaluate.every.unwrap_or(spec.rounds);
    let is_evaluated = |round: &u32| round.is_multiple_of(every) || *round == spec.rounds;
    (1..=spec.rounds).filter(is_evaluated).collect()
}
