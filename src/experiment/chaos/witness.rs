//! Who sees a run from outside and does its own sums.

use crate::kernel::{EventRecord, Observer, StopFlag};
use std::cell::RefCell;
use std::rc::Rc;

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Every instant at which something happened, in nanoseconds, ascending.
    pub(super) instants: Vec<u64>,
    /// Bytes that devices put on their way for training.
    pub(super) bytes_up: u64,
    /// Bytes that the server did.
    pub(super) bytes_down: u64,
    /// Requests that arrived.
    pub(super) requests: u64,
    events: u64,
}

/// Sees every event, and stops a run that goes on for too long.
pub(super) struct Witness {
    clients: usize,
    limit: u64,
    stop: StopFlag,
    seen: Rc<RefCell<Seen>>,
}

impl Witness {
    /// A witness of a run of so many clients and at most `limit` events, and what it sees.
    pub(super) fn new(clients: usize, limit: u64, stop: StopFlag) -> (Self, Rc<RefCell<Seen>>) {
        let seen = Rc::<RefCell<Seen>>::default();
        (Self { clients, limit, stop, seen: Rc::clone(&seen) }, seen)
    }
}

impl Observer for Witness {
    fn event(&mut self, event: &EventRecord) {
        let seen = &mut *self.seen.borrow_mut();
        seen.events += 1;
        if seen.events > self.limit {
            self.stop.raise();
        }
        let time = event.time.as_nanos();
        if seen.instants.last() != Some(&time) {
            seen.instants.push(time);
        }
        // The server is declared first, then the devices, then the links: what these hand on was
        // counted before.
        let source = event.source.index();
        match event.kind_name {
            "smashed data up" | "model up" if (1..=self.clients).contains(&source) => {
                seen.bytes_up += event.size;
            }
            "gradient down" | "model down" if source == 0 => seen.bytes_down += event.size,
            "request arrives" => seen.requests += 1,
            _ => {}
        }
    }
}
