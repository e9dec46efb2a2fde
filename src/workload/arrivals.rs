//! The trait of an arrival process.

use crate::time::SimDuration;

/// An arrival process of one client.
pub trait Arrivals {
    /// The time to the next arrival: from the origin for the first call, then from where
    /// [`Self::pace`] says. [`SimDuration::BEYOND_CLOCK`]: no request will arrive any more.
    fn next_gap(&mut self) -> SimDuration;

    /// What the gaps count from; from the previous arrival unless a process says otherwise.
    fn pace(&self) -> Pace {
        Pace::Open
    }
}

/// What the gap to the next arrival counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// From the previous arrival, whatever became of it.
    Open,
    /// From the end of the previous request: its answer, its drop or its failure. A client has at
    /// most one request outstanding.
    Closed,
}
