//! What identifies and orders an event.

use crate::time::SimTime;

const SOURCE_BITS: u32 = 30;
const SEQUENCE_BITS: u32 = 32;

/// An actor, numbered by the order of declaration; the first is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorId(u32);

impl ActorId {
    /// How many actors a simulation can have: a key keeps 30 bits for the source.
    pub const LIMIT: usize = 1 << SOURCE_BITS;

    /// The actor's position in the order of declaration.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The actor at a position in the order of declaration.
    ///
    /// # Panics
    /// If `index` is not below 2³²; a simulation of [`Self::LIMIT`] actors or more is refused
    /// long before.
    pub fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("an actor's index fits 32 bits"))
    }

    pub(super) const fn as_u32(self) -> u32 {
        self.0
    }
}

/// What comes first among the events of one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Completions and changes of state: a place is free before an arrival looks for it.
    Completion = 0,
    /// Deliveries and arrivals.
    Delivery = 1,
    /// Timers, so that what happens at a deadline still meets it.
    Timer = 2,
}

/// One scheduled event, for cancelling it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventId {
    pub(super) slot: u32,
    pub(super) tie: u64,
}

impl EventId {
    /// Instead of a slot, for an event whose message lies in none.
    pub(super) const DUE: u32 = u32::MAX;

    /// The event that the kernel refused to schedule: nothing can be cancelled by it.
    pub(super) const REFUSED: Self = Self { slot: Self::DUE, tie: u64::MAX };
}

/// The total order of events: time, then rank, source and sequence, packed as
/// `2 bit rank | 30 bit source | 32 bit sequence` so that two words decide every comparison.
///
/// No two events of a run share a `tie`: a source never uses a sequence number twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EventKey {
    pub(super) time: u64,
    pub(super) tie: u64,
}

impl EventKey {
    /// After every event's key: there is no rank above [`Rank::Timer`].
    pub(super) const LAST: Self = Self { time: u64::MAX, tie: u64::MAX };

    pub(super) fn new(time: SimTime, rank: Rank, source: ActorId, sequence: u32) -> Self {
        debug_assert!(source.index() < ActorId::LIMIT);
        let rank = (rank as u64) << (SOURCE_BITS + SEQUENCE_BITS);
        let source = u64::from(source.0) << SEQUENCE_BITS;
        Self { time: time.as_nanos(), tie: rank | source | u64::from(sequence) }
    }

    /// One number in the same order, which is compared without a branch.
    pub(super) const fn packed(self) -> u128 {
        (self.time as u128) << 64 | self.tie as u128
    }

    pub(super) const fn time(self) -> SimTime {
        SimTime::from_nanos(self.time)
    }

    pub(super) fn source(self) -> ActorId {
        let mask = (1 << SOURCE_BITS) - 1;
        let source = (self.tie >> SEQUENCE_BITS) & mask;
        ActorId(u32::try_from(source).expect("30 bits fit 32"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_by_time_then_rank_then_source_then_sequence() {
        let last_source = ActorId::from_index(ActorId::LIMIT - 1);
        let first_source = ActorId::from_index(0);
        let key = |time, rank, source, sequence| {
            EventKey::new(SimTime::from_nanos(time), rank, source, sequence)
        };
        let ascending = [
            key(0, Rank::Timer, last_source, u32::MAX),
            key(1, Rank::Completion, first_source, 0),
            key(1, Rank::Completion, last_source, u32::MAX),
            key(1, Rank::Delivery, first_source, u32::MAX),
            key(1, Rank::Delivery, last_source, 0),
            key(1, Rank::Delivery, last_source, 1),
            key(1, Rank::Timer, first_source, 0),
            key(u64::MAX, Rank::Completion, first_source, 0),
        ];
        assert!(ascending.is_sorted_by(|a, b| a < b), "{ascending:?}");
    }

    #[test]
    fn a_key_gives_its_source_back() {
        let source = ActorId::from_index(ActorId::LIMIT - 1);
        let key = EventKey::new(SimTime::ZERO, Rank::Timer, source, u32::MAX);
        assert_eq!(key.source(), source);
    }
}
