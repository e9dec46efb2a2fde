//! Nodes, links and how devices are attached to them.

use crate::distribution::DurationDistribution;
use crate::quantity::{BitRate, Bytes};
use crate::time::SimDuration;
use crate::workload::{Outage, RateSchedule};
use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;

/// The network between the devices' access links and the server.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NetworkSpec {
    /// Bytes added to each message.
    pub header: Bytes,
    /// The nodes' names, the server's among them.
    pub nodes: Vec<String>,
    /// Links between nodes, in declaration order.
    pub links: Vec<NetworkLink>,
}

/// What joins two nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkLink {
    /// Its name; its directions are `name/up` and `name/down`.
    pub name: String,
    /// The node that `up` leads away from.
    pub from: String,
    /// The node that `up` leads to.
    pub to: String,
    /// `from` → `to`.
    pub up: LinkSpec,
    /// `to` → `from`, unless the link is simplex.
    pub down: Option<LinkSpec>,
    /// Whether the directions share the wire.
    pub duplex: Duplex,
}

/// An access link pair: one link up, one down.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessSpec {
    /// Device → network.
    pub up: LinkSpec,
    /// Network → device.
    pub down: LinkSpec,
    /// Whether the directions share the wire.
    pub duplex: Duplex,
}

/// Whether a link pair's directions share the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplex {
    /// Each has its own.
    Full,
    /// Both share one station: while one direction transmits, the other waits.
    Half,
}

/// One direction of a link.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkSpec {
    /// Serialisation rate; the long-run rate of a `schedule`.
    pub rate: BitRate,
    /// The rate over time, if it varies.
    pub schedule: Option<RateSchedule>,
    /// Propagation delay.
    pub delay: SimDuration,
    /// Random addition to the propagation delay of each message.
    pub jitter: Option<DurationDistribution>,
    /// Probability in [0, 1) that a transmission is lost.
    pub loss: f64,
    /// Retransmissions after which a message is dropped.
    pub retries: u32,
    /// Who is transmitted when.
    pub discipline: Discipline,
    /// Messages that may be at the link, the one in service included; all others are dropped.
    pub buffer: Option<NonZeroU32>,
    /// Bytes of a segment; longer messages are cut.
    pub mtu: Option<NonZeroU16>,
    /// When the link is down, both directions at once.
    pub outages: Option<OutageSpec>,
    /// Messages of others.
    pub background: Option<BackgroundSpec>,
}

/// Who is transmitted when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discipline {
    /// First in, first out.
    Fifo,
    /// All messages at once, at equal shares of the rate.
    Fair,
}

/// When a link is down: its service pauses, and what is propagating arrives.
#[derive(Debug, Clone, PartialEq)]
pub enum OutageSpec {
    /// At stated times, in order and disjoint.
    Listed(Arc<[Outage]>),
    /// At random: exponential times up and down in turn, up at time zero.
    Random {
        /// The mean time up.
        mean_up: SimDuration,
        /// The mean time down.
        mean_down: SimDuration,
    },
}

/// Messages of others on a link, from the start of the run to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BackgroundSpec {
    /// When they arrive.
    pub arrivals: BackgroundArrivals,
    /// The size of each, on the wire.
    pub size: Bytes,
}

/// When messages of others arrive at a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackgroundArrivals {
    /// Exponential gaps with this mean.
    Poisson {
        /// 1 / rate.
        mean_gap: SimDuration,
    },
    /// Equal gaps, the first message at time zero.
    Periodic {
        /// The gap.
        period: SimDuration,
    },
}

impl BackgroundArrivals {
    /// The mean time between two messages.
    pub fn mean_gap(self) -> SimDuration {
        match self {
            Self::Poisson { mean_gap } => mean_gap,
            Self::Periodic { period } => period,
        }
    }
}
