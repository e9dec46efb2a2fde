//! M/G/1 processor sharing: the mean does not depend on the distribution of the work, and a job's
//! sojourn is proportional to its own work.

use super::single::RunLength;
use crate::verification::bed::{Book, SharingNode, Source, Work, simulate};
use crate::verification::load::{GAP, arrivals};
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::theory::queueing::Mg1Ps;

const BASE: f64 = 45_000.0;

pub(super) fn run(load: Load, effort: Effort) -> Vec<Comparison> {
    let service = load.service();
    let theory = Mg1Ps::new(arrivals(), service).expect("the load is below 1");
    let length = RunLength::of(effort.customers(BASE, load.difficulty()));
    let [exponential] = replicate(|replication| {
        let path = format!("ps/exponential/{load}");
        [simulate_sharing(replication, &path, length, Work::exponential(service)).mean_sojourn()]
    });
    let [light, heavy] = Work::two_points(service);
    let [two_point, of_light, of_heavy] = replicate(|replication| {
        let path = format!("ps/two-point/{load}");
        let book = simulate_sharing(replication, &path, length, Work::two_point(service));
        [book.mean_sojourn(), book.mean_sojourn_of(light), book.mean_sojourn_of(heavy)]
    });
    let compare = |what: &str, formula, expected, simulated| Comparison {
        what: what.to_owned(),
        quantity: Quantity::Time,
        load,
        formula,
        expected,
        simulated,
    };
    let (mean, of) = ("s / (1 − ρ)", "E[T(x)] = x / (1 − ρ)");
    vec![
        compare("mean sojourn, exponential work", mean, theory.mean_sojourn(), exponential),
        compare("mean sojourn, two-point work", mean, theory.mean_sojourn(), two_point),
        compare("mean sojourn of work s/2", of, theory.sojourn_of(light), of_light),
        compare("mean sojourn of work 5s/2", of, theory.sojourn_of(heavy), of_heavy),
    ]
}

fn simulate_sharing(replication: u32, path: &str, length: RunLength, work: Work) -> Book {
    simulate(replication, length.warmup, |simulation, book| {
        let node = simulation.add_actor(format!("{path}/node"), SharingNode::new(work, book));
        let source = Source::new(GAP, length.customers, node);
        simulation.add_actor(format!("{path}/source"), source);
    })
}
