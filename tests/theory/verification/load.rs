//! How busy a case's server is.

use splitgp_sim::theory::queueing::ArrivalRate;
use splitgp_sim::time::SimDuration;
use std::fmt;

/// The mean gap between arrivals in every case: 1 ms.
pub(crate) const GAP: SimDuration = SimDuration::from_nanos(1_000_000);

/// A load in whole percent, so that mean service times are whole microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Load {
    percent: u64,
}

impl Load {
    /// `percent` of what the servers can do.
    pub(crate) const fn percent(percent: u64) -> Self {
        Self { percent }
    }

    /// As a share.
    #[expect(clippy::cast_precision_loss, reason = "a percentage")]
    pub(crate) fn share(self) -> f64 {
        self.percent as f64 / 100.0
    }

    /// 1/(1 − ρ)²: how the variance of a queue's mean sojourn, relative to the mean's square, grows
    /// with the load (W. Whitt, "Planning queueing simulations", Management Science 35(11), 1989).
    /// Of waits, which many customers do not have, it is this over the probability of a wait.
    pub(crate) fn difficulty(self) -> f64 {
        (1.0 - self.share()).powi(-2)
    }

    /// The mean service time of one server that a customer comes to every [`GAP`].
    pub(crate) fn service(self) -> SimDuration {
        SimDuration::from_nanos(GAP.as_nanos() / 100 * self.percent)
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.share())
    }
}

/// One arrival every [`GAP`].
pub(crate) fn arrivals() -> ArrivalRate {
    ArrivalRate::of_mean_gap(GAP).expect("the gap is not zero")
}
