//! Simulated values with their intervals.

use splitgp_sim::stats::{Tally, half_width_95};
use statrs::distribution::{ContinuousCDF as _, StudentsT};

/// A mean over independent replications and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    /// The mean.
    pub(crate) mean: f64,
    /// Half the width of its 95 % confidence interval; 0 for what is exact.
    pub(crate) half_width: f64,
    /// The same of its 99.9 % interval.
    pub(crate) wide_half_width: f64,
}

impl Estimate {
    /// From one value of each replication.
    ///
    /// # Panics
    /// If there are fewer than two.
    pub(crate) fn of(replications: impl IntoIterator<Item = f64>) -> Self {
        let tally: Tally = replications.into_iter().collect();
        let half_width = half_width_95(&tally).expect("at least two replications");
        #[expect(clippy::cast_precision_loss, reason = "a number of replications")]
        let student = StudentsT::new(0.0, 1.0, (tally.count() - 1) as f64)
            .expect("at least two replications");
        let widening = student.inverse_cdf(0.9995) / student.inverse_cdf(0.975);
        let mean = tally.mean().expect("at least two replications");
        Self { mean, half_width, wide_half_width: half_width * widening }
    }

    /// A value without chance.
    pub(crate) fn exact(value: f64) -> Self {
        Self { mean: value, half_width: 0.0, wide_half_width: 0.0 }
    }

    /// Whether `value` lies in the 95 % interval.
    pub(crate) fn covers(&self, value: f64) -> bool {
        (value - self.mean).abs() <= self.half_width
    }

    /// Whether `value` lies in the 99.9 % interval.
    pub(crate) fn covers_widely(&self, value: f64) -> bool {
        (value - self.mean).abs() <= self.wide_half_width
    }
}
