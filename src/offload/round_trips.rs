//! What a device knows of the server's delay from its own offloads.

use crate::time::{SimDuration, SimTime};

/// The weight of a measurement that follows the one before it at once: 1/8, as TCP smooths its
/// round trips (RFC 6298; V. Jacobson, "Congestion avoidance and control", 1988).
const WEIGHT: f64 = 0.125;

/// An exponentially weighted mean of measured round trips, from the sending of a request to the
/// answer's arrival, that forgets what is old.
///
/// A device that finds the server slow stops asking it, and so would never learn that it has
/// become fast again. Therefore what was measured counts less the older it is: of the mean m of a
/// time a ago the estimate keeps the share k = f / (f + a), where f is the half-life, and the
/// rest is the closed form t₀ of a lone request, with which it begins:
/// estimate = t₀ + k·(m − t₀). A new measurement r takes over what is forgotten:
/// m ← r + (1 − 1/8)·k·(m − r).
#[derive(Debug, Clone, Copy)]
pub struct RoundTrips {
    /// t₀ in nanoseconds.
    lone: f64,
    /// m in nanoseconds.
    mean: f64,
    /// When it was measured last.
    last: SimTime,
    /// f in nanoseconds.
    half_life: f64,
}

impl RoundTrips {
    /// Nothing measured yet: a round trip takes as long as that of a `lone` request. What will be
    /// measured counts half after `half_life`.
    pub fn new(lone: SimDuration, half_life: SimDuration) -> Self {
        let lone = nanos(lone);
        Self { lone, mean: lone, last: SimTime::ZERO, half_life: nanos(half_life) }
    }

    /// The round trip to be expected at `now`, in nanoseconds.
    pub fn estimate(&self, now: SimTime) -> f64 {
        self.lone + self.kept(now) * (self.mean - self.lone)
    }

    /// A round trip of `took` has ended at `now`.
    pub fn measure(&mut self, now: SimTime, took: SimDuration) {
        let took = nanos(took);
        self.mean = took + (1.0 - WEIGHT) * self.kept(now) * (self.mean - took);
        self.last = now;
    }

    /// The share of the mean that still counts: a division only, so that it is the same on every
    /// machine.
    fn kept(&self, now: SimTime) -> f64 {
        let age = nanos(now.since(self.last));
        self.half_life / (self.half_life + age)
    }
}

/// Nanoseconds as a number.
#[expect(clippy::cast_precision_loss, reason = "exact below 2⁵³ ns, 104 days")]
pub(super) fn nanos(duration: SimDuration) -> f64 {
    duration.as_nanos() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ns(nanos: u64) -> SimDuration {
        SimDuration::from_nanos(nanos)
    }

    const fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    #[test]
    fn before_any_measurement_the_closed_form_is_expected_whatever_the_time() {
        let trips = RoundTrips::new(ns(1_000), ns(100));
        assert_eq!(trips.estimate(at(0)), 1_000.0);
        assert_eq!(trips.estimate(at(1_000_000)), 1_000.0);
    }

    #[test]
    fn measurements_at_once_are_smoothed_by_an_eighth() {
        let mut trips = RoundTrips::new(ns(1_000), ns(100));
        trips.measure(at(0), ns(1_800));
        // 1,000 + (1,800 − 1,000)/8 = 1,100
        assert_eq!(trips.estimate(at(0)), 1_100.0);
        trips.measure(at(0), ns(300));
        // 1,100 + (300 − 1,100)/8 = 1,000
        assert_eq!(trips.estimate(at(0)), 1_000.0);
    }

    #[test]
    fn after_its_half_life_half_of_what_was_measured_is_forgotten() {
        let mut trips = RoundTrips::new(ns(1_000), ns(100));
        trips.measure(at(0), ns(1_800));
        // 1,000 + 100/(100 + 100)·(1,100 − 1,000) = 1,050
        assert_eq!(trips.estimate(at(100)), 1_050.0);
        // and the next measurement weighs 1 − 7/8·1/2: 2,000 + 7/16·(1,100 − 2,000) = 1,606.25
        trips.measure(at(100), ns(2_000));
        assert_eq!(trips.estimate(at(100)), 1_606.25);
    }
}
