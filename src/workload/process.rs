//! Any arrival process, the usual one without a detour.

use super::{Arrivals, Pace, Poisson};
use crate::time::SimDuration;

/// An arrival process of one client. What most fleets have lies in the client itself, where a
/// draw costs no second look into memory.
pub enum ArrivalProcess {
    /// Independent exponential gaps.
    Poisson(Poisson),
    /// Any other.
    Other(Box<dyn Arrivals>),
}

impl Arrivals for ArrivalProcess {
    fn next_gap(&mut self) -> SimDuration {
        match self {
            Self::Poisson(poisson) => poisson.next_gap(),
            Self::Other(process) => process.next_gap(),
        }
    }

    fn pace(&self) -> Pace {
        match self {
            Self::Poisson(poisson) => poisson.pace(),
            Self::Other(process) => process.pace(),
        }
    }
}
