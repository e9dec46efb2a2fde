//! Label skew by Dirichlet proportions (Hsu, Qi, Brown 2019).

use super::Dataset;
use crate::random::Stream;
use rand::seq::SliceRandom as _;
use rand::{Rng, RngExt as _};
use rand_distr::{Distribution as _, Gamma};

/// Deals the shuffled samples of each class to `clients` in proportions drawn from a symmetric
/// Dirichlet distribution with concentration `alpha`.
pub(super) fn deal(data: &Dataset, clients: u32, alpha: f64, stream: &mut Stream) -> Vec<Vec<u32>> {
    let mut dealt: Vec<Vec<u32>> = (0..clients).map(|_| Vec::new()).collect();
    for mut members in by_class(data) {
        members.shuffle(stream);
        let proportions = proportions(clients, alpha, stream);
        let (mut first, mut share) = (0, 0.0);
        for (client, proportion) in dealt.iter_mut().zip(proportions) {
            share += proportion;
            let end = bound(share, members.len()).max(first);
            client.extend_from_slice(&members[first..end]);
            first = end;
        }
        // Rounding may leave the last sample over.
        if let Some(last) = dealt.last_mut() {
            last.extend_from_slice(&members[first..]);
        }
    }
    dealt
}

/// The training samples of each class, ascending.
fn by_class(data: &Dataset) -> Vec<Vec<u32>> {
    let mut classes: Vec<Vec<u32>> = (0..data.classes).map(|_| Vec::new()).collect();
    for (index, &label) in (0..).zip(&data.train.labels) {
        classes[usize::from(label)].push(index);
    }
    classes
}

/// How many of `members` are below the cumulative `share`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "counts of samples are small, and a float-to-integer cast saturates"
)]
fn bound(share: f64, members: usize) -> usize {
    ((share * members as f64 + 1e-9).floor() as usize).min(members)
}

/// A draw from Dirichlet(α, …, α): gamma variates over their sum, by their logarithms, since for a
/// small α most of them are below the smallest float.
fn proportions(count: u32, alpha: f64, stream: &mut Stream) -> Vec<f64> {
    let logarithms: Vec<f64> = (0..count).map(|_| log_gamma_variate(alpha, stream)).collect();
    let largest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logarithms.iter().map(|log| (log - largest).exp()).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// ln G for G ~ Gamma(α, 1) = Gamma(α + 1, 1) · U^(1/α) (Marsaglia, Tsang 2000).
fn log_gamma_variate(alpha: f64, stream: &mut impl Rng) -> f64 {
    let boosted = Gamma::new(alpha + 1.0, 1.0).expect("α is positive and finite").sample(stream);
    // In (0, 1]: the logarithm is finite.
    let uniform = 1.0 - stream.random::<f64>();
    boosted.ln() + uniform.ln() / alpha
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    fn stream(seed: u64) -> Stream {
        Streams::new(seed, 0).stream("data", "partition")
    }

    #[test]
    fn every_sample_is_dealt_to_one_client_whatever_alpha() {
        for alpha in [1e-12, 1e-3, 0.5, 1.0, 1e9] {
            let mut all = deal(&Dataset::digits(), 7, alpha, &mut stream(1)).concat();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..1347), "α = {alpha}");
        }
    }

    #[test]
    fn a_partition_depends_on_its_stream_alone() {
        let deal = |seed| deal(&Dataset::digits(), 7, 0.5, &mut stream(seed));
        assert_eq!(deal(1), deal(1));
        assert_ne!(deal(1), deal(2));
    }

    #[test]
    fn a_small_alpha_gives_each_class_to_one_client_and_a_large_one_to_all_alike() {
        let data = Dataset::digits();
        let counts = |alpha| -> Vec<Vec<usize>> {
            let dealt = deal(&data, 5, alpha, &mut stream(1));
            dealt.iter().map(|client| data.train.class_counts(client, 10)).collect()
        };
        let skewed = counts(1e-6);
        for class in 0..10 {
            assert_eq!(skewed.iter().filter(|client| client[class] > 0).count(), 1);
        }
        let everything: Vec<u32> = (0..1347).collect();
        for client in counts(1e9) {
            for (own, all) in client.iter().zip(data.train.class_counts(&everything, 10)) {
                assert!(own.abs_diff(all / 5) <= 1, "{own} of {all} for one of five clients");
            }
        }
    }

    #[test]
    fn proportions_have_the_dirichlets_mean_and_variance() {
        // Dir(α, …, α) over K: mean 1/K, variance (K−1)/(K²·(Kα+1)); K = 4, α = 0.5: 1/4 and 1/16
        let mut stream = stream(3);
        let draws: Vec<f64> = (0..20_000).map(|_| proportions(4, 0.5, &mut stream)[1]).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / 20_000.0;
        // Standard errors: √(1/16/20000) = 0.0018; of the variance below 0.0008
        assert!((mean - 0.25).abs() < 0.007, "{mean}");
        assert!((variance - 0.0625).abs() < 0.004, "{variance}");
    }
}
