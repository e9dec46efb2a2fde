//! Count, mean, variance and extremes of observations, one at a time.

/// A running tally by Welford's recurrence, which stays accurate where Σx² − (Σx)²/n cancels.
///
/// B. P. Welford, "Note on a method for calculating corrected sums of squares and products",
/// Technometrics 4(3), 1962.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    count: u64,
    mean: f64,
    /// Σ (x − mean)² so far.
    squares: f64,
    /// Smallest and largest observation.
    extremes: Option<(f64, f64)>,
}

impl Tally {
    /// Takes one observation into account.
    pub fn record(&mut self, x: f64) {
        self.count += 1;
        let before = x - self.mean;
        self.mean += before / as_f64(self.count);
        self.squares += before * (x - self.mean);
        let (min, max) = self.extremes.unwrap_or((x, x));
        self.extremes = Some((min.min(x), max.max(x)));
    }

    /// How many observations.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The sample variance Σ(x − mean)² / (n − 1); `None` for fewer than two observations.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / as_f64(self.count - 1))
    }

    /// The smallest.
    pub fn min(&self) -> Option<f64> {
        self.extremes.map(|(min, _)| min)
    }

    /// The largest.
    pub fn max(&self) -> Option<f64> {
        self.extremes.map(|(_, max)| max)
    }
}

impl FromIterator<f64> for Tally {
    fn from_iter<I: IntoIterator<Item = f64>>(observations: I) -> Self {
        let mut tally = Self::default();
        observations.into_iter().for_each(|x| tally.record(x));
        tally
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variance_divides_by_n_minus_one() {
        // 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, variance 26 / 2 = 13 (not 26 / 3)
        let tally: Tally = [2.0, 4.0, 9.0].into_iter().collect();
        assert_eq!(tally.count(), 3);
        assert_eq!(tally.mean(), Some(5.0));
        assert!((tally.variance().unwrap() - 13.0).abs() < 1e-12);
        assert_eq!((tally.min(), tally.max()), (Some(2.0), Some(9.0)));
    }

    #[test]
    fn variance_survives_a_large_offset() {
        // The same spread around 10⁹: Σx² would need 19 digits and lose the 13.
        let tally: Tally = [1e9 + 2.0, 1e9 + 4.0, 1e9 + 9.0].into_iter().collect();
        assert!((tally.variance().unwrap() - 13.0).abs() < 1e-6);
    }

    #[test]
    fn extremes_of_negative_observations_are_not_zero() {
        let tally: Tally = [-3.0, -1.0].into_iter().collect();
        assert_eq!((tally.min(), tally.max()), (Some(-3.0), Some(-1.0)));
    }

    #[test]
    fn nothing_observed_has_no_statistics_and_one_observation_no_variance() {
        let mut tally = Tally::default();
        assert_eq!((tally.mean(), tally.min(), tally.max()), (None, None, None));
        tally.record(7.0);
        assert_eq!((tally.mean(), tally.variance()), (Some(7.0), None));
    }
}
