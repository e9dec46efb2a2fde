//! Where customers of an open network come from.

use super::signal::{Customer, Signal};
use actix::{Actor, Handler};
use splitgp_sim::kernel::{ActorId, Rank, SimActor, SimContext};
use splitgp_sim::time::SimDuration;
use splitgp_sim::workload::{Arrivals as _, Poisson};

/// Sends customers to one actor by a Poisson process.
pub(crate) struct Source {
    mean_gap: SimDuration,
    arrivals: Option<Poisson>,
    customers: u64,
    sent: u64,
    target: ActorId,
}

impl Source {
    /// A source of so many `customers`.
    pub(crate) fn new(mean_gap: SimDuration, customers: u64, target: ActorId) -> Self {
        Self { mean_gap, arrivals: None, customers, sent: 0, target }
    }

    /// Both the customer's arrival and the source's own next turn come when the gap is over.
    fn send_next(&mut self, context: &mut SimContext<Self, Signal>) {
        if self.sent == self.customers {
            return;
        }
        let gap = self.arrivals.as_mut().expect("the source has started").next_gap();
        let entered = context.now().checked_add(gap).expect("runs are short");
        let customer = Customer { number: self.sent, entered };
        self.sent += 1;
        context.send_at(entered, Rank::Delivery, self.target, Signal::Arrive(customer));
        context.send_at(entered, Rank::Delivery, context.id(), Signal::GapOver);
    }
}

impl SimActor<Signal> for Source {}

impl Actor for Source {
    type Context = SimContext<Self, Signal>;

    fn started(&mut self, context: &mut Self::Context) {
        self.arrivals = Some(Poisson::new(self.mean_gap, context.stream("gaps")));
        self.send_next(context);
    }
}

impl Handler<Signal> for Source {
    type Result = ();

    fn handle(&mut self, _: Signal, context: &mut Self::Context) {
        self.send_next(context);
    }
}
