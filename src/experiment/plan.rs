//! The training plan: what a scenario's training asks of the actors.

use super::costing::Costing;
use super::fleet::size;
use super::replay::SimulatedTraining;
use crate::actors::TrainingPlan;
use crate::scenario::{Scenario, TrainingSpec};

/// The plan of `spec` for the clients of `training`.
pub(super) fn plan(
    scenario: &Scenario,
    spec: &TrainingSpec,
    costing: &Costing,
    training: &SimulatedTraining,
) -> TrainingPlan {
    TrainingPlan {
        rounds: spec.rounds,
        local_updates: spec.local_updates,
        evaluate_after: evaluated_rounds(scenario, spec),
        retry_after: spec.retry_after,
        retries: spec.retries,
        client_model: costing.model.device_model_size(),
        client_parameters: costing.phi.parameters + costing.kappa.parameters,
        server_parameters: costing.theta.parameters,
        tasks: (0..size(scenario))
            .map(|client| costing.round_tasks(u64::from(training.batch(client))))
            .collect(),
    }
}

/// Numbers of finished rounds after which accuracy is evaluated, ascending; the last one is.
pub(super) fn evaluated_rounds(scenario: &Scenario, spec: &TrainingSpec) -> Vec<u32> {
    let every = scenario.evaluate.every.unwrap_or(spec.rounds);
    let is_evaluated = |round: &u32| round % every == 0 || *round == spec.rounds;
    (1..=spec.rounds).filter(is_evaluated).collect()
}
