//! One FIFO node with a Poisson source.

use crate::verification::Load;
use crate::verification::bed::{Book, FifoNode, FifoNodeSetup, Routing, Source, Work, simulate};
use crate::verification::load::GAP;
use crate::verification::replications::REPLICATIONS;
use std::num::NonZeroU32;

/// The customers of one replication.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunLength {
    /// All of them.
    pub(crate) customers: u64,
    /// The first tenth, which is only warm-up: many times the queues' relaxation times.
    pub(crate) warmup: u64,
}

impl RunLength {
    /// An equal part of the `customers` of all replications.
    pub(crate) fn of(customers: u64) -> Self {
        let customers = customers / u64::from(REPLICATIONS);
        Self { customers, warmup: customers / 10 }
    }
}

/// A queue to simulate.
pub(crate) struct Queue<'c> {
    /// Names the actors and so, with the load, their random streams.
    pub(crate) case: &'c str,
    /// Its load.
    pub(crate) load: Load,
    /// Equal servers.
    pub(crate) workers: NonZeroU32,
    /// The work of each customer.
    pub(crate) work: Work,
    /// Customers that fit.
    pub(crate) capacity: Option<NonZeroU32>,
}

impl Queue<'_> {
    /// Simulates one replication.
    pub(crate) fn simulate(&self, replication: u32, length: RunLength) -> Book {
        simulate(replication, length.warmup, |simulation, book| {
            let path = |part| format!("{}/{}/{part}", self.case, self.load);
            let setup = FifoNodeSetup {
                workers: self.workers,
                work: self.work.clone(),
                capacity: self.capacity,
                routing: Routing::Leave,
            };
            let node = simulation.add_actor(path("node"), FifoNode::new(setup, book));
            simulation.add_actor(path("source"), Source::new(GAP, length.customers, node));
        })
    }
}
