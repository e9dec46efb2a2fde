//! The one message type of the simulation.

use crate::kernel::{ComputationId, SimMessage};
use crate::network::Packet;
use crate::station::Slot;

/// What a packet carries and for which client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payload {
    /// The client at one end of the packet's route; the edge server is at the other.
    pub client: u32,
    /// The content.
    pub content: Content,
}

/// The content of a packet. Only its size travels; the tensors are where they are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The device's part of the model for round `round`, or the final one if `round` is the number of rounds.
    ModelDown {
        /// The round it starts.
        round: u32,
        /// How often the client had failed when this was sent: a failure in between voids it.
        incarnation: u32,
    },
    /// A mini-batch's smashed data and labels.
    SmashedUp {
        /// Its round.
        round: u32,
    },
    /// The gradient of the server loss with respect to the smashed data.
    GradientDown {
        /// Its round.
        round: u32,
    },
    /// The updated part of the model that the device holds.
    ModelUp {
        /// Its round.
        round: u32,
        /// The real training behind it.
        computation: ComputationId,
    },
    /// One sample's smashed data or raw input, to be answered by the server.
    RequestUp {
        /// Index of the request in the journal.
        request: u32,
    },
    /// The server's answer.
    AnswerDown {
        /// Index of the request in the journal.
        request: u32,
    },
}

impl Content {
    /// The training round that it serves, if it serves training.
    pub fn round(self) -> Option<u32> {
        match self {
            Self::ModelDown { round, .. }
            | Self::SmashedUp { round }
            | Self::GradientDown { round }
            | Self::ModelUp { round, .. } => Some(round),
            Self::RequestUp { .. } | Self::AnswerDown { .. } => None,
        }
    }

    /// Whether it travels from a device to the server.
    pub fn is_uplink(self) -> bool {
        matches!(self, Self::SmashedUp { .. } | Self::ModelUp { .. } | Self::RequestUp { .. })
    }

    /// The request that it serves, if it serves inference.
    pub fn request(self) -> Option<u32> {
        match self {
            Self::RequestUp { request } | Self::AnswerDown { request } => Some(request),
            _ => None,
        }
    }

    /// Its kind and the kind's name. Numbers are part of every fingerprint: they never change.
    fn kind(self) -> (u16, &'static str) {
        match self {
            Self::ModelDown { .. } => (1, "model down"),
            Self::SmashedUp { .. } => (2, "smashed data up"),
            Self::GradientDown { .. } => (3, "gradient down"),
            Self::ModelUp { .. } => (4, "model up"),
            Self::RequestUp { .. } => (5, "request up"),
            Self::AnswerDown { .. } => (6, "answer down"),
        }
    }
}

/// A packet as actors hand it on: by its address, so that messages and queues stay small.
pub type Parcel = Box<Packet<Payload>>;

/// What one actor tells another, or itself.
///
/// Its tag has 32 bits, as has what lies beside it: a message is moved several times for each
/// event, and in halves that overlap the processor waits for each move before the next. Fields lie as
/// declared, the small ones first.
#[derive(Debug)]
#[repr(u32)]
pub enum Message {
    /// A packet reaches the link or node that handles its present hop.
    Deliver(Parcel),
    /// The receiver's own service at this slot ends.
    ServiceDone(Slot),
    /// At the receiver's shared workers the next job is done.
    SharedServiceDone,
    /// The receiver's oldest waiting request has waited long enough for its batch to start.
    BatchWaitOver,
    /// A link or a full queue gave a packet up; the receiver is its sender.
    Dropped(Parcel),
    /// The receiver's wait before it sends a dropped packet again is over.
    Resend(Parcel),
    /// A client could not finish a round: its sender gave a transfer up.
    RoundFailed {
        /// Which client.
        client: u32,
        /// Which round.
        round: u32,
    },
    /// A client that trains alone has finished a round.
    LocalRoundDone {
        /// Which client.
        client: u32,
        /// Which round.
        round: u32,
    },
    /// A client holds its final models.
    FinalModelHeld {
        /// Which client.
        client: u32,
    },
    /// The real training of a client's round is done.
    RoundComputed {
        /// Which client.
        client: u32,
        /// The training.
        computation: ComputationId,
    },
    /// The real evaluation of a client's models is done.
    EvaluationComputed {
        /// Whether it is the last one of this evaluation.
        last: bool,
        /// The evaluation.
        computation: ComputationId,
    },
    /// The time of the receiving server's round is over.
    RoundDeadline,
    /// The real training of a round on one θ for all is done.
    SharedRoundComputed(ComputationId),
    /// Inference begins now.
    BeginInference,
    /// A request arrives at the receiving device.
    Arrival,
    /// A background message arrives at the receiving link.
    BackgroundArrival,
    /// A transfer of the receiving link may be complete, or its rate changes.
    SharingProgress,
    /// What the receiving link transmits would be delivered past the end of the clock.
    PastClock,
    /// The longest time that a run goes on after its last arrival is over.
    DrainLimit,
    /// Requests stop arriving now; told to a client that may be waiting for an answer.
    ArrivalsEnd,
    /// The server's answer to a request of the receiving client was dropped.
    AnswerDropped {
        /// Index of the request in the journal.
        request: u32,
    },
    /// The receiving device fails now.
    DeviceFails,
    /// The receiving device returns now.
    DeviceReturns,
    /// A client's device has failed.
    ClientLost {
        /// Which client.
        client: u32,
    },
    /// A client's device has returned.
    ClientBack {
        /// Which client.
        client: u32,
    },
}

impl actix::Message for Message {
    type Result = ();
}

impl SimMessage for Message {
    /// Real work leaves its result where it was asked for; the kernel only learns whether it
    /// succeeded.
    type Output = Result<(), String>;

    fn kind(&self) -> u16 {
        self.named_kind().0
    }

    fn kind_name(&self) -> &'static str {
        self.named_kind().1
    }

    fn size(&self) -> u64 {
        match self {
            Self::Deliver(packet) => packet.part_size().0,
            Self::Dropped(packet) | Self::Resend(packet) => packet.size.0,
            _ => 0,
        }
    }
}

impl Message {
    fn named_kind(&self) -> (u16, &'static str) {
        match self {
            Self::Deliver(packet) => packet.payload.content.kind(),
            Self::ServiceDone(_) => (20, "service done"),
            Self::Dropped(_) => (21, "packet dropped"),
            Self::Resend(_) => (22, "resend"),
            Self::RoundFailed { .. } => (30, "round failed"),
            Self::FinalModelHeld { .. } => (31, "final model held"),
            Self::RoundComputed { .. } => (32, "round computed"),
            Self::EvaluationComputed { .. } => (33, "evaluation computed"),
            Self::LocalRoundDone { .. } => (34, "local round done"),
            Self::RoundDeadline => (80, "round deadline"),
            Self::SharedRoundComputed(_) => (81, "shared round computed"),
            Self::BeginInference => (40, "inference begins"),
            Self::Arrival => (41, "request arrives"),
            Self::DrainLimit => (42, "drain limit"),
            Self::BackgroundArrival => (50, "background message arrives"),
            Self::SharingProgress => (51, "sharing progresses"),
            Self::PastClock => (52, "past the clock"),
            Self::SharedServiceDone => (60, "shared service done"),
            Self::BatchWaitOver => (61, "batch wait over"),
            Self::ArrivalsEnd => (70, "arrivals end"),
            Self::AnswerDropped { .. } => (71, "answer dropped"),
            Self::DeviceFails => (72, "device fails"),
            Self::DeviceReturns => (73, "device returns"),
            Self::ClientLost { .. } => (74, "client lost"),
            Self::ClientBack { .. } => (75, "client back"),
        }
    }
}
