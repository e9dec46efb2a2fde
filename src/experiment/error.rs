//! Why a scenario could not be run to its end.

use crate::kernel::SimError;
use crate::learning::{DataError, LearningError};
use crate::station::AuditError;
use thiserror::Error;

/// A value of the scenario that is valid by itself but does not fit the others.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{key}: {message}")]
pub struct Rejection {
    /// Its key path, such as `fleet[0].device`.
    pub key: String,
    /// What does not fit, and what would.
    pub message: String,
}

/// Why a scenario could not be run to its end.
#[derive(Debug, Error)]
pub enum ExperimentError {
    /// The scenario asks for what cannot be.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Rejected(Vec<Rejection>),
    /// The data cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The data cannot be dealt to the clients.
    #[error(transparent)]
    Learning(#[from] LearningError),
    /// Replications repeat what the first one learned, but this one would have learned otherwise.
    #[error(
        "replication {replication}, round {round}: updates were lost on the network, so that \
         replications would learn differently; training again in each of them is not simulated \
         yet: raise `training.retries`, or leave `replications` out"
    )]
    LearningDiffers {
        /// Which replication.
        replication: u32,
        /// The first round that lost an update.
        round: u32,
    },
    /// Training was ended from outside before what needs it could begin.
    #[error("interrupted before training was finished")]
    Interrupted,
    /// The run failed.
    #[error(transparent)]
    Simulation(#[from] SimError),
    /// The run of one of several replications failed.
    #[error("replication {replication}: {error}")]
    Replication {
        /// Which replication, from 0.
        replication: u32,
        /// Why.
        error: SimError,
    },
    /// The simulator contradicts itself: a bug, never the scenario's fault.
    #[error("invariant violated at station '{station}': {law}; please report this")]
    Invariant {
        /// Which station.
        station: String,
        /// Which law.
        law: AuditError,
    },
    /// Requests were lost or counted twice: a bug, never the scenario's fault.
    #[error(
        "invariant violated: {created} requests were created, but {accounted} are accounted for; \
         please report this"
    )]
    Requests {
        /// Requests created.
        created: u64,
        /// Completed, dropped, failed and in flight together.
        accounted: u64,
    },
}

impl From<Rejection> for ExperimentError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(vec![rejection])
    }
}
