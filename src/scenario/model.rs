//! A validated scenario: every value is typed, in range and consistent with the others, so that
//! nothing below this layer sees a bad one.

mod data;
mod network;
mod offload;
mod rounds;
mod split_model;

pub use data::*;
pub use network::*;
pub use offload::*;
pub use rounds::*;
pub use split_model::*;

use super::hardware::DrawnFigure;
use super::traffic::ArrivalSpec;
use crate::cost::{BatchEfficiency, DeviceProfile};
use crate::distribution::DurationDistribution;
pub use crate::learning::{EvaluatedModels, LearningRate, LocalWork, Method, Sgd};
use crate::time::SimDuration;
use std::path::PathBuf;

/// A whole scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name: the output folder's name.
    pub name: String,
    /// The master seed of all random streams.
    pub seed: u64,
    /// The split model; sets all costs and sizes.
    pub model: ModelSpec,
    /// The data set and its partition; training needs one, stated outcomes do not.
    pub data: Option<DataSpec>,
    /// Groups of equal devices, in declaration order.
    pub fleet: Vec<FleetEntry>,
    /// The edge server.
    pub server: ServerSpec,
    /// Nodes and links between devices and server, and what holds for every message.
    pub network: NetworkSpec,
    /// Training, if any.
    pub training: Option<TrainingSpec>,
    /// Inference traffic, if any.
    pub inference: Option<InferenceSpec>,
    /// When and at which points accuracy is evaluated, if there is training.
    pub evaluate: EvaluateSpec,
    /// Which rows are written.
    pub output: OutputSpec,
    /// How often traffic and network are drawn anew, at least 1; learning is done once.
    pub replications: u32,
}

impl Scenario {
    /// Whether it trains several methods to compare them.
    pub fn compares_methods(&self) -> bool {
        self.training.as_ref().is_some_and(|training| !training.compared_with.is_empty())
    }

    /// The same scenario with each of its training methods alone, in the order in which they are
    /// given; without training just itself.
    pub fn each_method(&self) -> Vec<Self> {
        let Some(training) = &self.training else { return vec![self.clone()] };
        let methods = std::iter::once(&training.method).chain(&training.compared_with);
        let alone = |method: &Method| {
            let training =
                TrainingSpec { method: *method, compared_with: Vec::new(), ..training.clone() };
            Self { training: Some(training), ..self.clone() }
        };
        methods.map(alone).collect()
    }
}

/// A group of devices, equal but for what is drawn for each. Device `i` of entry `pi` is the client `pi/i`.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetEntry {
    /// The device class.
    pub name: String,
    /// How many, at least 1.
    pub count: u32,
    /// Compute.
    pub device: DeviceProfile,
    /// The most jobs that wait or are in service at the device, at least 1; requests that find no
    /// room are dropped.
    pub buffer: Option<u32>,
    /// Each device's own access link pair; without one the devices share the links of their node.
    pub access: Option<AccessSpec>,
    /// The node that the access links lead to, or the devices are at; `None` is the server's.
    pub attach: Option<String>,
    /// Figures of `device` and `access` that are drawn once for each device; there they are the
    /// medians.
    pub drawn: Vec<DrawnFigure>,
    /// When its devices are up; `None` for devices that never fail.
    pub availability: Option<AvailabilitySpec>,
}

/// Devices that fail and return: each is up for a while, then down for a while, and so on.
#[derive(Debug, Clone, PartialEq)]
pub struct AvailabilitySpec {
    /// From the start or a return to the next failure.
    pub up: DurationDistribution,
    /// From a failure to the return.
    pub down: DurationDistribution,
}

/// The edge server: `workers` equal workers behind one queue.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerSpec {
    /// Compute of one worker.
    pub device: DeviceProfile,
    /// How many, at least 1.
    pub workers: u32,
    /// The node it is at.
    pub attach: String,
    /// In which order, and how many at once, jobs are served.
    pub queue: QueueSpec,
    /// Whom a free worker serves first; `None`: whoever came first.
    pub priority: Option<PrioritySpec>,
    /// The most jobs that wait or are in service, at least 1; messages that find no room are
    /// dropped.
    pub buffer: Option<u32>,
}

/// A queue's discipline.
#[derive(Debug, Clone, PartialEq)]
pub enum QueueSpec {
    /// First in, first out.
    Fifo,
    /// All jobs present share the workers equally.
    ProcessorSharing,
    /// Requests are answered together; training steps are served one by one.
    Batch {
        /// The most requests of a batch, at least 1.
        max: u32,
        /// How long the oldest request waits for others.
        wait: SimDuration,
        /// How much faster a batch of n is computed.
        efficiency: BatchEfficiency,
    },
}

/// The class of jobs that a free worker serves first; a service is never interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrioritySpec {
    /// Requests before training.
    Inference,
    /// Training before requests.
    Training,
}

/// Training.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingSpec {
    /// The method.
    pub method: Method,
    /// Further methods, trained on the same clients, data, initialisation and network, each by
    /// itself; empty unless the scenario compares methods.
    pub compared_with: Vec<Method>,
    /// Global rounds, at least 1.
    pub rounds: u32,
    /// What a client trains in a round, at least 1 of what it is stated in.
    pub local_work: LocalWork,
    /// Samples of a mini-batch, at least 1.
    pub batch_size: u32,
    /// How models step along their gradients.
    pub sgd: Sgd,
    /// Weight of the client exit's loss, in [0, 1]; without meaning for a method that lacks it.
    pub gamma: f64,
    /// Weight of a client's own model in its personalised aggregate, in [0, 1]; without meaning for
    /// a method that lacks it.
    pub lambda: f64,
    /// How long a sender waits before it resends a dropped transfer.
    pub retry_after: SimDuration,
    /// How often it resends before the client fails the round.
    pub retries: u32,
    /// When clients' updates are aggregated.
    pub aggregation: AggregationSpec,
    /// How many models the server trains.
    pub server_model: ServerModelSpec,
    /// Whether κ runs while the gradient is awaited, instead of after it.
    pub overlap: bool,
    /// Seeds of partition, initialisation and batches, distinct; training is done with each of
    /// them. `None` for the master seed alone. Traffic and network always have the master seed.
    pub seeds: Option<Vec<u64>>,
}

impl TrainingSpec {
    /// The seeds that training is done with, the one that requests are answered from first, in a
    /// scenario of this `master` seed.
    pub fn seeds(&self, master: u64) -> Vec<u64> {
        self.seeds.clone().unwrap_or_else(|| vec![master])
    }
}

/// Inference traffic after training.
#[derive(Debug, Clone, PartialEq)]
pub struct InferenceSpec {
    /// When each client's requests arrive.
    pub arrivals: ArrivalSpec,
    /// Arrivals stop this long after inference begins.
    pub duration: SimDuration,
    /// Which first requests are left out of the statistics.
    pub warmup: WarmupSpec,
    /// The longest the run goes on after the last arrival.
    pub drain_limit: SimDuration,
    /// ρ: out-of-distribution samples for each main sample, in [0, 1]; 0 with stated outcomes,
    /// which know no samples.
    pub ood: f64,
    /// Who answers.
    pub offload: OffloadSpec,
    /// Where the exits' answers come from.
    pub outcomes: OutcomeSpec,
    /// How long after its arrival a request is to be answered; the policy's, if it has one.
    pub deadline: Option<SimDuration>,
}

/// Which first requests are left out of the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarmupSpec {
    /// Those that arrive earlier than this after inference begins.
    Stated(SimDuration),
    /// Those that the rule MSER-5 finds after the run, from the requests' latencies. Stations,
    /// which average over time while the run goes on, leave nothing out.
    Mser5,
}

impl WarmupSpec {
    /// What is left out whatever the run will show.
    pub fn stated(self) -> SimDuration {
        match self {
            Self::Stated(warmup) => warmup,
            Self::Mser5 => SimDuration::ZERO,
        }
    }
}

/// Where the exits' answers come from.
#[derive(Debug, Clone, PartialEq)]
pub enum OutcomeSpec {
    /// From the models trained in this run.
    Learned,
    /// From models trained elsewhere, whose outcomes are in this file.
    Replayed(PathBuf),
    /// Each exit is right with a stated probability.
    Stated {
        /// Of the client exit.
        client_accuracy: f64,
        /// Of the server exit.
        server_accuracy: f64,
    },
}

/// When and where accuracy is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluateSpec {
    /// After which rounds besides the last one: every n-th; `None` for the last alone.
    pub every: Option<u32>,
    /// Values of ρ, ascending, each in [0, 1].
    pub ood: Vec<f64>,
    /// Values of E_th in nats, ascending.
    pub entropy: Vec<f64>,
    /// Whose answers are evaluated, and given to requests.
    pub models: EvaluatedModels,
    /// Whether the gradient of each client's loss on all of its samples is measured, too.
    pub gradient_norm: bool,
}

/// Which rows are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutputSpec {
    /// The share of requests written to `requests.csv`, in [0, 1].
    pub requests: f64,
}
