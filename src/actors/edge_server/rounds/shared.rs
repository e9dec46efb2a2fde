//! One θ for all clients, stepped in the order in which the server begins to serve their mini-batches.
//!
//! Simulated times do not depend on learned values. So the clock goes through a round first and only
//! writes down whose mini-batch came when; at the round's end one job does the real work of all of
//! them in that order. A mini-batch counts if its client is still expected when its service begins:
//! those of a client that fails later have moved θ all the same.

use crate::actors::edge_server::{EdgeServer, ServerJob};
use crate::actors::message::Message;
use crate::kernel::{ComputationId, Rank, SimContext};

/// What moves the common θ in the round under way.
#[derive(Debug, Default)]
pub(super) struct SharedTheta {
    /// The clients of the mini-batches, in the order in which their services began.
    order: Vec<u32>,
    /// The real work of a round that has ended.
    computation: Option<ComputationId>,
}

impl EdgeServer {
    /// A worker begins to serve `job`.
    pub(in crate::actors::edge_server) fn service_begins(&mut self, job: ServerJob) {
        let ServerJob::Step { client, round } = job else { return };
        let rounds = self.rounds_mut();
        let expected = rounds.expects(client, round);
        if let Some(shared) = rounds.shared.as_mut().filter(|_| expected) {
            shared.order.push(client);
        }
    }

    /// The round has ended: which mini-batches move θ, and when, is known, and computed.
    pub(super) fn compute_shared_round(&mut self, context: &mut SimContext<Self, Message>) {
        let rounds = self.rounds_mut();
        if let Some(shared) = &mut rounds.shared {
            let order = std::mem::take(&mut shared.order);
            let job = rounds.training.backend.borrow_mut().shared_round(&order);
            shared.computation = Some(context.compute(job));
        }
    }

    /// The round's aggregation is computed in simulated time: it takes effect as soon as it is in
    /// earnest.
    pub(in crate::actors::edge_server) fn finish_round(
        &mut self,
        context: &mut SimContext<Self, Message>,
    ) {
        let shared = self.rounds_mut().shared.as_mut();
        match shared.and_then(|shared| shared.computation.take()) {
            Some(computation) => {
                let computed = Message::SharedRoundComputed(computation);
                let server = context.id();
                context.send_when_computed(computation, Rank::Completion, server, computed);
            }
            None => self.aggregated(context),
        }
    }

    /// The real work of a round on the common θ is done.
    pub(in crate::actors::edge_server) fn shared_round_computed(
        &mut self,
        computation: ComputationId,
        context: &mut SimContext<Self, Message>,
    ) {
        if super::take_success(computation, context) {
            self.aggregated(context);
        }
    }
}
