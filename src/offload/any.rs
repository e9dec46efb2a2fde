//! Any policy, the usual ones without a detour.

use super::{Answerer, DevicePart, EntropyThreshold, Observation, Policy, RandomOffload};

/// An offloading policy of one client. What most fleets have lies in the client itself, where a
/// decision costs no second look into memory.
pub enum AnyPolicy {
    /// By the client exit's entropy.
    Entropy(EntropyThreshold),
    /// By chance.
    Random(RandomOffload),
    /// Any other.
    Other(Box<dyn Policy>),
}

impl Policy for AnyPolicy {
    fn device_part(&self) -> DevicePart {
        match self {
            Self::Entropy(policy) => policy.device_part(),
            Self::Random(policy) => policy.device_part(),
            Self::Other(policy) => policy.device_part(),
        }
    }

    fn decide(&mut self, seen: &Observation) -> Answerer {
        match self {
            Self::Entropy(policy) => policy.decide(seen),
            Self::Random(policy) => policy.decide(seen),
            Self::Other(policy) => policy.decide(seen),
        }
    }
}
