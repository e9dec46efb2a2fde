//! The client as a source of requests: when the next one arrives, and when no more do.

use super::{Client, end_if_over};
use crate::actors::message::Message;
use crate::kernel::{Rank, SimContext};
use crate::workload::{Arrivals as _, Pace};

impl Client {
    /// Inference begins: the first arrival is scheduled.
    pub(super) fn begin_inference(&mut self, context: &mut SimContext<Self, Message>) {
        self.inference_mut().asks = true;
        if self.inference().arrivals.pace() == Pace::Closed {
            // At that time the client may be waiting for an answer, and nobody else would close
            // its source.
            let end = self.world.journal.borrow().arrivals_end().expect("inference has begun");
            context.send_at(end, Rank::Timer, context.id(), Message::ArrivalsEnd);
        }
        self.schedule_arrival(context);
    }

    /// A request has arrived: without a closed loop the next one is scheduled.
    pub(super) fn after_arrival(&mut self, context: &mut SimContext<Self, Message>) {
        if self.inference().arrivals.pace() == Pace::Open {
            self.schedule_arrival(context);
        }
    }

    /// A request was answered, dropped or lost: a closed loop schedules the next one, and the run
    /// may be over.
    pub(super) fn after_request(&mut self, context: &mut SimContext<Self, Message>) {
        let inference = self.inference();
        if inference.asks && inference.arrivals.pace() == Pace::Closed {
            self.schedule_arrival(context);
        }
        end_if_over(&self.world, context);
    }

    /// No request arrives from now on.
    pub(super) fn arrivals_end(&mut self, context: &mut SimContext<Self, Message>) {
        if self.inference().asks {
            self.close_source(context);
        }
    }

    /// Schedules the next arrival if it comes before arrivals end; else this source closes.
    fn schedule_arrival(&mut self, context: &mut SimContext<Self, Message>) {
        let gap = self.inference_mut().arrivals.next_gap();
        let end = self.world.journal.borrow().arrivals_end().expect("inference has begun");
        match context.now().checked_add(gap).filter(|&time| time < end) {
            Some(time) => {
                context.send_at(time, Rank::Delivery, context.id(), Message::Arrival);
            }
            None => self.close_source(context),
        }
    }

    /// The last source to close starts the drain limit.
    fn close_source(&mut self, context: &mut SimContext<Self, Message>) {
        self.inference_mut().asks = false;
        let last = self.world.journal.borrow_mut().source_closed();
        if last {
            let limit = self.inference().drain_limit;
            context.send_in(limit, Rank::Timer, context.id(), Message::DrainLimit);
        }
        end_if_over(&self.world, context);
    }
}
