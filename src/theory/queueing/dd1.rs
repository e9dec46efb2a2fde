//! D/D/1: equal gaps, equal services, one FIFO server.

use crate::time::SimDuration;

/// A D/D/1 queue that starts empty: exact to the nanosecond at any load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dd1 {
    gap: SimDuration,
    service: SimDuration,
}

impl Dd1 {
    /// The queue with one arrival every `gap`, each served for `service`.
    pub const fn new(gap: SimDuration, service: SimDuration) -> Self {
        Self { gap, service }
    }

    /// How long arrival `n`, counted from 0, waits: n·max(0, service − gap). Saturates to
    /// [`SimDuration::BEYOND_CLOCK`].
    pub fn wait(&self, n: u64) -> SimDuration {
        let excess = self.service.as_nanos().saturating_sub(self.gap.as_nanos());
        SimDuration::from_nanos(excess).saturating_mul(n)
    }

    /// Its wait and its service. Saturates to [`SimDuration::BEYOND_CLOCK`].
    pub fn sojourn(&self, n: u64) -> SimDuration {
        self.wait(n).saturating_add(self.service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ns(nanos: u64) -> SimDuration {
        SimDuration::from_nanos(nanos)
    }

    #[test]
    fn nobody_waits_below_full_load() {
        assert_eq!(Dd1::new(ns(10), ns(10)).sojourn(1_000), ns(10));
        assert_eq!(Dd1::new(ns(10), ns(3)).wait(7), ns(0));
    }

    #[test]
    fn above_it_each_arrival_waits_longer_by_the_excess() {
        // arrivals at 0, 10, 20, services end at 13, 26, 39: waits 0, 3, 6
        let queue = Dd1::new(ns(10), ns(13));
        assert_eq!([0, 1, 2].map(|n| queue.wait(n)), [ns(0), ns(3), ns(6)]);
        assert_eq!(queue.sojourn(2), ns(19), "39 − 20");
    }
}
