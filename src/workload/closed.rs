//! Closed-loop arrivals.

use super::{Arrivals, Pace};
use crate::distribution::DurationDistribution;
use crate::random::Stream;
use crate::time::SimDuration;

/// One request at a time: a client thinks, asks, waits for what becomes of its request, and
/// thinks again.
#[derive(Debug, Clone)]
pub struct Closed {
    think: DurationDistribution,
    stream: Stream,
}

impl Closed {
    /// Think times drawn from `stream`.
    pub fn new(think: DurationDistribution, stream: Stream) -> Self {
        Self { think, stream }
    }
}

impl Arrivals for Closed {
    fn next_gap(&mut self) -> SimDuration {
        self.think.sample(&mut self.stream)
    }

    fn pace(&self) -> Pace {
        Pace::Closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    #[test]
    fn a_client_thinks_first_and_again_after_each_request() {
        let think = SimDuration::from_nanos(7);
        let stream = Streams::new(1, 0).stream("closed", "test");
        let mut arrivals = Closed::new(DurationDistribution::Constant(think), stream);
        assert_eq!([(); 3].map(|()| arrivals.next_gap()), [think; 3]);
        assert_eq!(arrivals.pace(), Pace::Closed);
    }
}
