//! Confidence intervals of a mean.

use super::Tally;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Batches of one long run. Twenty are enough for a stable t quantile and few enough to keep
/// batches long against the correlation of successive requests.
const BATCHES: usize = 20;

/// Fewer observations than this make batches of a single one, which says nothing about a mean.
const FEWEST_OBSERVATIONS: usize = 2 * BATCHES;

/// Half the width of the 95 % confidence interval of the mean of independent observations:
/// t₀.₉₇₅(n − 1) · √(variance / n). `None` for fewer than two observations.
pub fn half_width_95(tally: &Tally) -> Option<f64> {
    let variance = tally.variance()?;
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
    let count = tally.count() as f64;
    Some(t_quantile_975(count - 1.0)? * (variance / count).sqrt())
}

/// Half the width of the 95 % confidence interval of the difference of the means of two independent
/// samples whose variances may differ: t₀.₉₇₅(ν) · √(s₁²/n₁ + s₂²/n₂) with the degrees of freedom ν
/// of Welch and Satterthwaite. `None` for fewer than two observations in one of them.
///
/// B. L. Welch, "The generalization of 'Student's' problem when several different population
/// variances are involved", Biometrika 34, 1947.
pub fn welch_half_width_95(first: &Tally, second: &Tally) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
    let part = |tally: &Tally| {
        let count = tally.count() as f64;
        Some((tally.variance()? / count, count - 1.0))
    };
    let ((a, a_freedom), (b, b_freedom)) = (part(first)?, part(second)?);
    if a + b == 0.0 {
        return Some(0.0);
    }
    let freedom = (a + b).powi(2) / (a * a / a_freedom + b * b / b_freedom);
    Some(t_quantile_975(freedom)? * (a + b).sqrt())
}

/// Half the width of the 95 % confidence interval of the mean of one long run's correlated
/// observations, given in order of arrival, by batch means: the run is cut into 20 equally long
/// batches, whose means count as independent. The first n mod 20 observations, the ones nearest
/// to the warm-up, are left out. `None` for fewer than 40 observations.
///
/// A. M. Law, "Simulation Modeling and Analysis", section 9.5.3.
pub fn batch_means_half_width(observations: &[f64]) -> Option<f64> {
    if observations.len() < FEWEST_OBSERVATIONS {
        return None;
    }
    let (length, rest) = (observations.len() / BATCHES, observations.len() % BATCHES);
    let means: Tally = observations[rest..]
        .chunks_exact(length)
        .filter_map(|batch| batch.iter().copied().collect::<Tally>().mean())
        .collect();
    half_width_95(&means)
}

/// The 97.5 % quantile of Student's t; `None` unless there is a positive number of degrees of
/// freedom.
pub fn t_quantile_975(degrees_of_freedom: f64) -> Option<f64> {
    let student = StudentsT::new(0.0, 1.0, degrees_of_freedom).ok()?;
    Some(student.inverse_cdf(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_quantiles_match_the_printed_tables() {
        for (degrees, printed) in [(1.0, 12.7062), (4.0, 2.7764), (19.0, 2.0930), (1000.0, 1.9623)]
        {
            let t = t_quantile_975(degrees).unwrap();
            assert!((t - printed).abs() < 5e-5, "t(0.975; {degrees}) = {printed}, not {t}");
        }
    }

    #[test]
    fn half_width_is_t_times_the_standard_error() {
        // 2, 4, 9: variance 13, t(2) = 4.3027, 4.3027 · √(13/3) = 8.9567
        let tally: Tally = [2.0, 4.0, 9.0].into_iter().collect();
        assert!((half_width_95(&tally).unwrap() - 8.9567).abs() < 1e-4);
    }

    #[test]
    fn unpaired_samples_have_welchs_interval() {
        // 2, 4, 9 and 1, 2, 3, 6: variances 13 and 14/3, s²/n 4.3333 and 1.1667, ν = 5.5² /
        // (4.3333²/2 + 1.1667²/3) = 3.0734, t(3.0734) = 3.1399, · √5.5 = 7.3637
        let first: Tally = [2.0, 4.0, 9.0].into_iter().collect();
        let second: Tally = [1.0, 2.0, 3.0, 6.0].into_iter().collect();
        let half_width = welch_half_width_95(&first, &second).unwrap();
        assert!((half_width - 7.3637).abs() < 1e-4, "{half_width}");
        let one: Tally = [1.0].into_iter().collect();
        assert_eq!(welch_half_width_95(&first, &one), None);
        let equal: Tally = [1.0, 1.0].into_iter().collect();
        assert_eq!(welch_half_width_95(&equal, &equal), Some(0.0));
    }

    #[test]
    fn batch_means_use_the_spread_of_twenty_batches() {
        // 40 observations in batches of two: (i−1, i+1) has mean i for i = 0..19. The variance of
        // 0..19 is 20·21/12 = 35; t(19) = 2.0930; 2.0930 · √(35/20) = 2.7688
        let observations: Vec<f64> =
            (0..20).flat_map(|i| [f64::from(i) - 1.0, f64::from(i) + 1.0]).collect();
        let half_width = batch_means_half_width(&observations).unwrap();
        assert!((half_width - 2.7688).abs() < 1e-4, "{half_width}");
    }

    #[test]
    fn the_earliest_odd_observations_are_left_out() {
        let mut observations = vec![1e6];
        observations.extend(std::iter::repeat_n(3.0, 40));
        assert_eq!(batch_means_half_width(&observations), Some(0.0));
    }

    #[test]
    fn thirty_nine_observations_have_no_interval() {
        assert_eq!(batch_means_half_width(&[1.0; 39]), None);
        assert_eq!(batch_means_half_width(&[1.0; 40]), Some(0.0));
    }
}
