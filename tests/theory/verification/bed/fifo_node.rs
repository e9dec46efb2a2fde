//! A FIFO station of the library as an actor.

use super::signal::{Customer, Signal};
use super::{Routing, SharedBook, Work};
use actix::{Actor, Handler};
use splitgp_sim::kernel::{Rank, SimActor, SimContext};
use splitgp_sim::random::Stream;
use splitgp_sim::station::{FifoStation, Slot};
use splitgp_sim::time::SimDuration;
use std::num::NonZeroU32;

/// What a node is made of.
#[derive(Debug, Clone)]
pub(crate) struct FifoNodeSetup {
    /// Equal servers before one queue.
    pub(crate) workers: NonZeroU32,
    /// The work of each customer.
    pub(crate) work: Work,
    /// Customers that fit, those in service included; nobody is lost without it.
    pub(crate) capacity: Option<NonZeroU32>,
    /// Where customers go.
    pub(crate) routing: Routing,
}

/// First in, first out.
pub(crate) struct FifoNode {
    setup: FifoNodeSetup,
    station: FifoStation<(Customer, SimDuration)>,
    present: u32,
    streams: Option<(Stream, Stream)>,
    book: SharedBook,
}

impl FifoNode {
    /// An idle node that writes into `book`.
    pub(crate) fn new(setup: FifoNodeSetup, book: &SharedBook) -> Self {
        let station = FifoStation::new(setup.workers);
        Self { setup, station, present: 0, streams: None, book: book.clone() }
    }

    fn arrive(&mut self, customer: Customer, context: &mut SimContext<Self, Signal>) {
        if self.setup.capacity.is_some_and(|capacity| self.present == capacity.get()) {
            self.book.borrow_mut().lost(customer);
            return;
        }
        self.present += 1;
        let (works, _) = self.streams.as_mut().expect("the node has started");
        let work = self.setup.work.sample(works);
        if let Some(slot) = self.station.arrive(context.now(), None, (customer, work)) {
            self.serve(slot, context);
        }
    }

    fn serve(&self, slot: Slot, context: &mut SimContext<Self, Signal>) {
        let (_, work) = *self.station.in_service(slot);
        context.send_in(work, Rank::Completion, context.id(), Signal::ServiceDone(slot));
    }

    fn served(&mut self, slot: Slot, context: &mut SimContext<Self, Signal>) {
        self.present -= 1;
        let now = context.now();
        let departure = self.station.complete(now, None, slot);
        if departure.next_started {
            self.serve(slot, context);
        }
        let (customer, work) = departure.job;
        let (_, routes) = self.streams.as_mut().expect("the node has started");
        match self.setup.routing.next(routes) {
            Some(next) => {
                let arrive = Signal::Arrive(customer);
                context.send_in(SimDuration::ZERO, Rank::Delivery, next, arrive);
            }
            None => {
                let wait = departure.started.since(departure.arrived);
                self.book.borrow_mut().left(now, customer, work, wait);
            }
        }
    }
}

impl SimActor<Signal> for FifoNode {}

impl Actor for FifoNode {
    type Context = SimContext<Self, Signal>;

    fn started(&mut self, context: &mut Self::Context) {
        self.streams = Some((context.stream("work"), context.stream("routes")));
    }

    fn stopped(&mut self, context: &mut Self::Context) {
        self.station.close(context.now(), None).unwrap_or_else(|law| panic!("{law}"));
    }
}

impl Handler<Signal> for FifoNode {
    type Result = ();

    fn handle(&mut self, signal: Signal, context: &mut Self::Context) {
        match signal {
            Signal::Arrive(customer) => self.arrive(customer, context),
            Signal::ServiceDone(slot) => self.served(slot, context),
            other => unreachable!("a FIFO node was sent {other:?}"),
        }
    }
}
