//! One mini-batch of split training, each side on its own (Han et al., INFOCOM 2023).
//!
//! Device and server exchange nothing but plain numbers: smashed data and labels go up, the
//! gradient comes down. The loss is γ · CE(κ(φ(x)), y) + (1−γ) · CE(θ(φ(x)), y).

use super::config::LearningConfig;
use super::loss::cross_entropy;
use super::network::Network;
use super::parts::Models;
use super::tensor::{Activations, Gradient, Workspace, read, take};
use super::weights::Weights;
use dfdx::prelude::{
    AsArray as _, Backward as _, Cpu, OwnedTape, PutTape as _, Rank0, SgdConfig, SplitTape as _,
    Tape as _, Tensor, TensorFromVec as _, Trace as _, ZerosTensor as _,
};

/// A loss that the gradients of a step come from.
type Loss = Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>>;

/// φ and, if there is a client exit, κ on the device.
#[derive(Debug)]
pub(super) struct DeviceSide {
    pub(super) phi: Network,
    pub(super) kappa: Option<Network>,
    /// γ: the weight of the client exit's loss.
    pub(super) gamma: f32,
    pub(super) sgd: SgdConfig,
}

/// θ on the edge server.
#[derive(Debug)]
pub(super) struct ServerSide {
    pub(super) theta: Network,
    /// γ: the server exit's loss has the weight 1−γ.
    pub(super) gamma: f32,
    pub(super) sgd: SgdConfig,
}

/// A device's forward pass that waits for the server's gradient.
#[derive(Debug)]
pub(super) struct Pending {
    smashed: Activations,
    tape: OwnedTape<f32, Cpu>,
}

impl DeviceSide {
    /// φ and κ of `models`.
    pub(super) fn new(
        config: &LearningConfig,
        models: &Models,
        sgd: SgdConfig,
        workspace: &Workspace,
    ) -> Self {
        let model = &config.model;
        let phi = Network::new(&model.phi, &models.phi, workspace).on_data();
        let kappa = models.kappa.as_deref();
        let kappa = kappa.map(|kappa| Network::new(&model.kappa, kappa, workspace));
        Self { phi, kappa, gamma: config.gamma_in_force(), sgd }
    }

    /// h = φ(x) of `samples` inputs: the smashed data to send, sample by sample.
    pub(super) fn forward(&self, pixels: Vec<f32>, samples: usize) -> (Vec<f32>, Pending) {
        let input = batch(pixels, samples).leaky_traced();
        let (smashed, tape) = self.phi.forward(input).split_tape();
        (read(&smashed), Pending { smashed, tape })
    }

    /// Steps κ and φ along their gradients. Returns the client exit's cross entropy in nats, if
    /// there is a client exit.
    pub(super) fn backward(
        &mut self,
        pending: Pending,
        labels: &[u8],
        received: Vec<f32>,
    ) -> Option<f32> {
        let (mut gradients, value) = self.gradients(pending, labels, received);
        if let Some(kappa) = &mut self.kappa {
            kappa.step(&self.sgd, &mut gradients);
        }
        self.phi.step(&self.sgd, &mut gradients);
        value
    }

    /// The gradients of the whole loss by κ and φ; `received` is that of the server's part with
    /// respect to the smashed data. And the client exit's cross entropy in nats, if there is a
    /// client exit.
    pub(super) fn gradients(
        &self,
        pending: Pending,
        labels: &[u8],
        received: Vec<f32>,
    ) -> (Gradient, Option<f32>) {
        let Pending { smashed, tape } = pending;
        let at_cut = smashed.ghost();
        let receive = move |gradients: &mut Gradient| {
            **gradients.get_or_alloc_mut(&at_cut)? = received;
            Ok(())
        };
        match &self.kappa {
            Some(kappa) => {
                let (logits, mut tape) = kappa.forward(smashed.put_tape(tape)).split_tape();
                // On the tape behind κ: the server's gradient is in its place before κ adds to it,
                // in the order in which a joint backward pass through both exits adds them.
                tape.add_backward_op(receive);
                let loss = cross_entropy(logits.put_tape(tape), labels);
                let (value, gradients) = differentiate(loss, self.gamma);
                (gradients, Some(value))
            }
            None => {
                let mut tape = tape;
                tape.add_backward_op(receive);
                // No loss of its own: the received gradient is all that is passed on.
                let nothing: Tensor<Rank0, f32, Cpu> = Cpu::default().zeros();
                (nothing.put_tape(tape).backward(), None)
            }
        }
    }
}

impl ServerSide {
    /// θ with these weights.
    pub(super) fn new(
        config: &LearningConfig,
        theta: &Weights,
        sgd: SgdConfig,
        workspace: &Workspace,
    ) -> Self {
        let theta = Network::new(&config.model.theta, theta, workspace);
        Self { theta, gamma: config.gamma_in_force(), sgd }
    }

    /// Steps θ on the smashed data of a batch. Returns the gradient of the server's part of the
    /// loss with respect to them, and the server exit's cross entropy in nats.
    pub(super) fn step(&mut self, smashed: Vec<f32>, labels: &[u8]) -> (Vec<f32>, f32) {
        let (mut gradients, gradient, value) = self.gradients(smashed, labels);
        self.theta.step(&self.sgd, &mut gradients);
        (gradient, value)
    }

    /// The gradients of the server's part of the loss by θ, that with respect to the smashed data,
    /// and the server exit's cross entropy in nats.
    pub(super) fn gradients(&self, smashed: Vec<f32>, labels: &[u8]) -> (Gradient, Vec<f32>, f32) {
        let smashed = batch(smashed, labels.len());
        let loss = cross_entropy(self.theta.forward(smashed.leaky_trace()), labels);
        let (value, mut gradients) = differentiate(loss, 1.0 - self.gamma);
        let gradient = gradients.get_or_alloc_mut(&smashed).expect("as long as the smashed data");
        let gradient = take(gradient);
        (gradients, gradient, value)
    }
}

/// φ and κ on one side of the cut, θ on the other. Where the full model is on the device both sides
/// are: what is computed does not depend on where.
pub(super) fn sides(
    config: &LearningConfig,
    models: &Models,
    sgd: SgdConfig,
) -> (DeviceSide, ServerSide) {
    let workspace = Workspace::default();
    let server = ServerSide::new(config, &models.theta, sgd, &workspace);
    (DeviceSide::new(config, models, sgd, &workspace), server)
}

/// The value of `loss`, and the gradients of `weight · loss`.
fn differentiate(loss: Loss, weight: f32) -> (f32, Gradient) {
    let value = loss.array();
    (value, (loss * weight).backward())
}

/// A batch of `samples` rows.
pub(super) fn batch(values: Vec<f32>, samples: usize) -> Activations {
    let shape = (samples, values.len() / samples);
    Cpu::default().tensor_from_vec(values, shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{ModelPreset, SplitModel};
    use crate::learning::Dataset;
    use crate::random::Streams;

    const GAMMA: f32 = 0.3;
    const SGD: SgdConfig = SgdConfig { lr: 0.1, momentum: None, weight_decay: None };

    fn networks(model: &SplitModel) -> [Network; 3] {
        let mut stream = Streams::new(1, 0).stream("model", "test");
        [&model.phi, &model.kappa, &model.theta].map(|layers| {
            let weights = Weights::initialise(layers, &mut stream);
            Network::new(layers, &weights, &Workspace::default())
        })
    }

    /// Weights after one step through both sides.
    fn split(model: &SplitModel, pixels: Vec<f32>, labels: &[u8]) -> [Weights; 3] {
        let [phi, kappa, theta] = networks(model);
        let mut device =
            DeviceSide { phi: phi.on_data(), kappa: Some(kappa), gamma: GAMMA, sgd: SGD };
        let mut server = ServerSide { theta, gamma: GAMMA, sgd: SGD };
        let (smashed, pending) = device.forward(pixels, labels.len());
        let (gradient, _) = server.step(smashed, labels);
        device.backward(pending, labels, gradient);
        [device.phi.weights(), device.kappa.unwrap().weights(), server.theta.weights()]
    }

    /// Weights after one step through one graph with two exits.
    fn joint(model: &SplitModel, pixels: Vec<f32>, labels: &[u8]) -> [Weights; 3] {
        let mut networks = networks(model);
        let [phi, kappa, theta] = &networks;
        let smashed = phi.forward(batch(pixels, labels.len()).leaky_traced());
        let branch = smashed.retaped::<OwnedTape<f32, Cpu>>();
        let client = cross_entropy(kappa.forward(smashed), labels) * GAMMA;
        let server = cross_entropy(theta.forward(branch), labels) * (1.0 - GAMMA);
        let mut gradients = (client + server).backward();
        networks.each_mut().map(|network| {
            network.step(&SGD, &mut gradients);
            network.weights()
        })
    }

    #[test]
    fn split_training_is_joint_training_to_the_bit() {
        let data = Dataset::digits();
        let indices: Vec<u32> = (0..16).collect();
        let digits = data.batch(&data.train, &indices);
        for cut in ["conv1", "conv2", "conv3", "fc1"] {
            let model = SplitModel::preset(ModelPreset::DigitsCnn, cut).unwrap();
            let split = split(&model, digits.pixels.clone(), &digits.labels);
            let joint = joint(&model, digits.pixels.clone(), &digits.labels);
            assert!(split == joint, "cut at {cut}");
            assert!(split[0] != networks(&model)[0].weights(), "cut at {cut}: a step moves φ");
        }
    }

    #[test]
    fn split_training_of_the_papers_network_is_joint_training_to_the_bit() {
        let model = SplitModel::preset(ModelPreset::PaperCnn, "conv4").unwrap();
        let pixels: Vec<f32> = (0..2 * 784_u16).map(|i| f32::from(i % 83) / 83.0).collect();
        assert!(split(&model, pixels.clone(), &[3, 8]) == joint(&model, pixels, &[3, 8]));
    }

    #[test]
    fn split_training_with_batch_norms_is_joint_training_to_the_bit() {
        let model = SplitModel::preset(ModelPreset::Vgg11Bn, "conv4").unwrap();
        let pixels: Vec<f32> = (0..2 * 3072_u16).map(|i| f32::from(i % 83) / 83.0).collect();
        let split = split(&model, pixels.clone(), &[3, 8]);
        assert!(split == joint(&model, pixels, &[3, 8]));
        let moved = split.iter().zip(networks(&model)).all(|(new, old)| *new != old.weights());
        assert!(moved, "a step moves all three parts");
    }

    #[test]
    fn only_the_servers_loss_moves_phi_at_gamma_zero() {
        let model = SplitModel::preset(ModelPreset::DigitsCnn, "conv2").unwrap();
        let [phi, kappa, _] = networks(&model);
        let [phi_before, kappa_before] = [phi.weights(), kappa.weights()];
        let mut device = DeviceSide { phi, kappa: Some(kappa), gamma: 0.0, sgd: SGD };
        let (smashed, pending) = device.forward(vec![0.5; 64], 1);
        device.backward(pending, &[3], vec![0.0; smashed.len()]);
        assert_eq!(device.phi.weights(), phi_before, "no gradient came from the server");
        let (smashed, pending) = device.forward(vec![0.5; 64], 1);
        device.backward(pending, &[3], vec![1.0; smashed.len()]);
        assert_ne!(device.phi.weights(), phi_before);
        assert_eq!(device.kappa.unwrap().weights(), kappa_before, "κ has no part in the loss");
    }
}
