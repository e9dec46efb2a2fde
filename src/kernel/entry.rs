//! What the queue of the future event list holds.

use super::event::{ActorId, EventId, EventKey};

/// An event's key, its target and the slot of its payload. Keys are unique, so neither slot nor
/// target decides an order. The target lies here and not with the payload so that the processor
/// can fetch both the payload and the actor from memory at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) key: EventKey,
    pub(super) slot: u32,
    pub(super) target: ActorId,
}

impl Entry {
    pub(super) const fn event(self) -> EventId {
        EventId { slot: self.slot, tie: self.key.tie }
    }
}
