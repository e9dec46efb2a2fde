//! The trait of an arrival process.

use crate::time::SimDuration;

/// An arrival process of one client.
pub trait Arrivals {
    /// The time to the next arrival: from the origin for the first call, then from the previous
    /// arrival.
    fn next_gap(&mut self) -> SimDuration;
}
