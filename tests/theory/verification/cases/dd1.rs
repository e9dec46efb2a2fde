//! D/D/1 at a device, an uplink and the server of a scenario, to the nanosecond.

use super::scenario::{Bottleneck, Traffic};
use super::single::RunLength;
use crate::verification::load::GAP;
use crate::verification::{Comparison, Effort, Estimate, Load, Quantity};
use splitgp_sim::theory::queueing::Dd1;

/// Enough for an overloaded queue to show every accumulated nanosecond.
const REQUESTS: u64 = 1_000;

pub(super) fn run(load: Load, _: Effort) -> Vec<Comparison> {
    let theory = Dd1::new(GAP, load.service());
    let compare = |bottleneck: Bottleneck| {
        let traffic = Traffic {
            case: "dd1",
            load,
            bottleneck,
            service: load.service(),
            profile: "",
            server: "",
            link: "",
            length: RunLength { customers: REQUESTS, warmup: 0 },
        };
        let inference = traffic.run_periodic();
        let last = inference.records.last().expect("requests arrived");
        let [wait, service] = bottleneck.of(&last.stages);
        Comparison {
            what: format!("{bottleneck}, sojourn of request 1000"),
            quantity: Quantity::Time,
            load,
            formula: "n·max(0, s − gap) + s, n = 999",
            expected: theory.sojourn(REQUESTS - 1).as_secs_f64(),
            simulated: Estimate::exact(wait.saturating_add(service).as_secs_f64()),
        }
    };
    Bottleneck::ALL.map(compare).into()
}
