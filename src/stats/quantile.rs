//! Exact quantiles of sorted observations.

/// The `p` quantile of `sorted` by the inverse of the empirical distribution function: the
/// smallest observation x with F(x) ≥ p, where F(x) is the share of observations ≤ x. It is
/// always one of the observations, so quantiles of integer times are integer times.
///
/// `None` without observations. p ≤ 0 gives the smallest and p ≥ 1 the largest observation.
///
/// `sorted` must ascend.
pub fn quantile<T: Copy>(sorted: &[T], p: f64) -> Option<T> {
    let count = sorted.len();
    let share = |rank: usize| as_f64(rank) / as_f64(count);
    // The smallest rank k in 1..=n with k/n ≥ p. ⌈p·n⌉ alone would be one too large where the
    // product rounds up, as 0.07 · 100 does.
    let ranks_below = partition_point(count, |rank| share(rank) < p);
    sorted.get(ranks_below.min(count.checked_sub(1)?)).copied()
}

/// How many ranks in 1..=`count` are below, given that those that are come first.
fn partition_point(count: usize, below: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if below(middle + 1) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_the_lower_middle() {
        // F(20) = 2/4 ≥ 0.5, F(10) = 1/4 < 0.5
        assert_eq!(quantile(&[10_u64, 20, 30, 40], 0.5), Some(20));
        assert_eq!(quantile(&[10_u64, 20, 30], 0.5), Some(20));
    }

    #[test]
    fn a_quantile_is_the_smallest_observation_whose_share_reaches_p() {
        let hundred: Vec<u64> = (1..=100).collect();
        for k in 1..=100_u32 {
            let p = f64::from(k) / 100.0;
            assert_eq!(quantile(&hundred, p), Some(u64::from(k)), "F({k}) = {p} exactly");
        }
        assert_eq!(quantile(&hundred, 0.071), Some(8), "F(7) = 0.07 < 0.071 ≤ F(8)");
    }

    #[test]
    fn ties_and_the_ends_stay_inside_the_data() {
        assert_eq!(quantile(&[1.5, 1.5, 2.5], 0.6), Some(1.5), "F(1.5) = 2/3");
        assert_eq!(quantile(&[1.5, 2.5], 0.0), Some(1.5));
        assert_eq!(quantile(&[1.5, 2.5], 1.0), Some(2.5));
        assert_eq!(quantile(&[7_u64], 0.99), Some(7));
        assert_eq!(quantile::<u64>(&[], 0.5), None);
    }
}
