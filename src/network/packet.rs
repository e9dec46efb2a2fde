//! A message on its way.

use super::routes::RouteId;
use crate::kernel::ActorId;
use crate::quantity::Bytes;
use crate::time::SimTime;

/// A message of `size` bytes (header included) that follows a route hop by hop.
#[derive(Debug, Clone, Copy)]
pub struct Packet<P> {
    /// Its route.
    pub route: RouteId,
    /// Which hop of the route handles it now.
    pub hop: u16,
    /// Who sent it and learns of its drop.
    pub sender: ActorId,
    /// When it was first sent.
    pub sent: SimTime,
    /// Bytes on each wire.
    pub size: Bytes,
    /// How often its sender has sent it again after a drop.
    pub resent: u32,
    /// What of it travels here.
    pub part: Part,
    /// What it carries.
    pub payload: P,
}

/// What of a message travels in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// A segment.
    Segment {
        /// Which transfer it belongs to: segments of one message have the same number.
        transfer: u32,
        /// Its bytes.
        bytes: u16,
        /// Whether it is the message's last one.
        last: bool,
    },
}

impl<P> Packet<P> {
    /// Bytes of the part that travels.
    pub fn part_size(&self) -> Bytes {
        match self.part {
            Part::Whole => self.size,
            Part::Segment { bytes, .. } => Bytes(u64::from(bytes)),
        }
    }

    /// Whether the message is complete with this part.
    pub fn is_last(&self) -> bool {
        matches!(self.part, Part::Whole | Part::Segment { last: true, .. })
    }
}
