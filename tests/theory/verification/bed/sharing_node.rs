//! A processor-sharing station of the library as an actor.

use super::signal::{Customer, Signal};
use super::{SharedBook, Work};
use actix::{Actor, Handler};
use splitgp_sim::kernel::{EventId, Rank, SimActor, SimContext};
use splitgp_sim::random::Stream;
use splitgp_sim::station::{Completed, ProcessorSharing};
use splitgp_sim::time::SimDuration;
use std::num::NonZeroU32;

/// One server that all present share equally.
pub(crate) struct SharingNode {
    station: ProcessorSharing<(Customer, SimDuration)>,
    work: Work,
    stream: Option<Stream>,
    next: Option<EventId>,
    done: Vec<Completed<(Customer, SimDuration)>>,
    book: SharedBook,
}

impl SharingNode {
    /// An idle node that writes into `book`.
    pub(crate) fn new(work: Work, book: &SharedBook) -> Self {
        // One nanosecond of work a nanosecond.
        let station = ProcessorSharing::new(NonZeroU32::MIN, 1);
        Self { station, work, stream: None, next: None, done: Vec::new(), book: book.clone() }
    }

    fn arrive(&mut self, customer: Customer, context: &mut SimContext<Self, Signal>) {
        let work = self.work.sample(self.stream.as_mut().expect("the node has started"));
        let units = u128::from(work.as_nanos());
        self.station.arrive(context.now(), None, units, (customer, work));
        if let Some(next) = self.next.take() {
            context.cancel(next);
        }
        self.schedule(context);
    }

    fn complete(&mut self, context: &mut SimContext<Self, Signal>) {
        let now = context.now();
        self.station.complete(now, None, &mut self.done);
        for completed in self.done.drain(..) {
            let (customer, work) = completed.job;
            self.book.borrow_mut().left(now, customer, work, SimDuration::ZERO);
        }
        self.schedule(context);
    }

    fn schedule(&mut self, context: &mut SimContext<Self, Signal>) {
        self.next = self
            .station
            .until_completion()
            .map(|wait| context.send_in(wait, Rank::Completion, context.id(), Signal::SharingDone));
    }
}

impl SimActor<Signal> for SharingNode {}

impl Actor for SharingNode {
    type Context = SimContext<Self, Signal>;

    fn started(&mut self, context: &mut Self::Context) {
        self.stream = Some(context.stream("work"));
    }

    fn stopped(&mut self, context: &mut Self::Context) {
        self.station.close(context.now(), None).unwrap_or_else(|law| panic!("{law}"));
    }
}

impl Handler<Signal> for SharingNode {
    type Result = ();

    fn handle(&mut self, signal: Signal, context: &mut Self::Context) {
        match signal {
            Signal::Arrive(customer) => self.arrive(customer, context),
            Signal::SharingDone => self.complete(context),
            other => unreachable!("a sharing node was sent {other:?}"),
        }
    }
}
