//! `jitter`: a random addition to the propagation delay, never negative.

use crate::distribution::DurationDistribution;
use crate::scenario::decode::Cursor;
use crate::scenario::numbers::number;
use crate::scenario::units::{duration, positive_duration};
use crate::scenario::vocabulary::{JITTER, LOGNORMAL};

/// A log-normal's σ beyond which its draws span more than the clock does.
const MAX_SIGMA: f64 = 10.0;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<DurationDistribution> {
    let Some(mapping) = cursor.value().as_mapping() else {
        return duration(cursor).map(DurationDistribution::Constant);
    };
    if mapping.contains_key("normal") {
        return cursor.refuse(
            "a normal distribution allows negative jitter, which would deliver a message before \
             it could have arrived; use `exponential`, `uniform` or `lognormal`",
        );
    }
    let variant = cursor.variant(&JITTER)?;
    match variant.name {
        "exponential" => {
            let mean = variant.argument("exponential: 2 ms")?;
            positive_duration(mean.clone()).map(|mean| DurationDistribution::Exponential { mean })
        }
        "uniform" => uniform(variant.argument("uniform: [0 ms, 2 ms]")?),
        "lognormal" => log_normal(variant.argument("lognormal: { median: 1 ms, sigma: 0.5 }")?),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn uniform(cursor: &Cursor<'_>) -> Option<DurationDistribution> {
    let items: Vec<_> = cursor.items("two durations")?.take(3).collect();
    let [low, high] = items.as_slice() else {
        return cursor.refuse("expected two durations, such as `[0 ms, 2 ms]`");
    };
    let (low, high) = (duration(low.clone()), duration(high.clone()));
    let (low, high) = (low?, high?);
    if low >= high {
        return cursor.refuse("the first duration must be shorter than the second");
    }
    Some(DurationDistribution::Uniform { low, high })
}

fn log_normal(cursor: &Cursor<'_>) -> Option<DurationDistribution> {
    let section = cursor.section(&LOGNORMAL)?;
    let median = section.required("median", positive_duration);
    let sigma = section.required("sigma", sigma);
    Some(DurationDistribution::LogNormal { median: median?, sigma: sigma? })
}

/// The σ of a log-normal.
pub(super) fn sigma(cursor: Cursor<'_>) -> Option<f64> {
    number(&cursor, "from 0 to 10", |sigma| (0.0..=MAX_SIGMA).contains(&sigma))
}
