//! What is written down about requests and rounds while a simulation runs.

use crate::time::{SimDuration, SimTime};

/// Which exit answered a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// κ on the device.
    Client,
    /// θ on the edge server.
    Server,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestOutcome {
    /// Answered.
    Completed,
    /// A message of it was dropped by a link.
    Dropped,
    /// Lost by a failing device or server.
    Failed,
    /// Not answered when the run ended.
    InFlight,
}

/// Where a request's time went. Several hops are summed; a stage that was not passed is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stages {
    /// Waiting for the device.
    pub device_wait: SimDuration,
    /// Computing on the device.
    pub device_service: SimDuration,
    /// Waiting for the uplinks.
    pub uplink_wait: SimDuration,
    /// Serialisation on the uplinks, retransmissions included.
    pub uplink_service: SimDuration,
    /// Propagation and jitter on the uplinks.
    pub uplink_propagation: SimDuration,
    /// Waiting for a worker of the server.
    pub server_wait: SimDuration,
    /// Computing on the server.
    pub server_service: SimDuration,
    /// Waiting for the downlinks.
    pub downlink_wait: SimDuration,
    /// Serialisation on the downlinks, retransmissions included.
    pub downlink_service: SimDuration,
    /// Propagation and jitter on the downlinks.
    pub downlink_propagation: SimDuration,
}

/// The stages' names, in the order of [`Stages::as_array`].
pub const STAGE_NAMES: [&str; 10] = [
    "device_wait",
    "device_service",
    "uplink_wait",
    "uplink_service",
    "uplink_propagation",
    "server_wait",
    "server_service",
    "downlink_wait",
    "downlink_service",
    "downlink_propagation",
];

impl Stages {
    /// All stages in the order a request passes them.
    pub fn as_array(&self) -> [SimDuration; 10] {
        [
            self.device_wait,
            self.device_service,
            self.uplink_wait,
            self.uplink_service,
            self.uplink_propagation,
            self.server_wait,
            self.server_service,
            self.downlink_wait,
            self.downlink_service,
            self.downlink_propagation,
        ]
    }
}

/// One inference request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RequestRecord {
    /// Index of the client that asked.
    pub client: u32,
    /// When it arrived at the device.
    pub arrival: SimTime,
    /// The test sample that was asked for; `None` with stated probabilities.
    pub sample: Option<u32>,
    /// Whether that sample is out of the client's distribution.
    pub ood: Option<bool>,
    /// Who answered; `None` before the decision.
    pub exit: Option<Exit>,
    /// Whether the answer was right; `None` without an answer.
    pub correct: Option<bool>,
    /// What became of it.
    pub outcome: RequestOutcome,
    /// Where its time went.
    pub stages: Stages,
    /// When it was answered, dropped or failed.
    pub done: Option<SimTime>,
}

/// What a client or its messages did for a while in a training round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Receiving the model: from its sending to its delivery.
    ModelDown,
    /// φ forward, or κ and φ backward, on the device.
    DeviceCompute,
    /// Smashed data and labels on their way up.
    SmashedUp,
    /// Waiting for a worker of the server.
    ServerWait,
    /// θ forward and backward on the server.
    ServerCompute,
    /// The gradient on its way down.
    GradientDown,
    /// Uploading φ and κ.
    ModelUp,
    /// Waiting for the round's other clients and the aggregation.
    RoundWait,
}

/// An interval of one client's training round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Which client.
    pub client: u32,
    /// What went on.
    pub activity: Activity,
    /// Its beginning.
    pub start: SimTime,
    /// Its end.
    pub end: SimTime,
}

/// One global training round.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoundRecord {
    /// Its number, from 0.
    pub round: u32,
    /// When its first download was sent.
    pub start: SimTime,
    /// When the aggregation was computed.
    pub aggregated: SimTime,
    /// Clients that took part.
    pub participants: u32,
    /// Clients whose models were averaged.
    pub arrived: u32,
    /// Bytes sent by devices, headers included, link-level retransmissions not.
    pub bytes_up: u64,
    /// Bytes sent to devices, headers included, link-level retransmissions not.
    pub bytes_down: u64,
}
