//! How much work customers bring.

use rand::RngExt as _;
use splitgp_sim::distribution::DurationDistribution;
use splitgp_sim::random::Stream;
use splitgp_sim::time::SimDuration;

/// A distribution of works, in time alone at a server.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// One distribution for all.
    Plain(DurationDistribution),
    /// Customers are light with `light_share`, else heavy.
    Mixture {
        /// The probability of light work.
        light_share: f64,
        /// Light work.
        light: DurationDistribution,
        /// Heavy work.
        heavy: DurationDistribution,
    },
}

impl Work {
    /// Always `mean`.
    pub(crate) fn constant(mean: SimDuration) -> Self {
        Self::Plain(DurationDistribution::Constant(mean))
    }

    /// Exponential.
    pub(crate) fn exponential(mean: SimDuration) -> Self {
        Self::Plain(DurationDistribution::Exponential { mean })
    }

    /// Exponential of mean m/2 with probability 3/4, else of mean 5m/2. The mean is
    /// 3/8 + 5/8 = 1 m; E\[x²\] = 2·(3/4·1/4 + 1/4·25/4) = 3.5 m², so scv = 2.5.
    pub(crate) fn hyperexponential(mean: SimDuration) -> Self {
        let [light, heavy] =
            Self::two_points(mean).map(|mean| DurationDistribution::Exponential { mean });
        Self::Mixture { light_share: 0.75, light, heavy }
    }

    /// m/2 with probability 3/4, else 5m/2: mean m.
    pub(crate) fn two_point(mean: SimDuration) -> Self {
        let [light, heavy] = Self::two_points(mean).map(DurationDistribution::Constant);
        Self::Mixture { light_share: 0.75, light, heavy }
    }

    /// m/2 and 5m/2.
    pub(crate) fn two_points(mean: SimDuration) -> [SimDuration; 2] {
        [1, 5].map(|halves| SimDuration::from_nanos(mean.as_nanos() / 2 * halves))
    }

    /// Draws one.
    pub(crate) fn sample(&self, stream: &mut Stream) -> SimDuration {
        match self {
            Self::Plain(distribution) => distribution.sample(stream),
            Self::Mixture { light_share, light, heavy } => {
                let is_light = stream.random::<f64>() < *light_share;
                if is_light { light.sample(stream) } else { heavy.sample(stream) }
            }
        }
    }
}
