//! Distributions of figures of hardware that a scenario may name: rates, sizes, delays.

use crate::random::Stream;
use rand_distr::{Distribution as _, LogNormal, StandardUniform};

/// A distribution of a figure in whole base units: FLOP/s, bit/s, B/s, bytes or nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FigureDistribution {
    /// Uniform over [low, high).
    Uniform {
        /// The smallest figure.
        low: u64,
        /// The (excluded) largest figure.
        high: u64,
    },
    /// Log-normal: `median · e^(sigma·Z)` with Z standard normal.
    LogNormal {
        /// The median.
        median: u64,
        /// The standard deviation of the logarithm, finite and not negative.
        sigma: f64,
    },
}

impl FigureDistribution {
    /// The median, which both distributions have.
    pub fn median(&self) -> u64 {
        match *self {
            Self::Uniform { low, high } => low.midpoint(high),
            Self::LogNormal { median, .. } => median,
        }
    }

    /// The same draws, each `times` / `per` as large up to rounding; at least 1.
    pub fn scaled(&self, times: u64, per: u64) -> Self {
        let scaled = |figure: u64| (figure.saturating_mul(times) / per).max(1);
        match *self {
            Self::Uniform { low, high } => Self::Uniform { low: scaled(low), high: scaled(high) },
            Self::LogNormal { median, sigma } => Self::LogNormal { median: scaled(median), sigma },
        }
    }

    /// Draws a figure, rounded to the nearest integer.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a draw is as precise as its generator, not negative, and the cast saturates"
    )]
    pub fn sample(&self, stream: &mut Stream) -> u64 {
        let drawn = match *self {
            Self::Uniform { low, high } => {
                let unit: f64 = StandardUniform.sample(stream);
                low as f64 + (high as f64 - low as f64) * unit
            }
            Self::LogNormal { median, sigma } => {
                let factor = LogNormal::new(0.0, sigma)
                    .expect("sigma was validated to be finite and not negative")
                    .sample(stream);
                median as f64 * factor
            }
        };
        drawn.round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    /// Draws are part of every golden timing: a change of a library that moves one must be seen.
    #[test]
    fn draws_are_pinned_by_value() {
        let draw = |distribution: FigureDistribution| {
            let mut stream = Streams::new(1, 0).stream("pin", "draws");
            [(); 3].map(|()| distribution.sample(&mut stream))
        };
        let uniform = FigureDistribution::Uniform { low: 1_000_000, high: 2_000_000 };
        assert_eq!(draw(uniform), [1_997_507, 1_871_815, 1_656_481]);
        let log_normal = FigureDistribution::LogNormal { median: 1_000_000, sigma: 0.5 };
        assert_eq!(draw(log_normal), [2_429_217, 2_338_534, 1_281_108]);
    }

    #[test]
    fn scaled_draws_are_the_same_draws_times_the_factor() {
        let draw = |distribution: FigureDistribution| {
            distribution.sample(&mut Streams::new(1, 0).stream("pin", "draws"))
        };
        for distribution in [
            FigureDistribution::Uniform { low: 1_000_000, high: 2_000_000 },
            FigureDistribution::LogNormal { median: 1_000_000, sigma: 0.5 },
        ] {
            let (one, two) = (draw(distribution), draw(distribution.scaled(2, 1)));
            assert!(two.abs_diff(2 * one) <= 1, "{two} is twice {one} up to rounding");
            let half = draw(distribution.scaled(1, 2));
            assert!(one.abs_diff(2 * half) <= 1, "{half} is half of {one} up to rounding");
        }
    }

    #[test]
    fn half_of_the_draws_lie_below_the_median() {
        let n = 10_000_u32;
        for distribution in [
            FigureDistribution::Uniform { low: 8_000_000_000, high: 16_000_000_000 },
            FigureDistribution::LogNormal { median: 27_000_000, sigma: 0.4 },
        ] {
            let mut stream = Streams::new(1, 0).stream("figure", "median");
            let below = (0..n).filter(|_| distribution.sample(&mut stream) < distribution.median());
            let share = f64::from(u32::try_from(below.count()).unwrap()) / f64::from(n);
            // Binomial with p = 1/2: 4 standard errors are 4 · √(1/4/10⁴) = 0.02.
            assert!((share - 0.5).abs() < 0.02, "{share} below the median of {distribution:?}");
        }
    }
}
