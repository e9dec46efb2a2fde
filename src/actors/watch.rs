//! Watching what stations do: who was where, from when to when.
//!
//! A [`Watcher`] is told of every sojourn at a station, of the lengths of queues and of moments that
//! change what happens next. It can change nothing, and a run that nobody watches pays one branch
//! for each of these.

use super::message::{Content, Payload};
use crate::kernel::ActorId;
use crate::network::Packet;
use crate::quantity::Bytes;
use crate::time::SimTime;
use std::sync::Arc;

/// Names a device, a link or the server: its place in the order of declaration, which is also that
/// of a run's stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StationId(pub u32);

impl StationId {
    pub(super) fn of(actor: ActorId) -> Self {
        Self(u32::try_from(actor.index()).expect("a simulation has fewer than 2³⁰ actors"))
    }

    /// The same as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What somebody comes to a station for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An inference request.
    Request {
        /// Index of the client that asked.
        client: u32,
        /// Index of the request in the journal.
        request: u32,
    },
    /// A client's training round.
    Round {
        /// Index of the client.
        client: u32,
        /// The round.
        round: u32,
    },
    /// The aggregation of all clients' models at the end of a round.
    Aggregation {
        /// The round.
        round: u32,
    },
    /// A message of others.
    Background,
}

impl Subject {
    /// The client that it belongs to, if it belongs to one.
    pub fn client(self) -> Option<u32> {
        match self {
            Self::Request { client, .. } | Self::Round { client, .. } => Some(client),
            Self::Aggregation { .. } | Self::Background => None,
        }
    }
}

/// What a station does for a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// φ forward of a mini-batch on the device.
    Forward,
    /// κ forward, backward and step on the device while the gradient is awaited.
    Overlapped,
    /// κ forward and backward, unless that was overlapped, φ backward and step on the device.
    Backward,
    /// Forward, backward and step of the full model on the device.
    FullStep,
    /// The device's part of a request.
    DevicePart,
    /// θ forward, backward and step of a mini-batch on the server.
    ServerStep,
    /// Averaging models and mixing everybody's on the server.
    Aggregate,
    /// Mixing one client's models into the global ones on the server.
    Merge,
    /// The server's part of a request.
    ServerPart,
    /// Carrying the device's part of the model to it.
    ModelDown,
    /// Carrying smashed data and labels up.
    SmashedUp,
    /// Carrying the gradient down.
    GradientDown,
    /// Carrying the device's updated part of the model up.
    ModelUp,
    /// Carrying a request up.
    RequestUp,
    /// Carrying an answer down.
    AnswerDown,
    /// Carrying a message of others.
    Background,
}

impl Task {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Forward => "φ forward",
            Self::Overlapped => "κ forward and backward",
            Self::Backward => "κ and φ backward",
            Self::FullStep => "full step",
            Self::DevicePart => "device part",
            Self::ServerStep => "θ forward and backward",
            Self::Aggregate => "aggregate and mix",
            Self::Merge => "merge and mix",
            Self::ServerPart => "server part",
            Self::ModelDown => "model down",
            Self::SmashedUp => "smashed data up",
            Self::GradientDown => "gradient down",
            Self::ModelUp => "model up",
            Self::RequestUp => "request up",
            Self::AnswerDown => "answer down",
            Self::Background => "background",
        }
    }

    /// Whether a link does it.
    pub fn is_transfer(self) -> bool {
        self >= Self::ModelDown
    }

    /// Whether a link does it on the way to the server.
    pub fn is_uplink(self) -> bool {
        matches!(self, Self::SmashedUp | Self::ModelUp | Self::RequestUp)
    }

    pub(super) fn carrying(content: Content) -> Self {
        match content {
            Content::ModelDown { .. } => Self::ModelDown,
            Content::SmashedUp { .. } => Self::SmashedUp,
            Content::GradientDown { .. } => Self::GradientDown,
            Content::ModelUp { .. } => Self::ModelUp,
            Content::RequestUp { .. } => Self::RequestUp,
            Content::AnswerDown { .. } => Self::AnswerDown,
        }
    }
}

/// One subject's stay at one station: it waits, is served, and from a link travels on.
///
/// arrived ≤ started ≤ ended ≤ delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sojourn {
    /// Where.
    pub station: StationId,
    /// Who.
    pub subject: Subject,
    /// What for.
    pub task: Task,
    /// Bytes of the message, of which this may be a segment; 0 if something was computed.
    pub size: Bytes,
    /// Whether a message is delivered at the end of its route, not at another link; false if it is
    /// dropped here, or if something was computed.
    pub arrives: bool,
    /// When it came.
    pub arrived: SimTime,
    /// When its service began. A shared station's begins at once.
    pub started: SimTime,
    /// When its service ended, repeated transmissions included.
    pub ended: SimTime,
    /// When it was delivered; `ended` where nothing propagates.
    pub delivered: SimTime,
}

impl Sojourn {
    /// That of a message at the link `station`, whose times are those of arrival, start and end of its
    /// transmission, and delivery; `arrives` says whether that is at the end of its route.
    pub(super) fn of_message(
        station: ActorId,
        packet: &Packet<Payload>,
        [arrived, started, ended, delivered]: [SimTime; 4],
        arrives: bool,
    ) -> Self {
        let Payload { client, content } = packet.payload;
        let subject = match (content.request(), content.round()) {
            (Some(request), _) => Subject::Request { client, request },
            (None, Some(round)) => Subject::Round { client, round },
            (None, None) => unreachable!("a message serves a request or a round"),
        };
        Self {
            station: StationId::of(station),
            subject,
            task: Task::carrying(content),
            size: packet.size,
            arrives: arrives && packet.is_last(),
            arrived,
            started,
            ended,
            delivered,
        }
    }
}

/// A moment that changes what happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A request was answered.
    Answered {
        /// Index of the request in the journal.
        request: u32,
    },
    /// A request ended without an answer because a message of it was dropped or found no room.
    RequestDropped {
        /// Index of the request in the journal.
        request: u32,
    },
    /// A request was lost with its device.
    RequestFailed {
        /// Index of the request in the journal.
        request: u32,
    },
    /// A message that was sent here was dropped: its retransmissions were used up, or a buffer was
    /// full.
    MessageDropped,
    /// A device failed.
    DeviceFailed,
    /// A device returned.
    DeviceReturned,
    /// A client's round was lost.
    RoundLost {
        /// Index of the client.
        client: u32,
    },
    /// The time of a round was over before all updates had arrived.
    DeadlineOver,
    /// A round was aggregated.
    Aggregated {
        /// The round.
        round: u32,
    },
}

impl Moment {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered { .. } => "answered",
            Self::RequestDropped { .. } => "request dropped",
            Self::RequestFailed { .. } => "request failed",
            Self::MessageDropped => "message dropped",
            Self::DeviceFailed => "device fails",
            Self::DeviceReturned => "device returns",
            Self::RoundLost { .. } => "round lost",
            Self::DeadlineOver => "round deadline",
            Self::Aggregated { .. } => "aggregated",
        }
    }

    /// The request that ends with it, if one does.
    pub fn ended_request(self) -> Option<u32> {
        match self {
            Self::Answered { request }
            | Self::RequestDropped { request }
            | Self::RequestFailed { request } => Some(request),
            _ => None,
        }
    }
}

/// The stations of a run, in the order of declaration: the server, the clients, the links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stations {
    /// Path names, such as `server`, `pi/0` or `pi/0/up`.
    pub names: Vec<Arc<str>>,
    /// How many of them, after the server, are clients.
    pub clients: u32,
}

impl Stations {
    /// The device of `client`.
    pub fn device(&self, client: u32) -> StationId {
        StationId(1 + client)
    }

    /// The client whose device `station` is, if it is one's.
    pub fn client(&self, station: StationId) -> Option<u32> {
        station.0.checked_sub(1).filter(|client| *client < self.clients)
    }

    /// The name of `station`.
    ///
    /// # Panics
    /// If there is none.
    pub fn name(&self, station: StationId) -> &Arc<str> {
        &self.names[station.index()]
    }
}

/// Is told what happens at all stations, and can change none of it.
///
/// `now` never runs backwards from call to call. A sojourn is told once, as soon as all its times are
/// known: some of them may lie ahead of `now`, and sojourns need not come in the order of any of them.
pub trait Watcher {
    /// The run begins with these stations.
    fn begins(&mut self, stations: &Stations);

    /// All times of a sojourn are known.
    fn sojourn(&mut self, now: SimTime, sojourn: &Sojourn);

    /// From `now` on so many subjects wait at `station`. It is not told of a station whose services
    /// are known ahead: there a subject waits from its arrival to the start of its service.
    fn queue(&mut self, now: SimTime, station: StationId, waiting: u64);

    /// Something happens at `station`.
    fn moment(&mut self, now: SimTime, station: StationId, moment: Moment);
}
