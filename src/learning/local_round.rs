//! One client's part of a global round: its mini-batches through φ, κ and its copy of θ.

use super::config::LearningConfig;
use super::dataset::Dataset;
use super::error::TrainingError;
use super::method::CLIENT_EXIT;
use super::network::Network;
use super::parts::Models;
use super::split_step::{DeviceSide, ServerSide};
use super::tensor::Workspace;
use super::weights::Weights;
use crate::random::Streams;
use dfdx::prelude::SgdConfig;
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
        let (mut device, mut server) = self.sides();
        let order = self.shuffled();
        let layout = self.config.method.layout();
        let mut client_loss = layout.has_client_exit().then_some(0.0);
        let mut theta_loss = 0.0;
        for step in 0..self.config.local_updates {
            let batch = self.data.batch(&self.data.train, &self.mini_batch(&order, step));
            let (smashed, pending) = device.forward(batch.pixels, batch.labels.len());
            let (gradient, loss) = server.step(smashed, &batch.labels);
            theta_loss += self.finite(loss, step, layout.theta_answer())?;
            let loss = device.backward(pending, &batch.labels, gradient);
            if let Some((sum, loss)) = client_loss.as_mut().zip(loss) {
                *sum += self.finite(loss, step, CLIENT_EXIT)?;
            }
        }
        let steps = f64::from(self.config.local_updates);
        Ok(LocalUpdate {
            client: self.client,
            phi: device.phi.weights(),
            kappa: device.kappa.as_ref().map(Network::weights),
            theta: server.theta.weights(),
            client_loss: client_loss.map(|sum: f64| sum / steps),
            theta_loss: theta_loss / steps,
        })
    }

    /// φ and κ on one side of the cut, θ on the other. Where the full model is on the device both
    /// sides are: what is computed does not depend on where.
    fn sides(&self) -> (DeviceSide, ServerSide) {
        let LearningConfig { model, learning_rate, .. } = &*self.config;
        let workspace = Workspace::default();
        let sgd = SgdConfig { lr: *learning_rate, momentum: None, weight_decay: None };
        let gamma = self.config.gamma_in_force();
        let phi = Network::new(&model.phi, &self.models.phi, &workspace).on_data();
        let kappa = self.models.kappa.as_deref();
        let kappa = kappa.map(|kappa| Network::new(&model.kappa, kappa, &workspace));
        let theta = Network::new(&model.theta, &self.models.theta, &workspace);
        (DeviceSide { phi, kappa, gamma, sgd }, ServerSide { theta, gamma, sgd })
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
