//! M/G/1 by Pollaczek and Khinchine. Exponential work is the case M/M/1.

use super::single;
use crate::verification::bed::Work;
use crate::verification::load::arrivals;
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::theory::queueing::{Md1, Mg1};
use std::num::NonZeroU32;

pub(super) fn deterministic(load: Load, effort: Effort) -> Vec<Comparison> {
    const BASE: f64 = 24_000.0;
    let theory = Md1::new(arrivals(), load.service()).expect("the load is below 1");
    let customers = effort.customers(BASE, load.difficulty() / load.share());
    let work = Work::constant(load.service());
    let formula = "ρs / (2(1 − ρ))";
    compare("md1", load, customers, &work, formula, theory.mean_wait())
}

pub(super) fn hyperexponential(load: Load, effort: Effort) -> Vec<Comparison> {
    const BASE: f64 = 90_000.0;
    /// E\[x²\]/E\[x\]² − 1 of the test-bed's hyperexponential work: 3.5 − 1.
    const SCV: f64 = 2.5;
    let theory = Mg1::new(arrivals(), load.service(), SCV).expect("the load is below 1");
    let customers = effort.customers(BASE, load.difficulty() / load.share());
    let work = Work::hyperexponential(load.service());
    let formula = "(1 + scv)/2 · ρs / (1 − ρ), scv = 2.5";
    compare("mh1", load, customers, &work, formula, theory.mean_wait())
}

fn compare(
    case: &str,
    load: Load,
    customers: u64,
    work: &Work,
    formula: &'static str,
    expected: f64,
) -> Vec<Comparison> {
    let [simulated] = replicate(|streams| {
        let (one, work) = (NonZeroU32::MIN, work.clone());
        [single::queue(streams, case, customers, one, work, None).mean_wait()]
    });
    let what = "mean wait".to_owned();
    vec![Comparison { what, quantity: Quantity::Time, load, formula, expected, simulated }]
}
