//! Arrivals from a trace.

use super::Arrivals;
use crate::time::SimDuration;
use std::sync::Arc;

/// Arrivals at recorded instants; clients that replay one trace share it.
#[derive(Debug, Clone)]
pub struct Replay {
    /// Instants from the origin, in order.
    times: Arc<[SimDuration]>,
    next: usize,
}

impl Replay {
    /// Arrivals at `times` from the origin, which are in order.
    pub fn new(times: Arc<[SimDuration]>) -> Self {
        Self { times, next: 0 }
    }
}

impl Arrivals for Replay {
    /// # Panics
    /// If the instants are not in order: a trace that was read is.
    fn next_gap(&mut self) -> SimDuration {
        let Some(time) = self.times.get(self.next) else { return SimDuration::BEYOND_CLOCK };
        let previous = self.next.checked_sub(1).map_or(0, |last| self.times[last].as_nanos());
        self.next += 1;
        let gap = time.as_nanos().checked_sub(previous).expect("a trace is in order");
        SimDuration::from_nanos(gap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_come_at_the_recorded_instants_and_then_never() {
        let ns = SimDuration::from_nanos;
        let mut arrivals = Replay::new(Arc::new([ns(3), ns(3), ns(10)]));
        let gaps = [(); 4].map(|()| arrivals.next_gap());
        assert_eq!(gaps, [ns(3), ns(0), ns(7), SimDuration::BEYOND_CLOCK]);
    }
}
