//! M/G/1 by Pollaczek and Khinchine. Of exponential work it is M/M/1's.

use super::single::{Queue, RunLength};
use crate::verification::bed::Work;
use crate::verification::load::arrivals;
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::theory::queueing::{Md1, Mg1};
use std::num::NonZeroU32;

pub(super) fn deterministic(load: Load, effort: Effort) -> Vec<Comparison> {
    const BASE: f64 = 24_000.0;
    let theory = Md1::new(arrivals(), load.service()).expect("the load is below 1");
    let queue = queue("md1", load, Work::constant(load.service()));
    compare(&queue, length(BASE, load, effort), "ρs / (2(1 − ρ))", theory.mean_wait())
}

pub(super) fn exponential(load: Load, effort: Effort) -> Vec<Comparison> {
    const BASE: f64 = 40_000.0;
    let theory = Mg1::new(arrivals(), load.service(), 1.0).expect("the load is below 1");
    let queue = queue("mg1/exponential", load, Work::exponential(load.service()));
    let formula = "(1 + scv)/2 · ρs / (1 − ρ), scv = 1";
    compare(&queue, length(BASE, load, effort), formula, theory.mean_wait())
}

pub(super) fn hyperexponential(load: Load, effort: Effort) -> Vec<Comparison> {
    const BASE: f64 = 90_000.0;
    /// E\[x²\]/E\[x\]² − 1 of the test-bed's hyperexponential work: 3.5 − 1.
    const SCV: f64 = 2.5;
    let theory = Mg1::new(arrivals(), load.service(), SCV).expect("the load is below 1");
    let queue = queue("mh1", load, Work::hyperexponential(load.service()));
    let formula = "(1 + scv)/2 · ρs / (1 − ρ), scv = 2.5";
    compare(&queue, length(BASE, load, effort), formula, theory.mean_wait())
}

fn queue(case: &str, load: Load, work: Work) -> Queue<'_> {
    Queue { case, load, workers: NonZeroU32::MIN, work, capacity: None }
}

/// Only the share ρ of customers waits.
fn length(base: f64, load: Load, effort: Effort) -> RunLength {
    RunLength::of(effort.customers(base, load.difficulty() / load.share()))
}

fn compare(
    queue: &Queue<'_>,
    length: RunLength,
    formula: &'static str,
    expected: f64,
) -> Vec<Comparison> {
    let [simulated] = replicate(|replication| [queue.simulate(replication, length).mean_wait()]);
    let what = "mean wait".to_owned();
    let load = queue.load;
    vec![Comparison { what, quantity: Quantity::Time, load, formula, expected, simulated }]
}
