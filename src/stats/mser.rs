//! Where a warm-up ends: the rule MSER-5.

use super::Tally;

/// Observations of a batch.
const BATCH: usize = 5;

/// How many of the first `observations`, given in order of arrival, to leave out as warm-up.
///
/// MSER-5 leaves out the d first batches of five for which the marginal standard error of the
/// remaining k − d batch means is least: the d that minimises Σ (y − mean)² / (k − d)², summed
/// over the remaining ones; of equal ones the smallest. It looks at the first half only, because
/// the last few means are alike by chance; observations that do not fill a batch are kept.
///
/// K. P. White, "An effective truncation heuristic for bias reduction in simulation output",
/// Simulation 69(6), 1997; with batches of five: White, Cobb, Spratt, "A comparison of five
/// steady-state truncation heuristics for simulation", Winter Simulation Conference 2000.
pub fn mser5(observations: &[f64]) -> usize {
    let mut remaining = Tally::default();
    let mut best = (f64::INFINITY, 0);
    let batches = observations.len() / BATCH;
    for (batch, values) in observations.chunks_exact(BATCH).enumerate().rev() {
        remaining.record(values.iter().sum::<f64>() / as_f64(BATCH));
        if batch > batches / 2 {
            continue;
        }
        let count = as_f64(batches - batch);
        let squares = remaining.variance().unwrap_or(0.0) * (count - 1.0);
        let error = squares / (count * count);
        // Walking from the end to the beginning, an equal one is a smaller d.
        if error <= best.0 {
            best = (error, batch);
        }
    }
    BATCH * best.1
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each batch mean five times.
    fn series(means: &[f64]) -> Vec<f64> {
        means.iter().flat_map(|&mean| [mean; BATCH]).collect()
    }

    #[test]
    fn the_rule_cuts_where_the_marginal_standard_error_is_least() {
        // Σ(y − mean)²/(k − d)² of the remaining means:
        // d = 0: 9 1 2 1 2 1, mean 8/3, Σy² − 6·(8/3)² = 92 − 42.67 = 49.33, /36 = 1.370
        // d = 1: 1 2 1 2 1, mean 7/5, 11 − 9.8 = 1.2, /25 = 0.048
        // d = 2: 2 1 2 1, mean 3/2, 10 − 9 = 1, /16 = 0.0625
        // d = 3: 1 2 1, mean 4/3, 6 − 5.333 = 0.667, /9 = 0.0741
        let observations = series(&[9.0, 1.0, 2.0, 1.0, 2.0, 1.0]);
        assert_eq!(mser5(&observations), 5, "d = 1 batch of five");
    }

    #[test]
    fn a_series_without_a_warm_up_is_kept() {
        assert_eq!(mser5(&series(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0])), 0);
        assert_eq!(mser5(&series(&[3.0; 8])), 0, "all errors are 0, the smallest d wins");
    }

    #[test]
    fn no_more_than_the_first_half_is_left_out() {
        // A ramp is never steady: the fewer remain, the less they differ, down to the half.
        let ramp: Vec<f64> = (0..20).map(f64::from).collect();
        assert_eq!(mser5(&series(&ramp)), 5 * 10, "10 of 20 batches");
    }

    #[test]
    fn observations_that_fill_no_batch_are_kept() {
        assert_eq!(mser5(&[]), 0);
        assert_eq!(mser5(&[7.0, 1.0, 1.0, 1.0]), 0);
    }
}
