//! How training rounds go: who takes part, how long they last, and when models are averaged.

use super::TrainingSpec;
use crate::time::SimDuration;

/// When clients' updates are aggregated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AggregationSpec {
    /// Round by round: all updates of a round at once.
    Synchronous {
        /// The share of the clients that is drawn for each round, in (0, 1].
        participation: f64,
        /// How long after its start a round ends with those whose updates have arrived.
        deadline: Option<SimDuration>,
    },
    /// Each update as it arrives (Xie, Koyejo, Gupta, "Asynchronous Federated Optimization", 2019).
    Asynchronous {
        /// α: the weight of an update that is not stale, in (0, 1].
        mixing: f64,
        /// How much less a stale one weighs.
        staleness: StalenessSpec,
    },
}

impl AggregationSpec {
    /// Everybody in every round, which lasts until the last update has arrived.
    pub const DEFAULT: Self = Self::Synchronous { participation: 1.0, deadline: None };
}

/// What α is multiplied with for an update on models that were aggregated `d` times since.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StalenessSpec {
    /// 1.
    Constant,
    /// (1 + d)^−a, with this a ≥ 0.
    Polynomial(f64),
    /// 1 up to d = `after`, then 1 / (1 + slope · (d − after)).
    Hinge {
        /// The largest d without effect.
        after: u32,
        /// How fast the weight falls then, at least 0.
        slope: f64,
    },
}

/// How many models the server trains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerModelSpec {
    /// A working copy of θ for each client; the copies are averaged.
    PerClient,
    /// One θ, stepped in the order in which the server serves the clients' mini-batches.
    Shared,
}

impl TrainingSpec {
    /// Whether the clock decides what is learned although no message and no device is lost: by a
    /// deadline, or by the order in which updates or mini-batches arrive.
    pub fn learns_by_the_clock(&self) -> bool {
        match self.aggregation {
            AggregationSpec::Synchronous { deadline, .. } => {
                deadline.is_some() || self.server_model == ServerModelSpec::Shared
            }
            AggregationSpec::Asynchronous { .. } => true,
        }
    }
}
