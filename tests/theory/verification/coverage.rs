//! 95 % intervals hold the true mean 95 times in a hundred: no more, no less.

use super::cases::{Queue, RunLength};
use super::load::{Load, arrivals};
use super::replications::replications;
use crate::verification::bed::Work;
use splitgp_sim::stats::batch_means_half_width;
use splitgp_sim::theory::queueing::Mm1;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;

/// Independent intervals.
pub(crate) const INTERVALS: u32 = 1_000;

/// Hits are binomial: 1,000 · 0.95 = 950 on average with a standard deviation of
/// √(1,000 · 0.95 · 0.05) = 6.89; 99.9 % of all times they lie within 950 ± 3.29 · 6.89 = 950 ± 22.7.
pub(crate) const BAND: RangeInclusive<usize> = 928..=972;

/// How many of the intervals that a run reports, batch means of one M/M/1 run at load 0.3 each,
/// hold the true mean sojourn.
pub(crate) fn hits() -> usize {
    let load = Load::percent(30);
    let theory = Mm1::new(arrivals(), load.service()).expect("the load is below 1");
    let expected = theory.mean_sojourn();
    let (workers, work) = (NonZeroU32::MIN, Work::exponential(load.service()));
    let queue = Queue { case: "coverage", load, workers, work, capacity: None };
    // After the warm-up twenty batches of 200: long against a correlation of a few customers.
    let length = RunLength { customers: 4_400, warmup: 400 };
    replications(INTERVALS, |replication| {
        let book = queue.simulate(replication, length);
        let half_width = batch_means_half_width(&book.sojourns()).expect("4,000 observations");
        (book.mean_sojourn() - expected).abs() <= half_width
    })
    .into_iter()
    .filter(|hit| *hit)
    .count()
}
