//! M/G/1-PS at a fair uplink of a scenario: of the sizes of the messages that share it only the mean
//! matters, and a message's mean sojourn is proportional to its own size.

use super::scenario::{Bottleneck, Traffic};
use super::single::RunLength;
use crate::verification::load::arrivals;
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::theory::queueing::Mg1Ps;
use splitgp_sim::time::SimDuration;

/// What shares the link with the requests, which have 50,176 bytes and come 1,000 times a second.
struct Mix {
    case: &'static str,
    what: &'static str,
    link: &'static str,
    /// How many times the requests' own work that makes in all.
    work: u64,
    /// Customers of a run at load 0.
    base: f64,
}

const MIXES: [Mix; 2] = [
    Mix {
        case: "fair-alone",
        what: "equal messages, mean sojourn",
        link: ", discipline: fair",
        work: 1,
        base: 15_000.0,
    },
    Mix {
        case: "fair-mixed",
        what: "beside messages four times as long, mean sojourn",
        // A quarter as often and four times as long: as much work as the requests'.
        link: ", discipline: fair, background: { arrivals: { poisson: 250 /s }, size: 200704 B }",
        work: 2,
        base: 30_000.0,
    },
];

pub(super) fn run(load: Load, effort: Effort) -> Vec<Comparison> {
    MIXES.iter().map(|mix| compare(mix, load, effort)).collect()
}

fn compare(mix: &Mix, load: Load, effort: Effort) -> Comparison {
    let theory = Mg1Ps::new(arrivals(), load.service()).expect("the load is below 1");
    let own = SimDuration::from_nanos(load.service().as_nanos() / mix.work);
    let traffic = Traffic {
        case: mix.case,
        load,
        bottleneck: Bottleneck::Uplink,
        service: own,
        profile: "",
        server: "",
        link: mix.link,
        length: RunLength::of(effort.customers(mix.base, load.difficulty())),
    };
    let [simulated] = replicate(|replication| {
        let stages = Bottleneck::Uplink.means(&traffic.run(replication));
        [stages.iter().sum()]
    });
    Comparison {
        what: format!("uplink, {}", mix.what),
        quantity: Quantity::Time,
        load,
        formula: "E[T(x)] = x / (1 − ρ)",
        expected: theory.sojourn_of(own),
        simulated,
    }
}
