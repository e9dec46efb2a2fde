//! Periodic arrivals.

use super::Arrivals;
use crate::random::Stream;
use crate::time::SimDuration;
use rand::RngExt as _;

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

    /// Arrivals with a phase drawn uniformly in [0, period) from `stream`, so that a fleet does not
    /// ask in step.
    ///
    /// # Panics
    /// If `period` is zero.
    pub fn with_random_phase(period: SimDuration, stream: &mut Stream) -> Self {
        Self::new(period, SimDuration::from_nanos(stream.random_range(0..period.as_nanos())))
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
    use crate::random::Streams;

    #[test]
    fn arrivals_start_at_the_phase_and_keep_the_period() {
        let ns = SimDuration::from_nanos;
        let mut arrivals = Periodic::new(ns(10), ns(3));
        assert_eq!([(); 3].map(|()| arrivals.next_gap()), [ns(3), ns(10), ns(10)]);
    }

    #[test]
    fn random_phases_fill_the_period_evenly() {
        let period = SimDuration::from_nanos(1_000_000);
        let clients = 10_000_u32;
        let mean = (0..clients)
            .map(|client| {
                let mut stream = Streams::new(1, 0).stream(&format!("client/{client}"), "phase");
                let mut arrivals = Periodic::with_random_phase(period, &mut stream);
                let phase = arrivals.next_gap();
                assert!(phase < period);
                assert_eq!(arrivals.next_gap(), period);
                phase.as_secs_f64() / period.as_secs_f64()
            })
            .sum::<f64>()
            / f64::from(clients);
        // A uniform phase has mean 1/2 and variance 1/12: 4 standard errors are 4·√(1/12/10⁴).
        assert!((mean - 0.5).abs() < 4.0 * (1.0 / 12.0 / 1e4_f64).sqrt(), "mean phase {mean}");
    }
}
