//! Offloading policies.

use crate::time::SimDuration;

/// Who answers a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OffloadSpec {
    /// The client exit, always.
    ClientExit,
    /// The full model on the device, always.
    ClientOnly,
    /// The full model on the server, always; the raw input is sent.
    ServerOnly,
    /// The server exit through the cut, always; κ is not computed.
    ServerExit,
    /// The server exit iff the client exit's entropy exceeds this threshold in nats.
    Entropy(f64),
    /// The server exit iff the client exit's two largest probabilities differ by less than this.
    Margin(f64),
    /// The server exit with this probability.
    Random(f64),
    /// The server exit while its answer is predicted to meet a deadline.
    Deadline(DeadlineSpec),
    /// The server exit while the errors that it spares are worth its delay.
    Adaptive(AdaptiveSpec),
    /// The server exit iff it alone is right.
    Oracle,
}

/// Offloading under a deadline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeadlineSpec {
    /// How long after its arrival a request is to be answered.
    pub limit: SimDuration,
    /// E_th in nats, above which the client exit is in doubt; without one it always is.
    pub entropy: Option<f64>,
    /// After this time a measured round trip counts half.
    pub half_life: SimDuration,
}

/// Offloading at a price of errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdaptiveSpec {
    /// The latency that is as bad as an error.
    pub price: SimDuration,
    /// After this time a measured round trip counts half.
    pub half_life: SimDuration,
}

impl OffloadSpec {
    /// Its name in the scenario language.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClientExit => "client-exit",
            Self::ClientOnly => "client-only",
            Self::ServerOnly => "server-only",
            Self::ServerExit => "server-exit",
            Self::Entropy(_) => "entropy",
            Self::Margin(_) => "margin",
            Self::Random(_) => "random",
            Self::Deadline(_) => "deadline",
            Self::Adaptive(_) => "adaptive",
            Self::Oracle => "oracle",
        }
    }

    /// E_th in nats, if the policy is entropy offloading.
    pub fn threshold(self) -> Option<f64> {
        match self {
            Self::Entropy(threshold) => Some(threshold),
            _ => None,
        }
    }

    /// The deadline that it keeps, if it keeps one.
    pub fn deadline(self) -> Option<SimDuration> {
        match self {
            Self::Deadline(DeadlineSpec { limit, .. }) => Some(limit),
            _ => None,
        }
    }

    /// Whether it looks at the client exit's probabilities, which stated outcomes do not have.
    pub fn looks_at_client_exit(self) -> bool {
        match self {
            Self::Entropy(_) | Self::Margin(_) | Self::Adaptive(_) => true,
            Self::Deadline(DeadlineSpec { entropy, .. }) => entropy.is_some(),
            Self::ClientExit
            | Self::ClientOnly
            | Self::ServerOnly
            | Self::ServerExit
            | Self::Random(_)
            | Self::Oracle => false,
        }
    }
}
