//! When accuracy is evaluated between rounds; this takes no simulated time.

use crate::actors::edge_server::EdgeServer;
use crate::actors::message::Message;
use crate::actors::training::take_success;
use crate::kernel::{ComputationId, Rank, SimContext};

impl EdgeServer {
    /// All clients' evaluations are awaited one by one; the last one hands them over.
    pub(in crate::actors::edge_server) fn evaluation_computed(
        &mut self,
        computation: ComputationId,
        last: bool,
        context: &mut SimContext<Self, Message>,
    ) {
        if take_success(computation, context) && last {
            let rounds = self.rounds();
            rounds.training.backend.borrow_mut().evaluated(rounds.round, context.now());
            if !rounds.plan().averages && rounds.is_over() {
                self.end_training(context);
            }
        }
    }

    /// Evaluates all clients' models; this takes no simulated time.
    pub(super) fn evaluate(&mut self, context: &mut SimContext<Self, Message>) {
        let rounds_done = self.rounds().round;
        let clients = u32::try_from(self.setup.clients.len()).expect("clients are u32");
        let computations: Vec<ComputationId> =
            (0..clients).map(|client| self.evaluation(client, rounds_done, context)).collect();
        for (client, computation) in (1..).zip(computations) {
            await_evaluation(computation, client == clients, context);
        }
    }

    /// The evaluation of a client's present models begins.
    pub(in crate::actors::edge_server) fn evaluation(
        &self,
        client: u32,
        rounds_done: u32,
        context: &mut SimContext<Self, Message>,
    ) -> ComputationId {
        let backend = &self.rounds().training.backend;
        context.compute(backend.borrow_mut().evaluation(client, rounds_done))
    }
}

/// Has the server told when an evaluation is done, `last` being the one that completes it.
pub(in crate::actors::edge_server) fn await_evaluation(
    computation: ComputationId,
    last: bool,
    context: &mut SimContext<EdgeServer, Message>,
) {
    let (server, computed) = (context.id(), Message::EvaluationComputed { computation, last });
    context.send_when_computed(computation, Rank::Completion, server, computed);
}
