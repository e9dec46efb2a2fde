//! What the queue of the future event list holds.

use super::event::{EventId, EventKey};

/// An event's key and the slot of its payload. Keys are unique, so the slot decides no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) key: EventKey,
    pub(super) slot: u32,
}

impl Entry {
    pub(super) const fn event(self) -> EventId {
        EventId { slot: self.slot, tie: self.key.tie }
    }
}
