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
        let traffic = Traffic {
            case: "md1",
            load,
            bottleneck,
            service: load.service(),
            profile: "",
            server: "",
            link: "",
            length,
        };
        let [simulated] = replicate(|replication| {
            let [wait, _] = bottleneck.means(&traffic.run(replication));
            [wait]
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
