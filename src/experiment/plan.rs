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
    let every = scenario.evaluate.every.unwrap_or(spec.rounds);
    TrainingPlan {
        rounds: spec.rounds,
        evaluate_after: (1..=spec.rounds)
            .filter(|round| round % every == 0 || *round == spec.rounds)
            .collect(),
        retry_after: spec.retry_after,
        retries: spec.retries,
        client_model: costing.model.device_model_size(),
        client_parameters: costing.phi.parameters + costing.kappa.parameters,
        server_parameters: costing.theta.parameters,
        tasks: (0..size(scenario))
            .map(|client| costing.round_tasks(spec, u64::from(training.batch(client))))
            .collect(),
        steps: (0..size(scenario)).map(|client| training.steps(client)).collect(),
    }
}
