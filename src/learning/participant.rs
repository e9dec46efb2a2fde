//! A client in the middle of a round.

use super::config::LearningConfig;
use super::error::TrainingError;
use super::local_round::{LocalRound, LocalUpdate};
use super::method::CLIENT_EXIT;
use super::network::Network;
use super::split_step::{DeviceSide, ServerSide};
use super::tensor::Workspace;
use super::weights::Weights;
use dfdx::prelude::SgdConfig;
use std::sync::Arc;

/// A client's side of the cut, and how far its round has come.
#[derive(Debug)]
pub(super) struct Participant {
    round: LocalRound,
    device: DeviceSide,
    /// Its samples in this round's order.
    order: Vec<u32>,
    /// Mini-batches done.
    steps: u32,
    /// Sums over these.
    client_loss: Option<f64>,
    theta_loss: f64,
}

impl Participant {
    /// A client that begins `round`.
    pub(super) fn new(round: LocalRound, workspace: &Workspace) -> Self {
        let LearningConfig { model, method, .. } = &*round.config;
        let (gamma, sgd) = (round.config.gamma_in_force(), round.config.sgd());
        let phi = Network::new(&model.phi, &round.models.phi, workspace).on_data();
        let kappa = round.models.kappa.as_deref();
        let kappa = kappa.map(|kappa| Network::new(&model.kappa, kappa, workspace));
        let device = DeviceSide { phi, kappa, gamma, sgd };
        let client_loss = method.layout().has_client_exit().then_some(0.0);
        let order = round.shuffled();
        Self { round, device, order, steps: 0, client_loss, theta_loss: 0.0 }
    }

    /// The next mini-batch, with this θ behind the cut.
    ///
    /// # Errors
    /// If a loss is not finite.
    pub(super) fn step(&mut self, server: &mut ServerSide) -> Result<(), TrainingError> {
        let Self { round, device, order, steps, .. } = self;
        let data = &round.data;
        let batch = data.batch(&data.train, &round.mini_batch(order, *steps));
        let (smashed, pending) = device.forward(batch.pixels, batch.labels.len());
        let (gradient, loss) = server.step(smashed, &batch.labels);
        let answer = round.config.method.layout().theta_answer();
        self.theta_loss += round.finite(loss, *steps, answer)?;
        let loss = device.backward(pending, &batch.labels, gradient);
        if let Some((sum, loss)) = self.client_loss.as_mut().zip(loss) {
            *sum += round.finite(loss, *steps, CLIENT_EXIT)?;
        }
        self.steps += 1;
        Ok(())
    }

    /// What its mini-batches made of the models, where they made this of θ.
    pub(super) fn update(self, theta: Arc<Weights>) -> LocalUpdate {
        let steps = f64::from(self.steps);
        LocalUpdate {
            client: self.round.client,
            phi: self.device.phi.weights(),
            kappa: self.device.kappa.as_ref().map(Network::weights),
            theta,
            client_loss: self.client_loss.map(|sum| sum / steps),
            theta_loss: self.theta_loss / steps,
        }
    }
}

impl ServerSide {
    /// θ with these weights.
    pub(super) fn new(config: &LearningConfig, theta: &Weights, workspace: &Workspace) -> Self {
        let theta = Network::new(&config.model.theta, theta, workspace);
        Self { theta, gamma: config.gamma_in_force(), sgd: config.sgd() }
    }
}

impl LearningConfig {
    fn sgd(&self) -> SgdConfig {
        SgdConfig { lr: self.learning_rate, momentum: None, weight_decay: None }
    }
}
