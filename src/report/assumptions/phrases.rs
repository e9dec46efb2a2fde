//! Quantities and distributions in words.

use crate::distribution::{DurationDistribution, FactorDistribution};
use crate::time::SimDuration;

/// The length exactly, in the largest unit that it has at least one of.
pub(super) fn span(length: SimDuration) -> String {
    let nanos = length.as_nanos();
    let units = [(1_000_000_000, "s", 9), (1_000_000, "ms", 6), (1_000, "µs", 3)];
    for (unit, name, decimals) in units {
        if nanos >= unit {
            let text = format!("{}.{:0decimals$}", nanos / unit, nanos % unit);
            return format!("{} {name}", text.trim_end_matches('0').trim_end_matches('.'));
        }
    }
    if nanos == 0 { "0 s".to_owned() } else { format!("{nanos} ns") }
}

/// A share in [0, 1] in per cent.
pub(super) fn share(share: f64) -> String {
    let text = format!("{:.4}", 100.0 * share);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A random length.
pub(super) fn random_span(distribution: &DurationDistribution) -> String {
    match distribution {
        DurationDistribution::Constant(length) => format!("always {}", span(*length)),
        DurationDistribution::Exponential { mean } => {
            format!("exponentially distributed with mean {}", span(*mean))
        }
        DurationDistribution::Uniform { low, high } => {
            format!("uniformly distributed from {} to {}", span(*low), span(*high))
        }
        DurationDistribution::LogNormal { median, sigma } => {
            format!("log-normally distributed with median {} and σ = {sigma}", span(*median))
        }
    }
}

/// A random factor.
pub(super) fn random_factor(distribution: &FactorDistribution) -> String {
    match distribution {
        FactorDistribution::Constant(factor) => format!("always {factor}"),
        FactorDistribution::Uniform { low, high } => format!("uniform from {low} to {high}"),
        FactorDistribution::Exponential => "exponential with mean 1".to_owned(),
        FactorDistribution::LogNormal { sigma } => {
            format!("log-normal with mean 1 and σ = {sigma}")
        }
        FactorDistribution::Gamma { shape } => format!("gamma with mean 1 and shape {shape}"),
        FactorDistribution::Hyperexponential { scv } => {
            format!("hyperexponential with mean 1 and squared coefficient of variation {scv}")
        }
        FactorDistribution::Weibull { scale, shape } => {
            format!("Weibull with scale {scale} and shape {shape}")
        }
        FactorDistribution::Pareto { minimum, shape } => {
            format!("Pareto with minimum {minimum} and shape {shape}")
        }
    }
}

/// `items` as a list with "and" before the last.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_shares_are_exact_and_short() {
        let text = |nanos| span(SimDuration::from_nanos(nanos));
        assert_eq!(
            [0, 7, 1_500, 35_000_000, 60_000_000_000].map(text),
            ["0 s", "7 ns", "1.5 µs", "35 ms", "60 s"]
        );
        assert_eq!([0.003, 1.0, 0.2].map(share), ["0.3 %", "100 %", "20 %"]);
    }
}
