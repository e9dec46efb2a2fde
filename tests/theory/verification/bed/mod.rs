//! The test-bed: textbook queues built from the library's kernel, stations and random streams.
//!
//! ```text
//!  Source ──▶ FifoNode | SharingNode ──▶ … ──▶ Book      Thinkers ⇄ FifoNode (closed)
//! ```
//!
//! Gaps, works and routes are drawn from streams that the actors' paths name, so that every case
//! and every replication is independent of all others.

mod book;
mod fifo_node;
mod routing;
mod sharing_node;
mod signal;
mod source;
mod thinkers;
mod work;

pub(crate) use book::{Book, SharedBook};
pub(crate) use fifo_node::{FifoNode, FifoNodeSetup};
pub(crate) use routing::Routing;
pub(crate) use sharing_node::SharingNode;
pub(crate) use signal::Signal;
pub(crate) use source::Source;
pub(crate) use thinkers::Thinkers;
pub(crate) use work::Work;

use splitgp_sim::kernel::{RunOptions, Simulation, run};
use splitgp_sim::random::Streams;
use std::cell::RefCell;
use std::rc::Rc;

/// The master seed of every verification: none was chosen for its results.
const SEED: u64 = 1;

/// Runs the actors that `build` adds until nothing is left to happen, or one of them ends the run,
/// with the streams of one replication. The book counts customers from number `warmup` on.
pub(crate) fn simulate(
    replication: u32,
    warmup: u64,
    build: impl FnOnce(&mut Simulation<Signal>, &SharedBook),
) -> Book {
    let book = Rc::new(RefCell::new(Book::new(warmup)));
    let mut simulation = Simulation::new(Streams::new(SEED, replication));
    build(&mut simulation, &book);
    run(simulation, RunOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    book.take()
}
