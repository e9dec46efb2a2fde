//! One FIFO node with a Poisson source.

use crate::verification::bed::{Book, FifoNode, FifoNodeSetup, Routing, Source, Work, simulate};
use crate::verification::load::GAP;
use crate::verification::replications::REPLICATIONS;
use splitgp_sim::random::Streams;
use std::num::NonZeroU32;

/// Customers of one replication, and those of them that are only its warm-up: a tenth, hundreds of
/// the longest relaxation times here.
pub(super) fn run_length(customers: u64) -> (u64, u64) {
    let each = customers / u64::from(REPLICATIONS);
    (each, each / 10)
}

/// Simulates `customers` at a queue whose actors are named after `case`.
pub(super) fn queue(
    streams: Streams,
    case: &str,
    customers: u64,
    workers: NonZeroU32,
    work: Work,
    capacity: Option<NonZeroU32>,
) -> Book {
    let (customers, warmup) = run_length(customers);
    simulate(streams, warmup, |simulation, book| {
        let setup = FifoNodeSetup { workers, work, capacity, routing: Routing::Leave };
        let node = simulation.add_actor(format!("{case}/node"), FifoNode::new(setup, book));
        simulation.add_actor(format!("{case}/source"), Source::new(GAP, customers, node));
    })
}
