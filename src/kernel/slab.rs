//! Where the messages of future events lie.

use super::computation::ComputationId;
use super::event::EventId;

/// What an event brings when its time has come.
#[derive(Debug)]
pub(super) struct Payload<M> {
    /// The real computation that must be done first.
    pub(super) needs: Option<ComputationId>,
    pub(super) message: M,
}

struct Slot<M> {
    /// The tie of the event that lies, or last lay, here: unique in a run, so it tells whether
    /// an entry of the queue still belongs to this slot.
    tie: u64,
    payload: Option<Payload<M>>,
}

/// Payloads by slot; freed slots are used again, the last freed first.
pub(super) struct Slab<M> {
    slots: Vec<Slot<M>>,
    free: Vec<u32>,
}

impl<M> Slab<M> {
    pub(super) fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }

    /// How many payloads there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Keeps a payload under the event's unique `tie` and gives its slot.
    pub(super) fn insert(&mut self, tie: u64, payload: Payload<M>) -> u32 {
        let content = Slot { tie, payload: Some(payload) };
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = content;
            slot
        } else {
            let slot = u32::try_from(self.slots.len()).expect("fewer than 2³² future events");
            self.slots.push(content);
            slot
        }
    }

    /// Takes the payload of an event; `None` if it was taken before.
    pub(super) fn remove(&mut self, event: EventId) -> Option<Payload<M>> {
        let slot = self.slots.get_mut(event.slot as usize).filter(|slot| slot.tie == event.tie)?;
        let payload = slot.payload.take()?;
        self.free.push(event.slot);
        Some(payload)
    }

    /// Whether the event's payload is still here.
    pub(super) fn contains(&self, event: EventId) -> bool {
        self.slots
            .get(event.slot as usize)
            .is_some_and(|slot| slot.tie == event.tie && slot.payload.is_some())
    }
}
