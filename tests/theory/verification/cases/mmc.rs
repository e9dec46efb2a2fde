//! M/M/c by Erlang C.

use super::single::{Queue, RunLength};
use crate::verification::bed::Work;
use crate::verification::load::arrivals;
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::theory::queueing::Mmc;
use std::num::NonZeroU32;

const BASE: f64 = 50_000.0;

const SERVERS: NonZeroU32 = NonZeroU32::new(3).unwrap();

pub(super) fn run(load: Load, effort: Effort) -> Vec<Comparison> {
    let service = load.service().saturating_mul(u64::from(SERVERS.get()));
    let theory = Mmc::new(arrivals(), service, SERVERS).expect("the load is below 1");
    let difficulty = load.difficulty() / theory.wait_probability();
    let length = RunLength::of(effort.customers(BASE, difficulty));
    let work = Work::exponential(service);
    let queue = Queue { case: "mmc", load, workers: SERVERS, work, capacity: None };
    let [wait] = replicate(|replication| [queue.simulate(replication, length).mean_wait()]);
    vec![Comparison {
        what: "mean wait".to_owned(),
        quantity: Quantity::Time,
        load,
        formula: "C(c, λs)·s / (c − λs), Erlang C",
        expected: theory.mean_wait(),
        simulated: wait,
    }]
}
