//! Periodic arrivals.

use super::Arrivals;
use crate::time::SimDuration;

/// Equal gaps, the first arrival at a phase.
#[derive(Debug, Clone)]
pub struct Periodic {
    period: SimDuration,
    first: Option<SimDuration>,
}

impl Periodic {
    /// Arrivals at `phase`, `phase + period`, `phase + 2·period`, …
    pub fn new(period: SimDuration, phase: SimDuration) -> Self {
        Self { period, first: Some(phase) }
    }
}

impl Arrivals for Periodic {
    fn next_gap(&mut self) -> SimDuration {
        self.first.take().unwrap_or(self.period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_start_at_the_phase_and_keep_the_period() {
        let ns = SimDuration::from_nanos;
        let mut arrivals = Periodic::new(ns(10), ns(3));
        assert_eq!([(); 3].map(|()| arrivals.next_gap()), [ns(3), ns(10), ns(10)]);
    }
}
