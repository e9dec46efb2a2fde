//! The customers of a closed network, while they think.

use super::signal::{Customer, Signal};
use super::{SharedBook, Work};
use actix::{Actor, Handler};
use splitgp_sim::kernel::{ActorId, Rank, SimActor, SimContext};
use splitgp_sim::random::Stream;
use splitgp_sim::time::SimDuration;

/// So many customers think, go to a server, come back and think again. Each return counts as a
/// passage.
pub(crate) struct Thinkers {
    customers: u32,
    think: Work,
    stream: Option<Stream>,
    server: ActorId,
    passages: u64,
    asked: u64,
    book: SharedBook,
}

impl Thinkers {
    /// `customers` who write into `book` and stop after so many `passages`.
    pub(crate) fn new(
        customers: u32,
        think: Work,
        server: ActorId,
        passages: u64,
        book: &SharedBook,
    ) -> Self {
        Self { customers, think, stream: None, server, passages, asked: 0, book: book.clone() }
    }

    fn think(&mut self, context: &mut SimContext<Self, Signal>) {
        let think = self.think.sample(self.stream.as_mut().expect("the thinkers have started"));
        let entered = context.now().checked_add(think).expect("runs are short");
        let customer = Customer { number: self.asked, entered };
        self.asked += 1;
        context.send_at(entered, Rank::Delivery, self.server, Signal::Arrive(customer));
    }
}

impl SimActor<Signal> for Thinkers {}

impl Actor for Thinkers {
    type Context = SimContext<Self, Signal>;

    fn started(&mut self, context: &mut Self::Context) {
        self.stream = Some(context.stream("think"));
        (0..self.customers).for_each(|_| self.think(context));
    }
}

impl Handler<Signal> for Thinkers {
    type Result = ();

    fn handle(&mut self, signal: Signal, context: &mut Self::Context) {
        let Signal::Arrive(customer) = signal else {
            unreachable!("thinkers were sent {signal:?}");
        };
        self.book.borrow_mut().left(context.now(), customer, SimDuration::ZERO, SimDuration::ZERO);
        if self.asked == self.passages {
            context.end_run();
        } else {
            self.think(context);
        }
    }
}
