//! A link's finite buffer.

use crate::network::Part;
use std::collections::BTreeMap;
use std::num::NonZeroU32;

/// Counts the messages at a link, the one in service included. A message in segments counts once
/// while any of them is here.
#[derive(Debug)]
pub(super) struct Buffer {
    limit: NonZeroU32,
    whole: u32,
    /// Segments present of each transfer.
    transfers: BTreeMap<u32, u32>,
}

impl Buffer {
    /// An empty buffer for `limit` messages.
    pub(super) fn new(limit: NonZeroU32) -> Self {
        Self { limit, whole: 0, transfers: BTreeMap::new() }
    }

    /// Takes `part` in, unless its message is new and the buffer full; returns whether it did.
    pub(super) fn admit(&mut self, part: Part) -> bool {
        let known = match part {
            Part::Segment { transfer, .. } => self.transfers.contains_key(&transfer),
            Part::Whole => false,
        };
        let present = self.whole as usize + self.transfers.len();
        if !known && present >= self.limit.get() as usize {
            return false;
        }
        match part {
            Part::Whole => self.whole += 1,
            Part::Segment { transfer, .. } => *self.transfers.entry(transfer).or_default() += 1,
        }
        true
    }

    /// `part`, which was admitted, leaves.
    pub(super) fn release(&mut self, part: Part) {
        match part {
            Part::Whole => self.whole -= 1,
            Part::Segment { transfer, .. } => {
                let present = self.transfers.get_mut(&transfer).expect("it was admitted");
                *present -= 1;
                if *present == 0 {
                    self.transfers.remove(&transfer);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_counts_messages_not_segments() {
        let segment = |transfer, last| Part::Segment { transfer, bytes: 1, last };
        let mut buffer = Buffer::new(NonZeroU32::new(2).unwrap());
        assert!(buffer.admit(segment(1, false)));
        assert!(buffer.admit(segment(1, false)), "the same message");
        assert!(buffer.admit(Part::Whole));
        assert!(!buffer.admit(Part::Whole), "two are here");
        assert!(!buffer.admit(segment(2, false)), "a third message");
        assert!(buffer.admit(segment(1, true)), "the first still");
        for last in [false, false, true] {
            buffer.release(segment(1, last));
        }
        assert!(buffer.admit(Part::Whole), "its place is free");
        assert!(!buffer.admit(Part::Whole));
    }
}
