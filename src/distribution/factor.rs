//! Positive factors without dimension, such as the noise on a service time.

use crate::random::Stream;
use crate::time::{NANOS_PER_SECOND, SimDuration};
use rand_distr::{Distribution as _, Exp1, Gamma, LogNormal, Pareto, StandardUniform, Weibull};
use statrs::function::gamma::gamma;
use std::num::NonZeroU64;

/// Fractional bits of a factor.
const FRACTION_BITS: u32 = 32;

/// A positive factor, quantised to multiples of 2⁻³² so that the last bit of a platform's `ln` or
/// `exp` cannot spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor(NonZeroU64);

impl Factor {
    /// Leaves everything as it is.
    pub const ONE: Self = Self(NonZeroU64::new(1 << FRACTION_BITS).expect("not zero"));

    /// `factor` to the nearest multiple of 2⁻³², at least 2⁻³² and below 2³².
    ///
    /// # Panics
    /// If `factor` is negative or not a number: distributions that allow it are refused earlier.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked, and a float-to-integer cast saturates"
    )]
    pub fn from_f64(factor: f64) -> Self {
        assert!(factor >= 0.0, "{factor} is no positive factor");
        let quanta = (factor * (1_u64 << FRACTION_BITS) as f64).round() as u64;
        Self(NonZeroU64::new(quanta).unwrap_or(NonZeroU64::MIN))
    }

    /// The time for `work` units at `rate` units a second, this many times over:
    /// ⌈factor · work · 10⁹ / rate⌉ ns, exactly. Saturates to [`SimDuration::BEYOND_CLOCK`].
    pub fn time_of_work(self, work: u64, rate: NonZeroU64) -> SimDuration {
        let (factor, rate) = (u128::from(self.0.get()), u128::from(rate.get()));
        let work = u128::from(work) * u128::from(NANOS_PER_SECOND);
        let (whole, rest) = (work / rate, work % rate);
        // factor·work/rate = factor·whole + factor·rest/rate; rounding up twice rounds up once.
        factor
            .checked_mul(whole)
            .and_then(|whole| whole.checked_add((factor * rest).div_ceil(rate)))
            .and_then(|quanta| u64::try_from(quanta.div_ceil(1 << FRACTION_BITS)).ok())
            .map_or(SimDuration::BEYOND_CLOCK, SimDuration::from_nanos)
    }
}

/// A distribution of positive factors. All have mean one but `Constant`, `Uniform`, and `Weibull` and
/// `Pareto` of other scales than [`weibull`](Self::weibull) and [`pareto`](Self::pareto) choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FactorDistribution {
    /// Always the same positive factor.
    Constant(f64),
    /// Uniform over [low, high) with 0 < low < high.
    Uniform {
        /// The smallest factor.
        low: f64,
        /// The (excluded) largest factor.
        high: f64,
    },
    /// Exponential: squared coefficient of variation 1.
    Exponential,
    /// Log-normal e^(σZ − σ²/2) with Z standard normal: squared coefficient of variation
    /// e^(σ²) − 1.
    LogNormal {
        /// The standard deviation of the logarithm, finite and not negative.
        sigma: f64,
    },
    /// Gamma of shape k and scale 1/k: squared coefficient of variation 1/k.
    Gamma {
        /// k, finite and positive.
        shape: f64,
    },
    /// Two exponentials with balanced means: with probability p = (1 + √((c − 1)/(c + 1)))/2 of
    /// mean 1/(2p), otherwise of mean 1/(2(1 − p)) (Whitt, 1982).
    Hyperexponential {
        /// c, the squared coefficient of variation, finite and at least 1.
        scv: f64,
    },
    /// Weibull: `scale · E^(1/shape)` with E exponential of mean one; mean scale · Γ(1 + 1/shape).
    /// Below a shape of 1 its tail is heavier than an exponential's.
    Weibull {
        /// Finite and positive.
        scale: f64,
        /// Finite and positive.
        shape: f64,
    },
    /// Pareto: `minimum · U^(−1/shape)` with U uniform over (0, 1]; mean
    /// minimum · shape/(shape − 1).
    Pareto {
        /// The smallest factor, finite and positive.
        minimum: f64,
        /// Finite and above 1: below, the mean is infinite. The variance is, up to 2.
        shape: f64,
    },
}

impl FactorDistribution {
    /// The Weibull distribution of this positive `shape` whose mean is one: of scale
    /// 1/Γ(1 + 1/shape).
    pub fn weibull(shape: f64) -> Self {
        Self::Weibull { scale: gamma(1.0 + 1.0 / shape).recip(), shape }
    }

    /// The Pareto distribution of this `shape` above 1 whose mean is one: of minimum
    /// (shape − 1)/shape.
    pub fn pareto(shape: f64) -> Self {
        Self::Pareto { minimum: (shape - 1.0) / shape, shape }
    }

    /// The mean of its draws.
    pub fn mean(&self) -> Factor {
        match *self {
            Self::Constant(factor) => Factor::from_f64(factor),
            Self::Uniform { low, high } => Factor::from_f64((low + high) / 2.0),
            Self::Exponential
            | Self::LogNormal { .. }
            | Self::Gamma { .. }
            | Self::Hyperexponential { .. } => Factor::ONE,
            Self::Weibull { scale, shape } => Factor::from_f64(scale * gamma(1.0 + 1.0 / shape)),
            Self::Pareto { minimum, shape } => Factor::from_f64(minimum * shape / (shape - 1.0)),
        }
    }

    /// Draws one factor.
    ///
    /// # Panics
    /// If a parameter is out of its range: scenarios are validated.
    pub fn sample(&self, stream: &mut Stream) -> Factor {
        const VALID: &str = "parameters were validated";
        Factor::from_f64(match *self {
            Self::Constant(factor) => factor,
            Self::Uniform { low, high } => {
                let unit: f64 = StandardUniform.sample(stream);
                low + (high - low) * unit
            }
            Self::Exponential => Exp1.sample(stream),
            Self::LogNormal { sigma } => {
                LogNormal::new(-sigma * sigma / 2.0, sigma).expect(VALID).sample(stream)
            }
            Self::Gamma { shape } => Gamma::new(shape, 1.0 / shape).expect(VALID).sample(stream),
            Self::Hyperexponential { scv } => {
                let p = (1.0 + ((scv - 1.0) / (scv + 1.0)).sqrt()) / 2.0;
                let choice: f64 = StandardUniform.sample(stream);
                let unit: f64 = Exp1.sample(stream);
                unit / (2.0 * if choice < p { p } else { 1.0 - p })
            }
            Self::Weibull { scale, shape } => {
                Weibull::new(scale, shape).expect(VALID).sample(stream)
            }
            Self::Pareto { minimum, shape } => {
                Pareto::new(minimum, shape).expect(VALID).sample(stream)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;
    use std::f64::consts::PI;

    fn stream() -> Stream {
        Streams::new(1, 0).stream("pin", "noise")
    }

    /// Mean and squared coefficient of variation of many draws.
    fn moments(distribution: FactorDistribution) -> (f64, f64) {
        const DRAWS: u32 = 200_000;
        let mut stream = stream();
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..DRAWS {
            let draw = distribution.sample(&mut stream).0.get() as f64 / 2.0_f64.powi(32);
            sum += draw;
            squares += draw * draw;
        }
        let mean = sum / f64::from(DRAWS);
        (mean, squares / f64::from(DRAWS) / (mean * mean) - 1.0)
    }

    #[test]
    fn each_distribution_has_its_mean_and_variation() {
        for (distribution, mean, scv) in [
            (FactorDistribution::Constant(1.5), 1.5, 0.0),
            (FactorDistribution::Uniform { low: 0.5, high: 1.5 }, 1.0, 1.0 / 12.0),
            (FactorDistribution::Exponential, 1.0, 1.0),
            // e^(0.25) − 1
            (FactorDistribution::LogNormal { sigma: 0.5 }, 1.0, 0.284),
            (FactorDistribution::Gamma { shape: 4.0 }, 1.0, 0.25),
            (FactorDistribution::Hyperexponential { scv: 4.0 }, 1.0, 4.0),
            // Γ(1 + 2/k)/Γ(1 + 1/k)² − 1 with k = 2: 1/(π/4) − 1
            (FactorDistribution::weibull(2.0), 1.0, 4.0 / PI - 1.0),
            // 2 · Γ(1 + 1/1) and, as k = 1 is the exponential, 2/1² − 1
            (FactorDistribution::Weibull { scale: 2.0, shape: 1.0 }, 2.0, 1.0),
            // 1/(α(α − 2)) with α = 6, whose fourth moment is finite
            (FactorDistribution::pareto(6.0), 1.0, 1.0 / 24.0),
            // 0.5 · 6/5
            (FactorDistribution::Pareto { minimum: 0.5, shape: 6.0 }, 0.6, 1.0 / 24.0),
        ] {
            let (drawn_mean, drawn_scv) = moments(distribution);
            assert_eq!(distribution.mean(), Factor::from_f64(mean));
            assert!((drawn_mean - mean).abs() < 0.01, "{distribution:?}: mean {drawn_mean}");
            assert!(
                (drawn_scv - scv).abs() < 0.02 * (1.0 + scv),
                "{distribution:?}: squared coefficient of variation {drawn_scv}, expected {scv}"
            );
        }
    }

    /// Draws are part of every golden timing: a change of a library that moves one must be seen.
    #[test]
    fn draws_are_pinned_by_value() {
        let draws = [
            FactorDistribution::Constant(1.5),
            FactorDistribution::Uniform { low: 0.5, high: 1.5 },
            FactorDistribution::Exponential,
            FactorDistribution::LogNormal { sigma: 0.5 },
            FactorDistribution::Gamma { shape: 4.0 },
            FactorDistribution::Gamma { shape: 0.5 },
            FactorDistribution::Hyperexponential { scv: 4.0 },
        ]
        .map(|distribution| {
            let mut stream = stream();
            (distribution, [(); 3].map(|()| distribution.sample(&mut stream).0.get()))
        });
        insta::assert_debug_snapshot!(draws);
    }

    #[test]
    fn a_scaled_time_is_rounded_up_once() {
        let rate = |rate| NonZeroU64::new(rate).unwrap();
        // 1.5 · 10·10⁹/3 = 5·10⁹ exactly; rounding 10·10⁹/3 up first would give 5·10⁹ + 1
        assert_eq!(Factor::from_f64(1.5).time_of_work(10, rate(3)).as_nanos(), 5_000_000_000);
        assert_eq!(Factor::ONE.time_of_work(10, rate(3)), SimDuration::of_work(10, rate(3)));
        assert_eq!(
            Factor::from_f64(1e9).time_of_work(u64::MAX, rate(1)),
            SimDuration::BEYOND_CLOCK
        );
    }

    #[test]
    fn shapes_alone_choose_the_scale_of_mean_one() {
        // 1/Γ(3) = 1/2 and (1.25 − 1)/1.25 = 1/5
        let weibull = FactorDistribution::weibull(0.5);
        let pareto = FactorDistribution::pareto(1.25);
        let FactorDistribution::Weibull { scale, .. } = weibull else { panic!("{weibull:?}") };
        let FactorDistribution::Pareto { minimum, .. } = pareto else { panic!("{pareto:?}") };
        assert!((scale - 0.5).abs() < 1e-12 && (minimum - 0.2).abs() < 1e-12);
        assert_eq!([weibull.mean(), pareto.mean()], [Factor::ONE; 2]);
    }

    #[test]
    fn no_draw_is_zero() {
        assert_eq!(Factor::from_f64(0.0), Factor(NonZeroU64::MIN));
    }
}
