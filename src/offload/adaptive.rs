//! `adaptive: PRICE`: a threshold that follows the server's delay.
//!
//! The policy minimises, request by request, latency + price · probability of an error. To ask the
//! server lowers the error by g(H) and takes a round trip more, so that it pays iff
//! price · g(H) > round trip. That is the rule of C. K. Chow, "On optimum recognition error and
//! reject tradeoff", 1970: pass a decision on iff the error that this spares is worth more than it
//! costs. As g is nondecreasing, it is entropy offloading with the threshold
//! E_th(t) = sup { H : price · g(H) ≤ t }, which rises with the round trip t to be expected.
//!
//! Each device serves itself: what its request adds to others' waiting it does not count, and under
//! load such decisions ask a server more than is best for all (P. Naor, "The regulation of queue
//! size by levying tolls", 1969).

use super::gain_curve::GainCurve;
use super::round_trips::nanos;
use super::{Answerer, DevicePart, Observation, Policy, RoundTrips};
use crate::time::{SimDuration, SimTime};
use std::cell::LazyCell;
use std::rc::Rc;

/// g, fitted when it is first needed: the models are trained by then.
pub type LazyGain = LazyCell<GainCurve, Box<dyn FnOnce() -> GainCurve>>;

/// Offloads iff price · (P(client exit wrong | H) − P(server exit wrong | H)) exceeds the round trip
/// to be expected.
pub struct Adaptive {
    price: SimDuration,
    gain: Rc<LazyGain>,
    trips: RoundTrips,
}

impl Adaptive {
    /// An error is as bad as `price` of latency.
    pub fn new(price: SimDuration, gain: Rc<LazyGain>, trips: RoundTrips) -> Self {
        Self { price, gain, trips }
    }
}

impl Policy for Adaptive {
    fn device_part(&self) -> DevicePart {
        DevicePart::PhiAndKappa
    }

    /// # Panics
    /// If the answers carry no entropy: a scenario with stated outcomes cannot choose this policy.
    fn decide(&mut self, seen: &Observation) -> Answerer {
        let worth = nanos(self.price) * self.gain.at(seen.confidence().entropy);
        Answerer::server_if(worth > self.trips.estimate(seen.now))
    }

    fn measured(&mut self, now: SimTime, took: SimDuration) {
        self.trips.measure(now, took);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offload::Judged;
    use crate::offload::policy::{of_entropy, seeing};

    const fn ns(nanos: u64) -> SimDuration {
        SimDuration::from_nanos(nanos)
    }

    /// g is 0 from 0.1, ½ from 0.5, 1 from 1 nat on; an error is worth 1,000 ns, a lone round trip
    /// takes 400 ns.
    fn policy() -> Adaptive {
        let judged =
            |(entropy, client_correct)| Judged { entropy, client_correct, server_correct: true };
        let samples = [(0.1, true), (0.5, false), (0.5, true), (1.0, false)];
        let fit = move || GainCurve::fit(samples.map(judged).to_vec());
        let gain: Rc<LazyGain> = Rc::new(LazyCell::new(Box::new(fit)));
        Adaptive::new(ns(1_000), gain, RoundTrips::new(ns(400), ns(1_000)))
    }

    fn offloads(policy: &mut Adaptive, entropy: f64) -> bool {
        policy.decide(&seeing(of_entropy(entropy))) == Answerer::Server
    }

    #[test]
    fn the_server_is_asked_iff_the_error_spared_is_worth_the_round_trip() {
        let mut policy = policy();
        // 1,000·0 < 400, 1,000·½ > 400, 1,000·1 > 400
        assert_eq!([0.4, 0.5, 1.0].map(|h| offloads(&mut policy, h)), [false, true, true]);
    }

    #[test]
    fn the_threshold_rises_with_the_measured_round_trips() {
        let mut policy = policy();
        policy.measured(SimTime::ZERO, ns(2_000));
        // 400 + 1,600/8 = 600: above 1,000·½, below 1,000·1
        assert_eq!([0.5, 1.0].map(|h| offloads(&mut policy, h)), [false, true]);
        (0..30).for_each(|_| policy.measured(SimTime::ZERO, ns(2_000)));
        assert!(!offloads(&mut policy, 1.0), "1,000·1 < 2,000 or nearly");
    }
}
