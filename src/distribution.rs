//! Distributions of lengths of time and of factors that a scenario may name, over `rand_distr`.

mod factor;

pub use factor::{Factor, FactorDistribution};

use crate::random::Stream;
use crate::time::SimDuration;
use rand_distr::{Distribution as _, Exp1, LogNormal, StandardUniform};

/// A distribution of non-negative lengths of time. Every draw is quantised to nanoseconds.
#[derive(Debug, Clone, PartialEq)]
pub enum DurationDistribution {
    /// Always the same length.
    Constant(SimDuration),
    /// Exponential with this mean.
    Exponential {
        /// The mean.
        mean: SimDuration,
    },
    /// Uniform over [low, high).
    Uniform {
        /// The smallest length.
        low: SimDuration,
        /// The (excluded) largest length.
        high: SimDuration,
    },
    /// Log-normal: `median · e^(sigma·Z)` with Z standard normal.
    LogNormal {
        /// The median.
        median: SimDuration,
        /// The standard deviation of the logarithm, finite and not negative.
        sigma: f64,
    },
}

impl DurationDistribution {
    /// Draws one length of time.
    pub fn sample(&self, stream: &mut Stream) -> SimDuration {
        match *self {
            Self::Constant(length) => length,
            Self::Exponential { mean } => {
                let unit: f64 = Exp1.sample(stream);
                SimDuration::from_secs_f64(mean.as_secs_f64() * unit)
            }
            Self::Uniform { low, high } => {
                let unit: f64 = StandardUniform.sample(stream);
                let (low, high) = (low.as_secs_f64(), high.as_secs_f64());
                SimDuration::from_secs_f64(low + (high - low) * unit)
            }
            Self::LogNormal { median, sigma } => {
                let factor = LogNormal::new(0.0, sigma)
                    .expect("sigma was validated to be finite and not negative")
                    .sample(stream);
                SimDuration::from_secs_f64(median.as_secs_f64() * factor)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    const MS: SimDuration = SimDuration::from_nanos(1_000_000);

    /// Draws are part of every golden timing: a change of a library that moves one must be seen.
    #[test]
    fn draws_are_pinned_by_value() {
        let draw = |distribution: DurationDistribution| {
            let mut stream = Streams::new(1, 0).stream("pin", "draws");
            [(); 3].map(|()| distribution.sample(&mut stream).as_nanos())
        };
        assert_eq!(draw(DurationDistribution::Constant(MS)), [1_000_000; 3]);
        let high = SimDuration::from_nanos(2_000_000);
        assert_eq!(
            draw(DurationDistribution::Exponential { mean: MS }),
            [2_153_214, 1_155_145, 652_540]
        );
        assert_eq!(
            draw(DurationDistribution::Uniform { low: MS, high }),
            [1_997_507, 1_871_815, 1_656_481]
        );
        assert_eq!(
            draw(DurationDistribution::LogNormal { median: MS, sigma: 0.5 }),
            [2_429_217, 2_338_534, 1_281_108]
        );
    }
}
