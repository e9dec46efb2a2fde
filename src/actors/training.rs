//! What actors need to know of training: its tasks in the clock, and a trait behind which the
//! real training is done.

use crate::cost::Work;
use crate::quantity::Bytes;
use crate::time::{SimDuration, SimTime};
use std::cell::RefCell;
use std::rc::Rc;

/// Real work of a round, to be run on any thread. It leaves its result with the [`Training`] that
/// made it and returns what went wrong, if anything.
pub type RoundJob = Box<dyn FnOnce() -> Result<(), String> + Send>;

/// The real training behind the simulated one.
pub trait Training {
    /// The whole of a client's local round, from the models it holds now.
    fn local_round(&mut self, client: u32, round: u32) -> RoundJob;

    /// Ends a round: averages the finished updates of the `arrived` clients, given in client order
    /// (there may be none), for everybody's personalised aggregates.
    fn aggregate(&mut self, arrived: &[u32]);

    /// The evaluation of a client's present models.
    fn evaluation(&mut self, client: u32) -> RoundJob;

    /// All clients' evaluations after `rounds_done` rounds, aggregated at `time`, are done.
    fn evaluated(&mut self, rounds_done: u32, time: SimTime);
}

/// Training as all actors share it: its plan, and the real work behind it.
#[derive(Clone)]
pub struct SharedTraining {
    /// Its tasks in the clock.
    pub plan: Rc<TrainingPlan>,
    /// The real training.
    pub backend: Rc<RefCell<dyn Training>>,
}

/// What a client's training round costs it, its links and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundTasks {
    /// Device: φ forward of one mini-batch.
    pub forward: Work,
    /// Device: κ forward and backward, φ backward, SGD step.
    pub backward: Work,
    /// Server: θ forward and backward, SGD step.
    pub server_step: Work,
    /// Up: smashed data and labels of one mini-batch.
    pub smashed: Bytes,
    /// Down: the gradient with respect to the smashed data.
    pub gradient: Bytes,
}

/// The training of a scenario as the actors carry it out.
#[derive(Debug, Clone)]
pub struct TrainingPlan {
    /// Global rounds.
    pub rounds: u32,
    /// Numbers of finished rounds after which accuracy is evaluated, ascending.
    pub evaluate_after: Vec<u32>,
    /// How long a sender waits before it resends a dropped transfer.
    pub retry_after: SimDuration,
    /// How often it resends before the client fails the round.
    pub retries: u32,
    /// φ and κ on the wire.
    pub client_model: Bytes,
    /// Parameters of φ and κ.
    pub client_parameters: u64,
    /// Parameters of θ.
    pub server_parameters: u64,
    /// Tasks of each client.
    pub tasks: Vec<RoundTasks>,
    /// Mini-batches of each client in a round.
    pub steps: Vec<u32>,
}

impl TrainingPlan {
    /// The server job after a round: averaging `arrived` clients' φ, κ, θ takes a multiplication
    /// and an addition a parameter, 2·m·(φ + κ + θ) FLOPs; the λ-mix of `mixed` clients' φ, κ
    /// takes two multiplications and an addition, 3·(φ + κ) FLOPs for each.
    pub fn aggregation(&self, arrived: u64, mixed: u64) -> Work {
        let average = 2 * arrived * (self.client_parameters + self.server_parameters);
        let mix = 3 * mixed * self.client_parameters;
        Work { flops: average + mix, bytes: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aggregation_costs_two_flops_a_parameter_and_client_and_three_a_mixed_parameter() {
        let plan = TrainingPlan {
            rounds: 1,
            evaluate_after: vec![],
            retry_after: SimDuration::ZERO,
            retries: 0,
            client_model: Bytes(40),
            client_parameters: 10,
            server_parameters: 100,
            tasks: vec![],
            steps: vec![],
        };
        // 2·3·(10 + 100) + 3·4·10 = 660 + 120
        assert_eq!(plan.aggregation(3, 4).flops, 780);
    }
}
