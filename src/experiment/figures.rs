//! The figures of a group of requests, and their means and intervals over replications.

use super::result::LatencyResult;
use crate::stats::{Tally, half_width_95};

/// What a group of requests came to, or the 95 % half-widths of that: each value is absent where
/// the run does not determine it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Share of decided requests that were offloaded.
    pub offloaded_fraction: Option<f64>,
    /// Share of right answers.
    pub accuracy: Option<f64>,
    /// Share of requests that missed the deadline.
    pub miss_ratio: Option<f64>,
    /// Requests answered in time, for each second.
    pub goodput: Option<f64>,
    /// Seconds of latency: mean, median, 90 % and 99 % quantile, maximum.
    pub latency: Option<[f64; 5]>,
    /// Mean seconds of each stage, in the order of [`crate::actors::STAGE_NAMES`].
    pub breakdown: Option<[f64; 10]>,
}

impl Figures {
    /// Each figure's mean over the replications that have it.
    pub fn means(replications: &[Self]) -> Self {
        over(replications, Tally::mean)
    }

    /// The half-widths of the means' 95 % confidence intervals: t₀.₉₇₅(n − 1) · √(variance / n) over
    /// the n replications that have the figure. Absent for fewer than two.
    pub fn half_widths(replications: &[Self]) -> Self {
        over(replications, half_width_95)
    }
}

impl LatencyResult {
    /// As it stands in [`Figures::latency`].
    pub(super) fn as_array(&self) -> [f64; 5] {
        [self.mean, self.p50, self.p90, self.p99, self.max]
    }

    /// The inverse of [`Self::as_array`], with the half-width of the mean.
    pub(super) fn from_array([mean, p50, p90, p99, max]: [f64; 5], ci95: Option<f64>) -> Self {
        Self { mean, p50, p90, p99, max, ci95 }
    }
}

/// A statistic of each figure over `replications`.
fn over(replications: &[Figures], statistic: impl Fn(&Tally) -> Option<f64>) -> Figures {
    let scalar = |figure: fn(&Figures) -> Option<f64>| {
        statistic(&replications.iter().filter_map(figure).collect())
    };
    Figures {
        offloaded_fraction: scalar(|figures| figures.offloaded_fraction),
        accuracy: scalar(|figures| figures.accuracy),
        miss_ratio: scalar(|figures| figures.miss_ratio),
        goodput: scalar(|figures| figures.goodput),
        latency: each(replications.iter().filter_map(|figures| figures.latency), &statistic),
        breakdown: each(replications.iter().filter_map(|figures| figures.breakdown), &statistic),
    }
}

/// A statistic of each column.
fn each<const N: usize>(
    rows: impl Iterator<Item = [f64; N]>,
    statistic: impl Fn(&Tally) -> Option<f64>,
) -> Option<[f64; N]> {
    let mut columns = [Tally::default(); N];
    for row in rows {
        columns.iter_mut().zip(row).for_each(|(column, value)| column.record(value));
    }
    let mut statistics = [0.0; N];
    for (value, column) in statistics.iter_mut().zip(&columns) {
        *value = statistic(column)?;
    }
    Some(statistics)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replication(accuracy: Option<f64>, latency: f64) -> Figures {
        Figures { accuracy, latency: Some([latency; 5]), ..Figures::default() }
    }

    #[test]
    fn figures_are_means_with_student_t_half_widths() {
        let replications = [(Some(0.5), 2.0), (None, 4.0), (Some(0.7), 9.0)]
            .map(|(accuracy, latency)| replication(accuracy, latency));
        let means = Figures::means(&replications);
        assert_eq!((means.accuracy, means.latency), (Some(0.6), Some([5.0; 5])));
        let half_widths = Figures::half_widths(&replications);
        // 2, 4, 9: variance 13, t(2) = 4.3027, 4.3027 · √(13/3) = 8.9567
        assert!((half_widths.latency.unwrap()[3] - 8.9567).abs() < 1e-4);
        // 0.5, 0.7: variance 0.02, t(1) = 12.7062, 12.7062 · √(0.02/2) = 1.27062
        assert!((half_widths.accuracy.unwrap() - 1.27062).abs() < 1e-4);
    }

    #[test]
    fn one_replication_has_no_interval_and_an_absent_figure_stays_absent() {
        let one = [replication(None, 2.0)];
        assert_eq!(Figures::means(&one).latency, Some([2.0; 5]));
        assert_eq!(Figures::half_widths(&one), Figures::default());
        assert_eq!(Figures::means(&one).breakdown, None);
    }
}
