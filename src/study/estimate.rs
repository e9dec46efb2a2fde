//! A figure with its interval.

use crate::stats::{Tally, half_width_95};
use serde::{Deserialize, Serialize};

/// A figure and, where it is known, the half-width of its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure; over several replications their mean.
    pub value: f64,
    /// Half the width of its interval.
    pub ci95: Option<f64>,
}

impl Estimate {
    /// The mean of independent `observations` with Student's t interval; `None` without any.
    pub fn of(observations: impl IntoIterator<Item = f64>) -> Option<Self> {
        let tally: Tally = observations.into_iter().collect();
        Some(Self { value: tally.mean()?, ci95: half_width_95(&tally) })
    }

    /// The upper end of the interval; the value itself where there is none.
    pub fn high(&self) -> f64 {
        self.value + self.ci95.unwrap_or(0.0)
    }

    /// The lower end.
    pub fn low(&self) -> f64 {
        self.value - self.ci95.unwrap_or(0.0)
    }
}
