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
    /// What it carries.
    pub payload: P,
}
