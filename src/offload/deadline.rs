//! `deadline: T`: the server is asked only while its answer can still come in time.

use super::round_trips::nanos;
use super::{Answerer, DevicePart, Observation, Policy, RoundTrips};
use crate::time::{SimDuration, SimTime};

/// Offloads iff the client exit is in doubt, H > E_th, and the predicted answer meets the deadline:
/// what the request has taken on the device plus the round trip to be expected of its smashed data,
/// at most the deadline. A doubtful request that would come too late is answered by the client exit.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    limit: SimDuration,
    threshold: Option<f64>,
    trips: RoundTrips,
}

impl Deadline {
    /// Answers are to be there `limit` after their requests' arrival; without a `threshold` E_th in
    /// nats every request is in doubt.
    pub fn new(limit: SimDuration, threshold: Option<f64>, trips: RoundTrips) -> Self {
        Self { limit, threshold, trips }
    }
}

impl Policy for Deadline {
    fn device_part(&self) -> DevicePart {
        DevicePart::PhiAndKappa
    }

    /// # Panics
    /// If there is a threshold and the answers carry no entropy: a scenario with stated outcomes
    /// cannot choose both.
    fn decide(&mut self, seen: &Observation) -> Answerer {
        let in_doubt = self.threshold.is_none_or(|most| seen.confidence().entropy > most);
        let predicted = nanos(seen.elapsed) + self.trips.estimate(seen.now);
        Answerer::server_if(in_doubt && predicted <= nanos(self.limit))
    }

    fn measured(&mut self, now: SimTime, took: SimDuration) {
        self.trips.measure(now, took);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offload::policy::{of_entropy, seeing};

    const fn ns(nanos: u64) -> SimDuration {
        SimDuration::from_nanos(nanos)
    }

    /// A deadline of 1,000 ns, a lone round trip of 600 ns.
    fn policy(threshold: Option<f64>) -> Deadline {
        Deadline::new(ns(1_000), threshold, RoundTrips::new(ns(600), ns(1_000)))
    }

    fn after(elapsed: u64, entropy: f64) -> Observation {
        Observation { elapsed: ns(elapsed), ..seeing(of_entropy(entropy)) }
    }

    #[test]
    fn an_answer_that_is_predicted_for_the_deadline_itself_is_in_time() {
        let mut policy = policy(None);
        // 400 + 600 = 1,000
        assert_eq!(policy.decide(&after(400, 0.0)), Answerer::Server);
        assert_eq!(policy.decide(&after(401, 0.0)), Answerer::Client);
    }

    #[test]
    fn only_doubtful_answers_are_worth_the_way() {
        let mut policy = policy(Some(0.4));
        assert_eq!(policy.decide(&after(0, 0.4)), Answerer::Client);
        assert_eq!(policy.decide(&after(0, 0.5)), Answerer::Server);
        assert_eq!(policy.decide(&after(500, 0.5)), Answerer::Client, "500 + 600 > 1,000");
    }

    #[test]
    fn a_slow_answer_keeps_the_next_ones_at_home_until_it_is_forgotten() {
        let mut policy = policy(None);
        assert_eq!(policy.decide(&after(300, 0.0)), Answerer::Server);
        policy.measured(SimTime::ZERO, ns(2_200));
        // 300 + (600 + 1,600/8) = 1,100 > 1,000
        assert_eq!(policy.decide(&after(300, 0.0)), Answerer::Client);
        // a half-life later 300 + (600 + 200/2) = 1,000
        let later = Observation { now: SimTime::from_nanos(1_000), ..after(300, 0.0) };
        assert_eq!(policy.decide(&later), Answerer::Server);
    }
}
