//! Background traffic: messages of others that occupy a link.

use crate::actors::message::Message;
use crate::kernel::{Rank, SimActor, SimContext};
use crate::quantity::Bytes;
use crate::workload::Arrivals;

/// Messages of one size that arrive at a link, are transmitted once, and leave. They are counted
/// apart, never lost, and belong to no client.
pub struct Background {
    /// When they arrive, from the start of the run.
    pub arrivals: Box<dyn Arrivals>,
    /// The size of each.
    pub size: Bytes,
}

impl Background {
    /// Schedules the next arrival; after the clock's end there is none.
    pub(super) fn schedule<A: SimActor<Message>>(&mut self, context: &mut SimContext<A, Message>) {
        let gap = self.arrivals.next_gap();
        if let Some(time) = context.now().checked_add(gap) {
            context.send_at(time, Rank::Delivery, context.id(), Message::BackgroundArrival);
        }
    }
}
