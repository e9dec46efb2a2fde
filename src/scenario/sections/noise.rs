//! `noise`: a random factor on each service's time, always positive.

use crate::distribution::FactorDistribution;
use crate::scenario::decode::Cursor;
use crate::scenario::numbers::number;
use crate::scenario::vocabulary::{
    NOISE, NOISE_PARETO, NOISE_SCV, NOISE_SHAPE, NOISE_SIGMA, NOISE_WEIBULL,
};

/// Factors and parameters beyond which draws span more than the clock does.
const MAX: f64 = 1e6;

/// The same for a log-normal's σ.
const MAX_SIGMA: f64 = 10.0;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<FactorDistribution> {
    if cursor.as_text() == Some("normal") || cursor.entry("normal").is_some() {
        return cursor.refuse(
            "a normal distribution allows factors of 0 and below, with which a service would take \
             no time or less; use `lognormal`, `gamma` or `uniform`",
        );
    }
    let variant = cursor.variant(&NOISE)?;
    match variant.name {
        "exponential" => variant.bare(FactorDistribution::Exponential),
        "constant" => {
            positive(variant.argument("constant: 1.2")?).map(FactorDistribution::Constant)
        }
        "uniform" => uniform(variant.argument("uniform: [0.8, 1.2]")?),
        "lognormal" => {
            let section = variant.argument("lognormal: { sigma: 0.2 }")?.section(&NOISE_SIGMA)?;
            let sigma = section.required("sigma", |value| {
                number(&value, "from 0 to 10", |sigma| (0.0..=MAX_SIGMA).contains(&sigma))
            });
            sigma.map(|sigma| FactorDistribution::LogNormal { sigma })
        }
        "gamma" => {
            let section = variant.argument("gamma: { shape: 4 }")?.section(&NOISE_SHAPE)?;
            let shape = section.required("shape", |value| {
                number(&value, "from 0.01 to 10⁶", |shape| (0.01..=MAX).contains(&shape))
            });
            shape.map(|shape| FactorDistribution::Gamma { shape })
        }
        "hyperexponential" => {
            let section = variant.argument("hyperexponential: { scv: 4 }")?.section(&NOISE_SCV)?;
            let scv = section.required("scv", |value| {
                number(
                    &value,
                    "from 1 to 10⁶ (the squared coefficient of variation; below 1 use `gamma`)",
                    |scv| (1.0..=MAX).contains(&scv),
                )
            });
            scv.map(|scv| FactorDistribution::Hyperexponential { scv })
        }
        "weibull" => weibull(variant.argument("weibull: { shape: 0.8 }")?),
        "pareto" => pareto(variant.argument("pareto: { shape: 2.5 }")?),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

/// Of mean one, unless its scale is stated.
fn weibull(cursor: &Cursor<'_>) -> Option<FactorDistribution> {
    let section = cursor.section(&NOISE_WEIBULL)?;
    let shape = section.required("shape", |value| {
        number(&value, "from 0.1 to 10⁶", |shape| (0.1..=MAX).contains(&shape))
    });
    let scale = section.optional("scale", |value| positive(&value));
    let (shape, scale) = (shape?, scale?);
    Some(match scale {
        Some(scale) => FactorDistribution::Weibull { scale, shape },
        None => FactorDistribution::weibull(shape),
    })
}

/// Of mean one, unless its minimum is stated.
fn pareto(cursor: &Cursor<'_>) -> Option<FactorDistribution> {
    let section = cursor.section(&NOISE_PARETO)?;
    let shape = section.required("shape", |value| {
        number(
            &value,
            "from 1.01 to 10⁶: with a shape of 1 or less the mean would be infinite",
            |shape| (1.01..=MAX).contains(&shape),
        )
    });
    let minimum = section.optional("minimum", |value| positive(&value));
    let (shape, minimum) = (shape?, minimum?);
    Some(match minimum {
        Some(minimum) => FactorDistribution::Pareto { minimum, shape },
        None => FactorDistribution::pareto(shape),
    })
}

fn positive(cursor: &Cursor<'_>) -> Option<f64> {
    number(
        cursor,
        "above 0, at most 10⁶: with a factor of 0 or below a service would take no time or less",
        |factor| factor > 0.0 && factor <= MAX,
    )
}

fn uniform(cursor: &Cursor<'_>) -> Option<FactorDistribution> {
    let items: Vec<_> = cursor.items("two numbers")?.take(3).collect();
    let [low, high] = items.as_slice() else {
        return cursor.refuse("expected two numbers, such as `[0.8, 1.2]`");
    };
    let (low, high) = (positive(low), positive(high));
    let (low, high) = (low?, high?);
    if low >= high {
        return cursor.refuse("the first number must be smaller than the second");
    }
    Some(FactorDistribution::Uniform { low, high })
}
