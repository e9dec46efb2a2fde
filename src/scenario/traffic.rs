//! When requests arrive, as a scenario states it.

use super::model::{InferenceSpec, Scenario};
use crate::distribution::DurationDistribution;
use crate::time::SimDuration;
pub use crate::workload::BurstState;
use crate::workload::Bursty;
use std::path::PathBuf;

/// Requests that a run may be expected to create: every one keeps its record in memory.
pub const MAX_REQUESTS: u64 = 20_000_000;

/// When one client's requests arrive.
#[derive(Debug, Clone, PartialEq)]
pub enum ArrivalSpec {
    /// Exponential gaps with this mean.
    Poisson {
        /// 1 / rate.
        mean_gap: SimDuration,
    },
    /// Equal gaps.
    Periodic {
        /// The gap.
        period: SimDuration,
        /// The first arrival.
        phase: PhaseSpec,
    },
    /// A Markov-modulated Poisson process of two states.
    Bursty {
        /// The state that is meant to be the slow one.
        quiet: BurstState,
        /// The other one.
        burst: BurstState,
    },
    /// One request at a time: thinking, then asking, then thinking again when the request ends.
    Closed {
        /// The think time.
        think: DurationDistribution,
    },
    /// The instants in this CSV file.
    Trace(PathBuf),
}

/// The first arrival of a periodic process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseSpec {
    /// At this time.
    At(SimDuration),
    /// Drawn uniformly in the period for each client.
    Random,
}

impl ArrivalSpec {
    /// The mean time between two requests of a client; for a closed loop the typical think time,
    /// which it is never much shorter than. `None` for a trace, which is in its file.
    pub fn mean_gap(&self) -> Option<SimDuration> {
        match self {
            Self::Poisson { mean_gap } => Some(*mean_gap),
            Self::Periodic { period, .. } => Some(*period),
            Self::Bursty { quiet, burst } => Some(Bursty::mean_gap([*quiet, *burst])),
            Self::Closed { think } => Some(think.typical()),
            Self::Trace(_) => None,
        }
    }
}

impl InferenceSpec {
    /// About how many requests `clients` create in all of `replications`; `None` for a trace.
    pub(super) fn expected_requests(&self, clients: u128, replications: u32) -> Option<u128> {
        Some(self.expected_events(self.arrivals.mean_gap()?, clients, replications))
    }

    /// About how often something happens that happens to each client every `gap` on average.
    pub(super) fn expected_events(
        &self,
        gap: SimDuration,
        clients: u128,
        replications: u32,
    ) -> u128 {
        let window = u128::from(self.duration.as_nanos());
        u128::from(replications) * clients * window / u128::from(gap.as_nanos().max(1))
    }
}

impl Scenario {
    /// About how many requests a run creates, all replications together. `None` without traffic and
    /// for a trace, whose arrivals are in its file.
    pub fn expected_requests(&self) -> Option<u128> {
        let clients = self.fleet.iter().map(|entry| u128::from(entry.count)).sum();
        self.inference.as_ref()?.expected_requests(clients, self.replications)
    }
}
