//! A round in which all clients train one θ, in a given order of their mini-batches.

use super::config::LearningConfig;
use super::error::TrainingError;
use super::local_round::{LocalRound, LocalUpdate};
use super::participant::Participant;
use super::split_step::ServerSide;
use super::tensor::Workspace;
use super::weights::Weights;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that such a round depends on; it may run on any thread.
#[derive(Debug)]
pub(super) struct SharedRound {
    pub(super) config: Arc<LearningConfig>,
    /// θ at the beginning of the round; with momentum its velocities start at 0 then.
    pub(super) theta: Arc<Weights>,
    /// The clients that began it.
    pub(super) rounds: Vec<LocalRound>,
    /// Whose mini-batch comes first, second …
    pub(super) order: Vec<u32>,
}

/// What a round on one θ made of the models.
#[derive(Debug)]
pub struct SharedUpdate {
    /// The common θ after its last mini-batch.
    pub theta: Arc<Weights>,
    /// The updates of the clients that began the round, in client order, however far they came.
    pub clients: Vec<LocalUpdate>,
}

impl SharedRound {
    /// Trains on all mini-batches in their order: a client's forward pass needs nothing but its own
    /// last step, so that it can be computed just before θ sees its smashed data.
    ///
    /// # Errors
    /// If a loss, or what the last steps made of the models, is not finite.
    ///
    /// # Panics
    /// If the order names a client that did not begin the round.
    pub(super) fn run(self) -> Result<SharedUpdate, TrainingError> {
        let workspace = Workspace::default();
        // Those that come from earlier rounds were late for them: nobody serves them.
        let round = self.rounds.iter().map(|round| round.round).max().unwrap_or(0);
        let sgd = self.config.sgd.in_round(round);
        let mut server = ServerSide::new(&self.config, &self.theta, sgd, &workspace);
        let begin = |round: LocalRound| (round.client, Participant::new(round, sgd, &workspace));
        let mut participants: BTreeMap<u32, Participant> =
            self.rounds.into_iter().map(begin).collect();
        for client in self.order {
            let participant = participants.get_mut(&client).expect("who is served has begun");
            participant.step(&mut server)?;
        }
        let theta = Arc::new(server.theta.weights());
        let clients = participants.into_values().map(|client| client.update(theta.clone()));
        Ok(SharedUpdate { clients: clients.collect::<Result<_, _>>()?, theta })
    }
}
