//! A client that trains alone: it walks through its rounds without waiting for anybody, and sends
//! nothing. The server only keeps the books of its rounds, which takes no time.
//!
//! A device that fails loses the steps of its present round; when it returns it begins that round
//! anew, from the models that it had.

use super::Client;
use crate::actors::message::Message;
use crate::actors::training::take_success;
use crate::kernel::{ComputationId, Rank, SimContext};

impl Client {
    /// Whether this client trains without the others.
    pub(super) fn trains_alone(&self) -> bool {
        self.setup.training.as_ref().is_some_and(|training| !training.plan.averages)
    }

    /// Begins `round`, unless it was the last one before; a device that is down begins when it
    /// returns.
    pub(super) fn begin_alone(&mut self, round: u32, context: &mut SimContext<Self, Message>) {
        if round == self.plan().rounds {
            self.round = None;
            return;
        }
        // It has its models already.
        self.training().backend.borrow_mut().models_sent(self.setup.index, round);
        self.train(round, context);
        if self.is_up() {
            self.compute(self.first_job(round), context);
        }
    }

    /// The device has returned: the round that it was in begins anew.
    pub(super) fn begin_again_alone(&mut self, context: &mut SimContext<Self, Message>) {
        if let Some(round) = self.round.as_ref().map(|present| present.round) {
            self.compute(self.first_job(round), context);
        }
    }

    /// The last mini-batch is done; the round counts once the real training behind it is.
    pub(super) fn await_own_update(
        &self,
        computation: ComputationId,
        context: &mut SimContext<Self, Message>,
    ) {
        let computed = Message::RoundComputed { client: self.setup.index, computation };
        let this = context.id();
        context.send_when_computed(computation, Rank::Completion, this, computed);
    }

    /// The round is done, in simulated time and in earnest: the next one begins.
    pub(super) fn finish_alone(
        &mut self,
        computation: ComputationId,
        context: &mut SimContext<Self, Message>,
    ) {
        if !take_success(computation, context) {
            return;
        }
        let (client, round) = (self.setup.index, self.present_round().round);
        self.training().backend.borrow_mut().keep(client, round);
        self.tell_server(Message::LocalRoundDone { client, round }, context);
        self.begin_alone(round + 1, context);
    }
}
