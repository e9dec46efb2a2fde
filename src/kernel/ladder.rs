//! The queue of keys.

use super::event::{EventId, EventKey};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// An event's key and where its payload lies.
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

pub(super) struct Ladder {
    heap: BinaryHeap<Reverse<Entry>>,
}

impl Ladder {
    pub(super) fn new() -> Self {
        Self { heap: BinaryHeap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        self.heap.push(Reverse(entry));
    }

    pub(super) fn pop(&mut self) -> Option<Entry> {
        self.heap.pop().map(|Reverse(entry)| entry)
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(Entry) -> bool) {
        self.heap.retain(|Reverse(entry)| keep(*entry));
    }
}
