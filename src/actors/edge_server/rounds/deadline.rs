//! The end of a round that does not wait for stragglers.
//!
//! A round's time counts from the sending of its first models, and an update that arrives at its very
//! end still counts. The clients that are late then are left out of the average as if they had
//! failed. Nobody tells them: a device works on until newer models arrive, as it would in a real
//! system, and what it sends is carried by the network and ignored by the server; a mini-batch that
//! waits for a worker already is served, in vain.

use super::Standing;
use crate::actors::edge_server::EdgeServer;
use crate::actors::message::Message;
use crate::actors::watch::Moment;
use crate::kernel::{EventId, Rank, SimContext};
use crate::time::SimDuration;

/// How long a round lasts at most.
#[derive(Debug)]
pub(super) struct Deadline {
    time: SimDuration,
    /// The end of the round under way.
    pending: Option<EventId>,
}

impl Deadline {
    pub(super) fn new(time: SimDuration) -> Self {
        Self { time, pending: None }
    }
}

impl EdgeServer {
    /// A round begins; the delivery of the final models has no deadline.
    pub(super) fn start_deadline(&mut self, context: &mut SimContext<Self, Message>) {
        let rounds = self.rounds_mut();
        if rounds.is_over() {
            return;
        }
        if let Some(deadline) = &mut rounds.deadline {
            // A deadline past the clock is none.
            deadline.pending = context
                .now()
                .checked_add(deadline.time)
                .map(|end| context.send_at(end, Rank::Timer, context.id(), Message::RoundDeadline));
        }
    }

    /// The round ends before its time is over.
    pub(super) fn stop_deadline(&mut self, context: &mut SimContext<Self, Message>) {
        let deadline = self.rounds_mut().deadline.as_mut();
        if let Some(end) = deadline.and_then(|deadline| deadline.pending.take()) {
            context.cancel(end);
        }
    }

    /// The round's time is over: it ends with the updates that have arrived.
    pub(in crate::actors::edge_server) fn deadline_over(
        &mut self,
        context: &mut SimContext<Self, Message>,
    ) {
        self.world.tell_moment(context, Moment::DeadlineOver);
        let rounds = self.rounds_mut();
        for standing in &mut rounds.standings {
            if *standing == Standing::Expected {
                *standing = Standing::Late;
            }
        }
        rounds.outstanding = 0;
        self.end_round(context);
    }
}
