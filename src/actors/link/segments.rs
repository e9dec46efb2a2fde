//! Messages that travel in segments, across all links.

use std::collections::BTreeSet;

/// Numbers the transfers of segmented messages and knows which of them were dropped, so that a
/// message is dropped at most once and is not delivered after that. The segments on their way when
/// one is dropped go on and arrive for nothing.
#[derive(Debug, Default)]
pub struct Segments {
    next: u32,
    dropped: BTreeSet<u32>,
}

impl Segments {
    /// A number for a message that is cut into segments now. Numbers come round after 2³² messages,
    /// more than a run has requests.
    pub(super) fn number(&mut self) -> u32 {
        let transfer = self.next;
        self.next = transfer.wrapping_add(1);
        transfer
    }

    /// A segment of `transfer` is dropped; returns whether it is the first one.
    pub(super) fn drop(&mut self, transfer: u32) -> bool {
        self.dropped.insert(transfer)
    }

    /// Whether a segment of `transfer` was dropped.
    pub(super) fn is_dropped(&self, transfer: u32) -> bool {
        self.dropped.contains(&transfer)
    }
}
