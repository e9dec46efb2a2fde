//! Poisson arrivals.

use super::Arrivals;
use crate::distribution::DurationDistribution;
use crate::random::Stream;
use crate::time::SimDuration;

/// Independent exponential gaps.
#[derive(Debug, Clone)]
pub struct Poisson {
    mean_gap: SimDuration,
    stream: Stream,
}

impl Poisson {
    /// Gaps of mean `mean_gap`, drawn from `stream`.
    pub fn new(mean_gap: SimDuration, stream: Stream) -> Self {
        Self { mean_gap, stream }
    }
}

impl Arrivals for Poisson {
    fn next_gap(&mut self) -> SimDuration {
        DurationDistribution::Exponential { mean: self.mean_gap }.sample(&mut self.stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    fn gaps_have_the_mean_and_the_variation_of_an_exponential() {
        let mean = SimDuration::from_nanos(1_000_000);
        let mut arrivals = Poisson::new(mean, Streams::new(1, 0).stream("poisson", "test"));
        let n = 100_000;
        let gaps: Vec<f64> = (0..n).map(|_| arrivals.next_gap().as_nanos() as f64 / 1e6).collect();
        let mean = gaps.iter().sum::<f64>() / f64::from(n);
        let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / f64::from(n - 1);
        // Standard errors: 1/√n = 0.0032 of the mean, √8/√n = 0.009 of the variance; four of each.
        assert!((mean - 1.0).abs() < 0.0127, "mean {mean}, expected 1 ± 4/√{n}");
        assert!((variance - 1.0).abs() < 0.036, "variance {variance}, expected 1 ± 4·√8/√{n}");
    }
}
