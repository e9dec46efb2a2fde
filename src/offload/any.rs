//! Any policy, the usual ones without a detour.

use super::{
    Answerer, DevicePart, EntropyThreshold, Hindsight, Observation, Oracle, Policy, RandomOffload,
};
use crate::time::{SimDuration, SimTime};

/// An offloading policy of one client. What most fleets have lies in the client itself, where a
/// decision costs no second look into memory.
pub enum AnyPolicy {
    /// By the client exit's entropy.
    Entropy(EntropyThreshold),
    /// By chance.
    Random(RandomOffload),
    /// By what no device can know.
    Oracle(Oracle),
    /// Any other.
    Other(Box<dyn Policy>),
}

impl AnyPolicy {
    /// What the device computes before the decision.
    pub fn device_part(&self) -> DevicePart {
        match self {
            Self::Entropy(policy) => policy.device_part(),
            Self::Random(policy) => policy.device_part(),
            Self::Oracle(policy) => policy.device_part(),
            Self::Other(policy) => policy.device_part(),
        }
    }

    /// Who answers this request. Only the oracle is told who would be right.
    pub fn decide(&mut self, seen: &Observation, hindsight: Hindsight) -> Answerer {
        match self {
            Self::Entropy(policy) => policy.decide(seen),
            Self::Random(policy) => policy.decide(seen),
            Self::Oracle(policy) => policy.decide(hindsight),
            Self::Other(policy) => policy.decide(seen),
        }
    }

    /// Whether it may learn from the server's answers, see [`Policy::measured`].
    pub fn may_measure(&self) -> bool {
        matches!(self, Self::Other(_))
    }

    /// As [`Policy::measured`].
    pub fn measured(&mut self, now: SimTime, took: SimDuration) {
        if let Self::Other(policy) = self {
            policy.measured(now, took);
        }
    }
}
