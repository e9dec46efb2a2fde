//! Nodes, links and how devices are attached to them.

use crate::distribution::DurationDistribution;
use crate::quantity::{BitRate, Bytes};
use crate::time::SimDuration;

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
}

/// An access link pair: one link up, one down.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessSpec {
    /// Device → network.
    pub up: LinkSpec,
    /// Network → device.
    pub down: LinkSpec,
}

/// One direction of a link.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkSpec {
    /// Serialisation rate.
    pub rate: BitRate,
    /// Propagation delay.
    pub delay: SimDuration,
    /// Random addition to the propagation delay of each message.
    pub jitter: Option<DurationDistribution>,
    /// Probability in [0, 1) that a transmission is lost.
    pub loss: f64,
    /// Retransmissions after which a message is dropped.
    pub retries: u32,
}
