//! A client in the middle of a round.

use super::error::TrainingError;
use super::local_round::{LocalRound, LocalUpdate};
use super::method::CLIENT_EXIT;
use super::network::Network;
use super::quantisation::received;
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
    pub(super) fn new(round: LocalRound, sgd: SgdConfig, workspace: &Workspace) -> Self {
        let device = DeviceSide::new(&round.config, &round.models, sgd, workspace);
        let client_loss = round.config.method.layout().has_client_exit().then_some(0.0);
        let order = round.shuffled();
        Self { round, device, order, steps: 0, client_loss, theta_loss: 0.0 }
    }

    /// The next mini-batch, with this θ behind the cut.
    ///
    /// # Errors
    /// If a loss is not finite.
    pub(super) fn step(&mut self, server: &mut ServerSide) -> Result<(), TrainingError> {
        let Self { round, device, order, steps, .. } = self;
        let (data, wire) = (&round.data, round.config.wire());
        let batch = data.batch(&data.train, &round.mini_batch(order, *steps));
        let (smashed, pending) = device.forward(batch.pixels, batch.labels.len());
        let (gradient, loss) = server.step(received(smashed, wire), &batch.labels);
        let answer = round.config.method.layout().theta_answer();
        self.theta_loss += round.finite(loss, *steps, answer)?;
        let loss = device.backward(pending, &batch.labels, received(gradient, wire));
        if let Some((sum, loss)) = self.client_loss.as_mut().zip(loss) {
            *sum += round.finite(loss, *steps, CLIENT_EXIT)?;
        }
        self.steps += 1;
        Ok(())
    }

    /// What its mini-batches made of the models, where they made this of θ.
    ///
    /// # Errors
    /// If a value of these models is not finite: no loss has shown what the last step did.
    pub(super) fn update(self, theta: Arc<Weights>) -> Result<LocalUpdate, TrainingError> {
        let steps = f64::from(self.steps);
        let update = LocalUpdate {
            client: self.round.client,
            phi: self.device.phi.weights(),
            kappa: self.device.kappa.as_ref().map(Network::weights),
            theta,
            client_loss: self.client_loss.map(|sum| sum / steps),
            theta_loss: self.theta_loss / steps,
        };
        let parts = [Some(&update.phi), update.kappa.as_ref(), Some(&*update.theta)];
        if parts.into_iter().flatten().all(Weights::is_finite) {
            return Ok(update);
        }
        let client = self.round.config.name(self.round.client).to_owned();
        Err(TrainingError::Overflown { client, round: self.round.round })
    }
}
