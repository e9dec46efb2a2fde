//! `random: β`: the server answers with a fixed probability.

use super::{Answerer, DevicePart, Observation, Policy};
use crate::random::Stream;
use rand::RngExt as _;

/// Offloads each request with probability β, independently.
#[derive(Debug, Clone)]
pub struct RandomOffload {
    fraction: f64,
    stream: Stream,
}

impl RandomOffload {
    /// Offloads with probability `fraction` in [0, 1], drawn from `stream`.
    pub fn new(fraction: f64, stream: Stream) -> Self {
        Self { fraction, stream }
    }
}

impl Policy for RandomOffload {
    fn device_part(&self) -> DevicePart {
        DevicePart::PhiAndKappa
    }

    fn decide(&mut self, _seen: &Observation) -> Answerer {
        Answerer::server_if(self.stream.random::<f64>() < self.fraction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offload::policy::seeing;
    use crate::random::Streams;

    fn offloaded_of_10_000(fraction: f64) -> usize {
        let mut policy = RandomOffload::new(fraction, Streams::new(1, 0).stream("random", "test"));
        (0..10_000).filter(|_| policy.decide(&seeing(None)) == Answerer::Server).count()
    }

    #[test]
    fn the_share_offloaded_is_the_fraction() {
        assert_eq!(offloaded_of_10_000(0.0), 0);
        assert_eq!(offloaded_of_10_000(1.0), 10_000);
        // Four standard deviations of a binomial: 4·√(10,000·0.3·0.7) = 183.
        let share = offloaded_of_10_000(0.3);
        assert!(share.abs_diff(3_000) < 183, "{share} of 10,000, expected 3,000 ± 183");
    }
}
