//! What one run of a scenario yields.

use super::figures::Figures;
use super::methods::DeviceCosts;
use super::store::LearnedBy;
use super::timeliness::Timeliness;
use super::verdict::Verdict;
use crate::actors::{LinkReport, RequestRecord, RoundRecord, Span};
use crate::learning::OutcomeTable;
pub use crate::learning::{
    Accuracy, AccuracyPoint, ClientAccuracies, OodDetection, SelectiveAccuracy, client_accuracies,
};
use crate::time::{SimDuration, SimTime};
use std::sync::Arc;

/// Everything that a run measured. If it has several replications, figures are means over them,
/// counts are sums, and rounds and single requests are the first one's.
#[derive(Debug, Clone)]
pub struct RunResult {
    /// The scenario's name.
    pub scenario: String,
    /// Its master seed.
    pub seed: u64,
    /// The 128-bit hash of all handled events; that of the replications' hashes if there are several.
    pub fingerprint: u128,
    /// A sum over the positions of all random streams at the end; the first replication's if there
    /// are several.
    pub draws: u64,
    /// Handled events.
    pub events: u64,
    /// Whether it was ended from outside: what it says is of what was finished until then.
    pub interrupted: bool,
    /// E_th of the scenario's policy, if it has one.
    pub threshold: Option<f64>,
    /// Simulated time at the end.
    pub sim_time: SimTime,
    /// Device classes in declaration order.
    pub classes: Vec<String>,
    /// Clients in declaration order.
    pub clients: Vec<ClientResult>,
    /// Devices, links and the server in declaration order.
    pub stations: Vec<StationResult>,
    /// Links that lost, dropped or carried other messages, in order of declaration.
    pub links: Vec<LinkReport>,
    /// Training, if the scenario trains.
    pub training: Option<TrainingResult>,
    /// Inference, if the scenario has traffic.
    pub inference: Option<InferenceResult>,
    /// What the devices spent, if any of them states its power.
    pub energy: Option<EnergyResult>,
    /// Whether the stations keep up with the traffic, if there is any.
    pub verdict: Option<Verdict>,
    /// Each replication, if there are several.
    pub replications: Vec<ReplicationResult>,
}

/// Joules of the devices that state their power.
#[derive(Debug, Clone, PartialEq)]
pub struct EnergyResult {
    /// Of all devices in the whole run, while they computed.
    pub busy: f64,
    /// … while they did not.
    pub idle: f64,
    /// … while their access links serialised their messages.
    pub radio: f64,
    /// Mean over answered requests in the window: what the request's device computed and sent and
    /// received for it, idling left out.
    pub request: Option<f64>,
    /// Of all devices on each training round, idling left out.
    pub rounds: Vec<f64>,
    /// One for each device class.
    pub by_class: Vec<ClassEnergy>,
    /// Each client's device in the whole run; `None` if it does not state its power.
    pub clients: Vec<Option<f64>>,
}

/// Joules of one device class.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClassEnergy {
    /// Mean over its devices of the whole run.
    pub device: Option<f64>,
    /// Mean over its answered requests in the window, idling left out.
    pub request: Option<f64>,
    /// The parts of `device`: computing, idling, sending and receiving.
    pub device_parts: Option<[f64; 3]>,
    /// The parts of `request`: computing, sending and receiving.
    pub request_parts: Option<[f64; 2]>,
    /// Mean over its devices of what one training round took, in the same two parts.
    pub round_parts: Option<[f64; 2]>,
}

/// One of several replications.
#[derive(Debug, Clone)]
pub struct ReplicationResult {
    /// Its number, from 0.
    pub replication: u32,
    /// Its own fingerprint.
    pub fingerprint: u128,
    /// Handled events.
    pub events: u64,
    /// Simulated time at its end.
    pub sim_time: SimTime,
    /// How long training took, if the scenario trains.
    pub training_time: Option<SimDuration>,
    /// Requests created.
    pub requests: u64,
    /// … answered.
    pub completed: u64,
    /// … dropped by a link.
    pub dropped: u64,
    /// … lost by a failing device or server.
    pub failed: u64,
    /// … unanswered at the end.
    pub in_flight: u64,
    /// The server's busy time over workers · observed time.
    pub server_utilisation: f64,
    /// Joules of a device on a request, if any device states its power.
    pub request_energy: Option<f64>,
    /// What its requests came to.
    pub figures: Figures,
}

/// One client.
#[derive(Debug, Clone)]
pub struct ClientResult {
    /// Its path name, such as `pi/0`.
    pub name: Arc<str>,
    /// Index of its class in [`RunResult::classes`].
    pub class: usize,
    /// Training samples it holds.
    pub samples: Option<u64>,
    /// Requests that arrived at it.
    pub requests: u64,
    /// Of those, answered.
    pub completed: u64,
    /// Share of its decided requests in the window that were offloaded.
    pub offloaded_fraction: Option<f64>,
    /// Mean latency of its answered requests in the window.
    pub mean_latency_s: Option<f64>,
    /// Share of right answers in the window.
    pub accuracy: Option<f64>,
}

/// One queueing station.
#[derive(Debug, Clone)]
pub struct StationResult {
    /// Its path name, such as `server`, `pi/0` or `pi/0/up`.
    pub name: Arc<str>,
    /// Busy time over workers · observed time.
    pub utilisation: f64,
    /// Work that was offered while requests arrived over workers · that time; more than 1 if it
    /// could not be dealt with in that time.
    pub offered_load: f64,
    /// Time-average number waiting, those in service not counted.
    pub mean_queue: f64,
    /// Largest number waiting.
    pub max_queue: u64,
    /// Services completed in the whole run.
    pub completed: u64,
    /// Of the means over replications.
    pub half_widths: Option<Box<StationHalfWidths>>,
}

/// Half-widths of 95 % confidence intervals over replications.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StationHalfWidths {
    /// Of the utilisation.
    pub utilisation: f64,
    /// Of the mean queue.
    pub mean_queue: f64,
}

/// Training as simulated and learned.
#[derive(Debug, Clone)]
pub struct TrainingResult {
    /// The method's name in the scenario language.
    pub method: &'static str,
    /// From the start to the delivery of the last final aggregate.
    pub time: SimDuration,
    /// Bytes sent by devices, the final models' downloads included; headers included, link-level
    /// retransmissions not.
    pub bytes_up: u64,
    /// Bytes sent to devices, counted alike.
    pub bytes_down: u64,
    /// The rounds in order.
    pub rounds: Vec<RoundResult>,
    /// The seeds that training was done with, if there are several. All but accuracies is the first
    /// one's.
    pub seeds: Vec<SeedResult>,
    /// Evaluations in order of rounds; the last one is of the final models.
    pub evaluations: Vec<Evaluation>,
    /// Round whose spans are in `timeline`.
    pub timeline_round: u32,
    /// Who computed, who sent and who waited in that round, in order of start.
    pub timeline: Vec<Span>,
    /// What a round takes on a device.
    pub device: DeviceCosts,
    /// How what was learned came about.
    pub learned_by: LearnedBy,
    /// What the final models answer to each client's test samples, once training is over.
    pub outcomes: Option<OutcomeTable>,
}

/// Training with one of several seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeedResult {
    /// Of partition, initialisation and batches.
    pub seed: u64,
    /// Of its simulation; the first one's has the requests, too.
    pub fingerprint: u128,
    /// How long training took.
    pub time: SimDuration,
}

/// One round.
#[derive(Debug, Clone)]
pub struct RoundResult {
    /// Times, bytes and participants.
    pub record: RoundRecord,
    /// Mean over clients of ‖∇F_k‖² after it, if it was measured then.
    pub gradient_norm: Option<f64>,
    /// Mean over steps and arrived clients of the client exit's cross entropy, in nats; `None` if
    /// there is no client exit, or nobody arrived.
    pub client_loss: Option<f64>,
    /// The same of the server exit.
    pub server_loss: Option<f64>,
    /// The same of the full model, where it is not split.
    pub full_loss: Option<f64>,
}

/// Accuracy of all clients' models after one round.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// Rounds finished before it.
    pub rounds_done: u32,
    /// Simulated time of that round's aggregation.
    pub time: SimTime,
    /// One point for each ρ of the scenario, ascending; its accuracies are means over the seeds, if
    /// there are several.
    pub points: Vec<AccuracyPoint>,
    /// Half-widths of the 95 % confidence intervals of `points` over the seeds, in their places;
    /// empty with one seed.
    pub half_widths: Vec<AccuracyPoint>,
    /// Mean over clients of ‖∇F_k‖², the squared norm of the gradient of a client's loss on all of
    /// its training samples, if it is measured; the first seed's.
    pub gradient_norm: Option<f64>,
}

/// Inference as simulated. Statistics are over arrivals in the window; counts over the whole run.
#[derive(Debug, Clone)]
pub struct InferenceResult {
    /// When inference began: window times count from here.
    pub origin: SimTime,
    /// Warm-up left out of the statistics.
    pub warmup: SimDuration,
    /// The requests answered in it, if the rule MSER-5 found it.
    pub removed: Option<u64>,
    /// When arrivals stopped, counted from the origin.
    pub duration: SimDuration,
    /// Requests created in the whole run.
    pub requests: u64,
    /// … answered.
    pub completed: u64,
    /// … dropped by a link.
    pub dropped: u64,
    /// … lost by a failing device or server.
    pub failed: u64,
    /// … unanswered at the end.
    pub in_flight: u64,
    /// Share of decided requests in the window that were offloaded.
    pub offloaded_fraction: Option<f64>,
    /// Share of right answers in the window.
    pub accuracy: Option<f64>,
    /// Requests of the window held against the deadline, if there is one.
    pub timeliness: Option<Timeliness>,
    /// Latency in the window; `None` if nothing was answered in it.
    pub latency: Option<LatencyResult>,
    /// Mean seconds of each stage over answered requests in the window, in the order of
    /// [`crate::actors::STAGE_NAMES`].
    pub breakdown: Option<[f64; 10]>,
    /// Of the means over replications.
    pub half_widths: Option<Figures>,
    /// One for each device class.
    pub by_class: Vec<ClassResult>,
    /// All requests in order of arrival.
    pub records: Vec<RequestRecord>,
}

/// Inference of one device class.
#[derive(Debug, Clone, Default)]
pub struct ClassResult {
    /// Requests created in the whole run.
    pub requests: u64,
    /// … answered.
    pub completed: u64,
    /// Share of decided requests in the window that were offloaded.
    pub offloaded_fraction: Option<f64>,
    /// Share of right answers in the window.
    pub accuracy: Option<f64>,
    /// Latency in the window.
    pub latency: Option<LatencyResult>,
    /// Mean seconds of each stage over answered requests in the window.
    pub breakdown: Option<[f64; 10]>,
    /// Of the means over replications.
    pub half_widths: Option<Figures>,
    /// What the client exit answered in the window, then what the server exit did.
    pub exits: [ExitResult; 2],
}

/// The answers of one exit to one device class.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ExitResult {
    /// How many in the window.
    pub answered: u64,
    /// Their latency.
    pub latency: Option<LatencyResult>,
}

/// Latency in seconds: from arrival at the device to the answer at the device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LatencyResult {
    /// Mean.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// 90 % quantile.
    pub p90: f64,
    /// 99 % quantile.
    pub p99: f64,
    /// Maximum.
    pub max: f64,
    /// Half-width of the 95 % confidence interval of the mean: by batch means in a single run, by
    /// Student's t over several replications; `None` with too few requests or replications.
    pub ci95: Option<f64>,
}
