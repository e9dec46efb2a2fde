//! The future event list: everything that is going to happen, soonest first.

use super::due::Due;
use super::entry::Entry;
use super::event::{ActorId, EventId, EventKey};
use super::ladder::Ladder;
use super::slab::{Payload, Slab};
use std::hint::black_box;

/// Below this many cancelled entries a purge is not worth its walk.
const PURGE_FROM: usize = 64;

/// From this many entries on, events and actors are unlikely to lie in a processor's fast cache.
const PREFETCH_FROM: usize = 2048;

/// An event whose turn has come.
#[derive(Debug)]
pub(super) struct Event<M> {
    pub(super) key: EventKey,
    pub(super) target: ActorId,
    pub(super) payload: Payload<M>,
}

/// Events by their keys' total order. A cancelled event leaves a dead entry in the queue, which
/// is skipped when its turn comes; dead entries are purged when they outnumber the live ones.
pub(super) struct FutureEventList<M> {
    queue: Ladder,
    payloads: Slab<M>,
    due: Due<M>,
    /// The time of the event popped last.
    present: u64,
}

impl<M> FutureEventList<M> {
    pub(super) fn new() -> Self {
        Self { queue: Ladder::new(), payloads: Slab::new(), due: Due::new(), present: 0 }
    }

    /// Adds an event. Its key may lie below the key popped last; then it is popped next.
    pub(super) fn insert(
        &mut self,
        key: EventKey,
        target: ActorId,
        payload: Payload<M>,
    ) -> EventId {
        if key.time == self.present && self.due.has_room() {
            self.due.insert(Event { key, target, payload });
            return EventId { slot: EventId::DUE, tie: key.tie };
        }
        let slot = self.payloads.insert(key.tie, payload);
        self.queue.insert(Entry { key, slot, target });
        EventId { slot, tie: key.tie }
    }

    /// Reads the payloads of the next few events and calls first `locate` and then `touch` with
    /// their targets, now and then and if the list is large. To read them together costs hardly
    /// more than to wait for one of them, where reading each when its turn comes is most of the
    /// time of a large run. What `touch` does depends on the target, and the processor cannot
    /// guess it before it has read what `locate` reads; hence two passes.
    pub(super) fn prefetch(
        &mut self,
        mut locate: impl FnMut(ActorId),
        mut touch: impl FnMut(ActorId),
    ) {
        if self.queue.len() < PREFETCH_FROM {
            return;
        }
        let bucket = self.queue.fresh_bucket();
        for entry in bucket {
            black_box(self.payloads.contains(entry.event()));
            locate(entry.target);
        }
        bucket.iter().for_each(|entry| touch(entry.target));
    }

    /// Takes the first event.
    pub(super) fn pop(&mut self) -> Option<Event<M>> {
        let event = loop {
            let Some(entry) = self.queue.pop_before(self.due.first_key()) else {
                break self.due.pop()?;
            };
            if let Some(payload) = self.payloads.remove(entry.event()) {
                break Event { key: entry.key, target: entry.target, payload };
            }
        };
        self.present = event.key.time;
        Some(event)
    }

    /// Removes an event before its time; `None` if it was popped or cancelled already.
    pub(super) fn cancel(&mut self, event: EventId) -> Option<M> {
        if event.slot == EventId::DUE {
            return self.due.remove(event).map(|event| event.payload.message);
        }
        let payload = self.payloads.remove(event)?;
        self.purge_if_mostly_dead();
        Some(payload.message)
    }

    fn purge_if_mostly_dead(&mut self) {
        let live = self.payloads.len();
        let dead = self.queue.len() - live;
        if dead > live.max(PURGE_FROM) {
            self.queue.retain(|entry| self.payloads.contains(entry.event()));
        }
    }
}

#[cfg(test)]
mod tests;
