//! The closed machine-repairman model.

use super::single::RunLength;
use crate::verification::bed::{FifoNode, FifoNodeSetup, Routing, Thinkers, Work, simulate};
use crate::verification::load::GAP;
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::kernel::ActorId;
use splitgp_sim::theory::queueing::MachineRepairman;
use std::num::NonZeroU32;

/// More than the intervals ask for: the run ends while up to five are away, who then count as none.
const BASE: f64 = 150_000.0;

/// Machines that break down and are repaired one after the other.
const MACHINES: NonZeroU32 = NonZeroU32::new(5).unwrap();

pub(super) fn run(load: Load, effort: Effort) -> Vec<Comparison> {
    // Were repairs instantaneous, one machine would break down every gap.
    let think = GAP.saturating_mul(u64::from(MACHINES.get()));
    let theory = MachineRepairman::new(MACHINES, think, load.service()).expect("they think");
    let length = RunLength::of(effort.customers(BASE, 1.0));
    let [throughput, response] = replicate(|replication| {
        let book = simulate(replication, length.warmup, |simulation, book| {
            let [machines, repairman] = [0, 1].map(ActorId::from_index);
            let work = Work::exponential(think);
            let thinkers = Thinkers::new(MACHINES.get(), work, repairman, length.customers, book);
            simulation.add_actor(format!("repair/{load}/machines"), thinkers);
            let setup = FifoNodeSetup {
                workers: NonZeroU32::MIN,
                work: Work::exponential(load.service()),
                capacity: None,
                routing: Routing::To(machines),
            };
            simulation.add_actor(format!("repair/{load}/repairman"), FifoNode::new(setup, book));
        });
        [book.throughput(), book.mean_sojourn()]
    });
    vec![
        Comparison {
            what: "throughput".to_owned(),
            quantity: Quantity::Rate,
            load,
            formula: "X = N / (Z + R)",
            expected: theory.throughput(),
            simulated: throughput,
        },
        Comparison {
            what: "mean response".to_owned(),
            quantity: Quantity::Time,
            load,
            formula: "R(n) = s(1 + Q(n−1)), mean value analysis",
            expected: theory.mean_response(),
            simulated: response,
        },
    ]
}
