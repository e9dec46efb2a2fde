//! M/M/1/K: who is lost, and how long the others stay.

use super::single::{Queue, RunLength};
use crate::verification::bed::Work;
use crate::verification::load::arrivals;
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::theory::queueing::Mm1k;
use std::num::NonZeroU32;

/// For each loss: they are rare at low load, 1.9 % at ρ = 0.3.
const BASE: f64 = 16_000.0;

const CAPACITY: NonZeroU32 = NonZeroU32::new(3).unwrap();

pub(super) fn run(load: Load, effort: Effort) -> Vec<Comparison> {
    let theory = Mm1k::new(arrivals(), load.service(), CAPACITY);
    let length = RunLength::of(effort.customers(BASE, 1.0 / theory.loss()));
    let (work, capacity) = (Work::exponential(load.service()), Some(CAPACITY));
    let queue = Queue { case: "mm1k", load, workers: NonZeroU32::MIN, work, capacity };
    let [loss, sojourn] = replicate(|replication| {
        let book = queue.simulate(replication, length);
        [book.loss(), book.mean_sojourn()]
    });
    vec![
        Comparison {
            what: "loss".to_owned(),
            quantity: Quantity::Share,
            load,
            formula: "ρᴷ / Σρⁿ",
            expected: theory.loss(),
            simulated: loss,
        },
        Comparison {
            what: "mean sojourn".to_owned(),
            quantity: Quantity::Time,
            load,
            formula: "E[N] / (λ(1 − loss))",
            expected: theory.mean_sojourn(),
            simulated: sojourn,
        },
    ]
}
