//! M/D/1 at a device, an uplink and the server of a scenario.
//!
//! The stations before the busy one shift arrivals by some hundred nanoseconds and delay one in
//! thousands by as much again: nothing against a gap of a millisecond.

use super::scenario::{Bottleneck, Traffic};
use super::single::RunLength;
use crate::verification::load::arrivals;
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::theory::queueing::Md1;

const BASE: f64 = 24_000.0;

pub(super) fn run(load: Load, effort: Effort) -> Vec<Comparison> {
    let theory = Md1::new(arrivals(), load.service()).expect("the load is below 1");
    let length = RunLength::of(effort.customers(BASE, load.difficulty() / load.share()));
    let compare = |bottleneck: Bottleneck| {
        // Ten devices' arrivals together are a Poisson process again.
        let (devices, arrivals) = match bottleneck {
            Bottleneck::Server => (10, "{ poisson: 100 /s }"),
            Bottleneck::Device | Bottleneck::Uplink => (1, "{ poisson: 1000 /s }"),
        };
        let traffic = Traffic {
            case: "md1",
            devices,
            arrivals,
            duration_ms: length.customers,
            warmup_ms: length.warmup,
        };
        let [simulated] = replicate(|replication| {
            [bottleneck.mean_wait(&traffic.run(bottleneck, load, replication))]
        });
        Comparison {
            what: format!("{bottleneck}, mean wait"),
            quantity: Quantity::Time,
            load,
            formula: "ρs / (2(1 − ρ))",
            expected: theory.mean_wait(),
            simulated,
        }
    };
    Bottleneck::ALL.map(compare).into()
}
