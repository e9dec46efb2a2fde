//! What actors need to know of training: its tasks in the clock, and a trait behind which the
//! real training is done.

use super::message::Message;
use super::mixing::Mixing;
use super::participation::Participation;
use crate::cost::Work;
use crate::kernel::{ComputationId, SimActor, SimContext};
use crate::quantity::Bytes;
use crate::time::{SimDuration, SimTime};
use std::cell::RefCell;
use std::rc::Rc;

/// Real work of a round, to be run on any thread. It leaves its result with the [`Training`] that
/// made it and returns what went wrong, if anything.
pub type RoundJob = Box<dyn FnOnce() -> Result<(), String> + Send>;

/// The real training behind the simulated one.
pub trait Training {
    /// A client is sent its models for `round`, as they are now.
    fn models_sent(&mut self, client: u32, round: u32);

    /// The whole of a client's local round, from the models that it was sent for it.
    fn local_round(&mut self, client: u32, round: u32) -> RoundJob;

    /// With one θ for all: the work of all mini-batches of the round under way, in the order in
    /// which the server began to serve them, given by their clients. The first one of a client that
    /// `order` names is its first mini-batch, and so on.
    fn shared_round(&mut self, order: &[u32]) -> RoundJob;

    /// Ends a round of a client that trains alone: it goes on with what its finished update made of
    /// its models.
    fn keep(&mut self, client: u32, round: u32);

    /// Ends a round: averages the finished updates of the `arrived` clients, given in client order
    /// (there may be none), for everybody's personalised aggregates.
    fn aggregate(&mut self, arrived: &[u32]);

    /// Mixes a client's finished update into the global models with this weight.
    fn merge(&mut self, client: u32, weight: f64);

    /// As many updates were merged, or lost, as there are clients: that counts as a round.
    fn merged_round(&mut self);

    /// The evaluation of a client's present models, which have seen `rounds_done` rounds.
    fn evaluation(&mut self, client: u32, rounds_done: u32) -> RoundJob;

    /// All clients' evaluations after `rounds_done` rounds, ended at `time`, are done.
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

/// What each mini-batch of a client costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundTasks {
    /// The model is split between device and server.
    Split(SplitTasks),
    /// The device has the full model: forward, backward and SGD step, as one service.
    Full(Work),
}

/// What a mini-batch of a split model costs the client, its links and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitTasks {
    /// Device: φ forward of one mini-batch.
    pub forward: Work,
    /// Device, while the gradient is awaited: κ forward, backward and SGD step. `None` without a
    /// client exit, and where κ waits for the gradient, too.
    pub overlapped: Option<Work>,
    /// Device, when the gradient is there: φ backward and SGD step, before it κ's unless that is
    /// overlapped.
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
    /// Whether the clients' models are averaged after each round; without, each client walks
    /// through its rounds alone, and nothing of training is ever sent.
    pub averages: bool,
    /// The device's part of the model on the wire, down and up in each round.
    pub device_model: Bytes,
    /// What every device is given after the last round.
    pub final_model: Bytes,
    /// Parameters of everything that is averaged, wherever it lies.
    pub averaged_parameters: u64,
    /// Parameters of the device's part if clients keep a share λ > 0 of their own, else 0.
    pub mixed_parameters: u64,
    /// Tasks of each client.
    pub tasks: Vec<RoundTasks>,
    /// Mini-batches of each client in a round.
    pub steps: Vec<u32>,
    /// When updates are aggregated.
    pub aggregation: Aggregation,
    /// Whether the server trains one θ for all.
    pub shared_theta: bool,
}

/// When clients' updates are aggregated.
#[derive(Debug, Clone)]
pub enum Aggregation {
    /// Round by round.
    Synchronous {
        /// Who takes part, if not everybody.
        participation: Option<Participation>,
        /// How long after its start a round ends with those whose updates have arrived.
        deadline: Option<SimDuration>,
    },
    /// Each update as it arrives.
    Asynchronous(Mixing),
}

impl Aggregation {
    /// Everybody in every round, which lasts until the last update has arrived.
    pub const DEFAULT: Self = Self::Synchronous { participation: None, deadline: None };
}

impl TrainingPlan {
    /// The server job after a round: averaging `arrived` clients' models takes a multiplication and
    /// an addition a parameter, 2·m·p FLOPs; the λ-mix of what `mixed` clients hold on their devices
    /// takes two multiplications and an addition, 3·p FLOPs for each. At λ = 0 there is nothing to
    /// mix: the average itself goes out.
    pub fn aggregation(&self, arrived: u64, mixed: u64) -> Work {
        let average = 2 * arrived * self.averaged_parameters;
        let mix = 3 * mixed * self.mixed_parameters;
        Work { flops: average + mix, bytes: 0 }
    }
}

/// Takes the outcome of real work; a failure ends the run with its message.
pub(super) fn take_success<A>(
    computation: ComputationId,
    context: &mut SimContext<A, Message>,
) -> bool
where
    A: SimActor<Message>,
{
    match context.take_output(computation).expect("a computation is waited for and taken once") {
        Ok(Ok(())) => true,
        Ok(Err(reason)) => {
            context.fail(reason);
            false
        }
        Err(error) => {
            context.fail(error);
            false
        }
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
            averages: true,
            device_model: Bytes(40),
            final_model: Bytes(40),
            averaged_parameters: 110,
            mixed_parameters: 10,
            tasks: vec![],
            steps: vec![],
            aggregation: Aggregation::DEFAULT,
            shared_theta: false,
        };
        // 2·3·110 + 3·4·10 = 660 + 120
        assert_eq!(plan.aggregation(3, 4).flops, 780);
    }
}
