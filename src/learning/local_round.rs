//! One client's part of a global round: its mini-batches through φ, κ and its copy of θ.

use super::config::LearningConfig;
use super::dataset::Dataset;
use super::error::TrainingError;
use super::participant::Participant;
use super::parts::Models;
use super::split_step::ServerSide;
use super::tensor::Workspace;
use super::weights::Weights;
use crate::random::Streams;
use rand::seq::SliceRandom as _;
use std::sync::Arc;

/// What a client's local updates made of the models.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalUpdate {
    /// Which client.
    pub client: u32,
    /// Its φ.
    pub phi: Weights,
    /// Its κ, if there is a client exit.
    pub kappa: Option<Weights>,
    /// Its θ: its own, the server's working copy for it, or that of all.
    pub theta: Arc<Weights>,
    /// Mean over its steps of the client exit's cross entropy, in nats, if there is one.
    pub client_loss: Option<f64>,
    /// Mean over its steps of the cross entropy of θ's answers, in nats: those of the server exit,
    /// or of the full model.
    pub theta_loss: f64,
}

/// Everything that one client's round depends on; it may run on any thread.
#[derive(Debug)]
pub(super) struct LocalRound {
    pub(super) config: Arc<LearningConfig>,
    pub(super) data: Arc<Dataset>,
    pub(super) client: u32,
    pub(super) round: u32,
    /// The client's training samples.
    pub(super) samples: Arc<[u32]>,
    pub(super) models: Models,
}

/// What one client starts a round with.
#[derive(Debug)]
pub struct RoundStart(pub(super) LocalRound);

impl RoundStart {
    /// The work of that round on the client's own copy of θ, to be run on any thread.
    ///
    /// The job fails if a loss is not finite.
    pub fn train(
        self,
    ) -> impl FnOnce() -> Result<LocalUpdate, TrainingError> + Send + 'static + use<> {
        move || self.0.run()
    }
}

impl LocalRound {
    /// Trains on each mini-batch in turn. Where the full model is on the device both sides of the cut
    /// are: what is computed does not depend on where.
    ///
    /// # Errors
    /// If a loss, or what the last step made of the models, is not finite.
    pub(super) fn run(self) -> Result<LocalUpdate, TrainingError> {
        let workspace = Workspace::default();
        let sgd = self.config.sgd.in_round(self.round);
        let mut server = ServerSide::new(&self.config, &self.models.theta, sgd, &workspace);
        let steps = self.config.local_work.steps(self.samples.len() as u64, self.config.batch_size);
        let mut participant = Participant::new(self, sgd, &workspace);
        for _ in 0..steps {
            participant.step(&mut server)?;
        }
        participant.update(Arc::new(server.theta.weights()))
    }

    /// The client's samples in this round's order.
    pub(super) fn shuffled(&self) -> Vec<u32> {
        let streams = Streams::new(self.config.seed, 0);
        let purpose = format!("batches/{}", self.round);
        let mut order = self.samples.to_vec();
        order.shuffle(&mut streams.generator(self.config.name(self.client), &purpose));
        order
    }

    /// The samples of mini-batch `step`: batches follow one another in `order`, and wrap.
    pub(super) fn mini_batch(&self, order: &[u32], step: u32) -> Vec<u32> {
        let size = order.len().min(self.config.batch_size as usize);
        let start = (step as usize * size) % order.len();
        order.iter().cycle().skip(start).take(size).copied().collect()
    }

    /// `loss`, unless it is infinite or not a number.
    pub(super) fn finite(
        &self,
        loss: f32,
        step: u32,
        answer: &'static str,
    ) -> Result<f64, TrainingError> {
        if loss.is_finite() {
            return Ok(f64::from(loss));
        }
        let client = self.config.name(self.client).to_owned();
        Err(TrainingError::Diverged { client, round: self.round, step, answer })
    }
}
