//! Events of the present instant, which never see the queue.

use super::event::{EventId, EventKey};
use super::fel::Event;

/// How many there may be; an instant at which more is scheduled goes through the queue, which
/// sorts a crowd faster than one by one.
const ROOM: usize = 8;

/// Events scheduled for the instant at which they were scheduled, with their messages: nearly
/// always one, and that the next to be handled.
pub(super) struct Due<M>(Vec<Event<M>>);

impl<M> Due<M> {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(ROOM))
    }

    pub(super) fn has_room(&self) -> bool {
        self.0.len() < ROOM
    }

    /// The key of the first event, or one that no event reaches.
    pub(super) fn first_key(&self) -> EventKey {
        self.0.last().map_or(EventKey::LAST, |event| event.key)
    }

    /// Adds an event.
    pub(super) fn insert(&mut self, event: Event<M>) {
        // The last is the first to be popped.
        let place = self.0.iter().rposition(|other| other.key > event.key).map_or(0, |at| at + 1);
        self.0.insert(place, event);
    }

    /// Takes the first event.
    pub(super) fn pop(&mut self) -> Option<Event<M>> {
        self.0.pop()
    }

    /// Takes an event out before its turn; `None` if it is not here.
    pub(super) fn remove(&mut self, id: EventId) -> Option<Event<M>> {
        let place = self.0.iter().position(|event| event.key.tie == id.tie)?;
        Some(self.0.remove(place))
    }
}
