//! M/M/1: mean sojourn and its quantiles.

use super::single::{Queue, RunLength};
use crate::verification::bed::Work;
use crate::verification::load::arrivals;
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::theory::queueing::Mm1;
use std::num::NonZeroU32;

/// Mostly for the 99 % quantile; the mean would need a fifth.
const BASE: f64 = 120_000.0;

const LEVELS: [f64; 3] = [0.5, 0.9, 0.99];

pub(super) fn run(load: Load, effort: Effort) -> Vec<Comparison> {
    let theory = Mm1::new(arrivals(), load.service()).expect("the load is below 1");
    let length = RunLength::of(effort.customers(BASE, load.difficulty()));
    let work = Work::exponential(load.service());
    let queue = Queue { case: "mm1", load, workers: NonZeroU32::MIN, work, capacity: None };
    let [mean, p50, p90, p99] = replicate(|replication| {
        let book = queue.simulate(replication, length);
        let [p50, p90, p99] = book.sojourn_quantiles(LEVELS);
        [book.mean_sojourn(), p50, p90, p99]
    });
    let mut comparisons = vec![Comparison {
        what: "mean sojourn".to_owned(),
        quantity: Quantity::Time,
        load,
        formula: "s / (1 − ρ)",
        expected: theory.mean_sojourn(),
        simulated: mean,
    }];
    for (level, simulated) in LEVELS.into_iter().zip([p50, p90, p99]) {
        comparisons.push(Comparison {
            what: format!("{level} quantile of the sojourn"),
            quantity: Quantity::Time,
            load,
            formula: "−E[T]·ln(1 − p)",
            expected: theory.sojourn_quantile(level).expect("the level is below 1"),
            simulated,
        });
    }
    comparisons
}
