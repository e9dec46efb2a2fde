//! One client's part of a global round: its mini-batches through φ, κ and its copy of θ.

use super::config::LearningConfig;
use super::dataset::Dataset;
use super::error::TrainingError;
use super::method::CLIENT_EXIT;
use super::network::Network;
use super::parts::Models;
use super::quantisation::received;
use super::split_step::sides;
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
    /// Its θ: its own, or the server's working copy for it.
    pub theta: Weights,
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

impl LocalRound {
    /// Trains on each mini-batch in turn.
    ///
    /// # Errors
    /// If a loss is not finite.
    pub(super) fn run(self) -> Result<LocalUpdate, TrainingError> {
        let sgd = self.config.sgd.in_round(self.round);
        let (mut device, mut server) = sides(&self.config, &self.models, sgd);
        let order = self.shuffled();
        let (layout, wire) = (self.config.method.layout(), self.config.wire());
        let mut client_loss = layout.has_client_exit().then_some(0.0);
        let mut theta_loss = 0.0;
        let steps = self.steps();
        for step in 0..steps {
            let batch = self.data.batch(&self.data.train, &self.mini_batch(&order, step));
            let (smashed, pending) = device.forward(batch.pixels, batch.labels.len());
            let (gradient, loss) = server.step(received(smashed, wire), &batch.labels);
            theta_loss += self.finite(loss, step, layout.theta_answer())?;
            let loss = device.backward(pending, &batch.labels, received(gradient, wire));
            if let Some((sum, loss)) = client_loss.as_mut().zip(loss) {
                *sum += self.finite(loss, step, CLIENT_EXIT)?;
            }
        }
        let steps = f64::from(steps);
        Ok(LocalUpdate {
            client: self.client,
            phi: device.phi.weights(),
            kappa: device.kappa.as_ref().map(Network::weights),
            theta: server.theta.weights(),
            client_loss: client_loss.map(|sum: f64| sum / steps),
            theta_loss: theta_loss / steps,
        })
    }

    /// Mini-batches of this round.
    fn steps(&self) -> u32 {
        self.config.local_work.steps(self.samples.len() as u64, self.config.batch_size)
    }

    /// The client's samples in this round's order.
    fn shuffled(&self) -> Vec<u32> {
        let streams = Streams::new(self.config.seed, 0);
        let purpose = format!("batches/{}", self.round);
        let mut order = self.samples.to_vec();
        order.shuffle(&mut streams.stream(self.config.name(self.client), &purpose));
        order
    }

    /// The samples of mini-batch `step`: batches follow one another in `order`, and wrap.
    fn mini_batch(&self, order: &[u32], step: u32) -> Vec<u32> {
        let size = order.len().min(self.config.batch_size as usize);
        let start = (step as usize * size) % order.len();
        order.iter().cycle().skip(start).take(size).copied().collect()
    }

    fn finite(&self, loss: f32, step: u32, answer: &'static str) -> Result<f64, TrainingError> {
        if loss.is_finite() {
            return Ok(f64::from(loss));
        }
        let client = self.config.name(self.client).to_owned();
        Err(TrainingError::Diverged { client, round: self.round, step, answer })
    }
}
