//! A part of a network (φ, κ or θ) that computes: built from a layer list and weights.
//!
//! dfdx's own convolution needs a nightly compiler, and its matrix product spreads over a global
//! thread pool. A network is therefore one operation of its own on dfdx's tape: its layers compute
//! on plain slices, in memory that is used again in the next step.

use super::affine::{Affine, Wanted};
use super::batch_norm::BatchNorm;
use super::conv::Conv2d;
use super::linear::Linear;
use super::patches::Patches;
use super::pool::MaxPool2d;
use super::tensor::{Activations, Backward, Gradient, Parameter, Workspace, take};
use super::weights::{LayerWeights, Weights};
use super::winograd::Winograd;
use crate::cost::{Layer, LayerKind};
use dfdx::prelude::{
    Cpu, HasShape as _, PutTape as _, SgdConfig, SplitTape as _, Tape, TensorFromVec as _,
};
use ndarray::{Array1, Array2};

/// Layers in a chain with their weights, on one thread.
#[derive(Debug)]
pub(super) struct Network {
    units: Vec<Unit>,
    /// Whether the input comes from outside, so that nobody wants its gradient.
    leaf: bool,
    workspace: Workspace,
}

#[derive(Debug)]
enum Unit {
    Conv(Conv2d, Affine),
    Winograd(Winograd, Affine),
    Linear(Linear, Affine),
    BatchNorm(BatchNorm),
    Pool(MaxPool2d),
}

impl Network {
    /// The network of `layers` with `weights`, behind another one.
    ///
    /// # Panics
    /// If the weights belong to other layers.
    pub(super) fn new(layers: &[Layer], weights: &Weights, workspace: &Workspace) -> Self {
        let mut weights = weights.0.iter();
        let units = layers.iter().map(|layer| Unit::new(layer, &mut weights, &workspace.device));
        Self { units: units.collect(), leaf: false, workspace: workspace.clone() }
    }

    /// The same, but fed with data instead of another network's activations.
    pub(super) fn on_data(self) -> Self {
        Self { leaf: true, ..self }
    }

    /// The output for a batch of inputs. A tape means training: batch norms then use the batch's
    /// statistics, and their running statistics follow.
    pub(super) fn forward<T: Tape<f32, Cpu>>(&self, input: Activations<T>) -> Activations<T> {
        let (input, mut tape) = input.split_tape();
        let mut values = self.workspace.read(&input);
        let mut backwards = Vec::new();
        for (index, unit) in self.units.iter().enumerate() {
            let wanted = Wanted { traced: T::OWNS_TAPE, leaf: self.leaf && index == 0 };
            let (output, backward) = unit.forward(values, &self.workspace, wanted);
            values = output;
            backwards.extend(backward);
        }
        let samples = input.shape().0;
        let shape = (samples, values.len() / samples);
        let output = self.workspace.device.tensor_from_vec(values, shape);
        if T::OWNS_TAPE {
            let (input, output) = (input.ghost(), output.ghost());
            let workspace = self.workspace.clone();
            tape.add_backward_op(move |gradients| {
                let d_y = take(gradients.get_or_alloc_mut(&output)?);
                let d_x = back(backwards, d_y, gradients);
                let sum = gradients.get_or_alloc_mut(&input)?;
                sum.iter_mut().zip(&d_x).for_each(|(sum, value)| *sum += value);
                workspace.reclaim(d_x);
                Ok(())
            });
        }
        output.put_tape(tape)
    }

    /// One SGD step of all parameters.
    pub(super) fn step(&mut self, sgd: &SgdConfig, gradients: &mut Gradient) {
        for parameter in self.units.iter_mut().filter_map(Unit::parameters_mut).flatten() {
            parameter.step(sgd, gradients, &self.workspace);
        }
    }

    /// The gradients of all parameters from the input on, moved out of `gradients`.
    pub(super) fn gradients(&mut self, gradients: &mut Gradient) -> impl Iterator<Item = Vec<f32>> {
        let parameters = self.units.iter_mut().filter_map(Unit::parameters_mut).flatten();
        parameters.map(|parameter| parameter.gradient(gradients))
    }

    /// Its weights as they are now.
    pub(super) fn weights(&self) -> Weights {
        Weights(self.units.iter().filter_map(Unit::weights).collect())
    }
}

impl Unit {
    #[expect(clippy::cast_possible_truncation, reason = "layers fit into memory")]
    fn new<'a>(
        layer: &Layer,
        weights: &mut impl Iterator<Item = &'a LayerWeights>,
        device: &Cpu,
    ) -> Self {
        let inputs = layer.inputs() as usize;
        match layer.kind {
            LayerKind::Conv2d { out_channels, kernel, padding, stride } => {
                let winograd = Winograd::new(layer.input, layer.output, kernel, padding);
                if let Some(winograd) = winograd.filter(|_| stride == 1) {
                    return Self::Winograd(winograd, Affine::new(layer, weights, device));
                }
                let patches =
                    Patches::new(layer.input, layer.output, kernel, padding).every(stride);
                let conv = Conv2d { patches, inputs, channels: out_channels as usize };
                Self::Conv(conv, Affine::new(layer, weights, device))
            }
            LayerKind::Linear { outputs } => {
                let linear = Linear { inputs, outputs: outputs as usize };
                Self::Linear(linear, Affine::new(layer, weights, device))
            }
            LayerKind::BatchNorm => {
                let weights = weights.next().expect("weights for each layer");
                Self::BatchNorm(BatchNorm::new(weights, layer.relu, device))
            }
            LayerKind::MaxPool2d { kernel, stride } => {
                let (input, output) = (layer.input, layer.output);
                Self::Pool(MaxPool2d { input, output, kernel, stride })
            }
            LayerKind::Stated { .. } => unreachable!("a network known by its costs is not trained"),
        }
    }

    fn forward(
        &self,
        x: Vec<f32>,
        workspace: &Workspace,
        wanted: Wanted,
    ) -> (Vec<f32>, Option<Backward>) {
        match self {
            Self::Conv(conv, affine) => affine.forward(*conv, x, workspace, wanted),
            Self::Winograd(conv, affine) => affine.forward(*conv, x, workspace, wanted),
            Self::Linear(linear, affine) => affine.forward(*linear, x, workspace, wanted),
            Self::BatchNorm(norm) => norm.forward(x, workspace, wanted.traced),
            Self::Pool(pool) => pool.forward(x, workspace, wanted.traced),
        }
    }

    fn weights(&self) -> Option<LayerWeights> {
        match self {
            Self::Conv(_, affine) | Self::Winograd(_, affine) | Self::Linear(_, affine) => {
                Some(affine.weights())
            }
            Self::BatchNorm(norm) => Some(norm.weights()),
            Self::Pool(_) => None,
        }
    }

    fn parameters_mut(&mut self) -> Option<[&mut Parameter; 2]> {
        match self {
            Self::Conv(_, affine) | Self::Winograd(_, affine) | Self::Linear(_, affine) => {
                Some([&mut affine.weight, &mut affine.bias])
            }
            Self::BatchNorm(norm) => Some(norm.parameters_mut()),
            Self::Pool(_) => None,
        }
    }
}

/// The way back through all layers, the last first.
fn back(layers: Vec<Backward>, d_y: Vec<f32>, gradients: &mut Gradient) -> Vec<f32> {
    layers.into_iter().rev().fold(d_y, |d_y, layer| layer(d_y, gradients))
}

impl Affine {
    fn new<'a>(
        layer: &Layer,
        weights: &mut impl Iterator<Item = &'a LayerWeights>,
        device: &Cpu,
    ) -> Self {
        let LayerWeights { weight, bias } = weights.next().expect("weights for each layer");
        assert_eq!((weight.len() + bias.len()) as u64, layer.parameters(), "{}", layer.name);
        Self {
            weight: Parameter::new(weight.iter().copied().collect(), device),
            bias: Parameter::new(bias.to_vec(), device),
            relu: layer.relu,
        }
    }

    fn weights(&self) -> LayerWeights {
        let bias = Array1::from(self.bias.values.to_vec());
        let weight = self.weight.values.to_vec();
        let shape = (weight.len() / bias.len(), bias.len());
        let weight = Array2::from_shape_vec(shape, weight).expect("rows of outputs");
        LayerWeights { weight, bias }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::Shape;
    use crate::learning::loss::cross_entropy;
    use crate::learning::split_step::batch;
    use crate::learning::tensor::read;
    use crate::random::Streams;
    use dfdx::prelude::{AsArray as _, Backward as _, Trace as _};

    const IMAGE: Shape = Shape { channels: 2, height: 6, width: 6 };
    const LABELS: [u8; 3] = [0, 2, 1];

    /// A convolution, a pooling, a hidden and an output layer.
    fn layers() -> Vec<Layer> {
        let conv = LayerKind::Conv2d { out_channels: 4, kernel: 3, padding: 1, stride: 1 };
        let conv = Layer::new("conv1", conv, true, IMAGE);
        let pool = LayerKind::MaxPool2d { kernel: 3, stride: 2 };
        let pool = Layer::new("pool1", pool, false, conv.output);
        let hidden = Layer::new("fc1", LayerKind::Linear { outputs: 5 }, true, pool.output);
        let logits = Layer::new("fc2", LayerKind::Linear { outputs: 3 }, false, hidden.output);
        vec![conv, pool, hidden, logits]
    }

    fn weights() -> Weights {
        Weights::initialise(&layers(), &mut Streams::new(3, 0).stream("model", "test"))
    }

    fn images() -> Vec<f32> {
        let pixel = |i: u32| u8::try_from(i * 7919 % 101).unwrap();
        (0..3 * 72).map(|i| f32::from(pixel(i)) / 101.0).collect()
    }

    fn loss(weights: &Weights, images: Vec<f32>) -> f64 {
        let network = Network::new(&layers(), weights, &Workspace::default());
        f64::from(cross_entropy(network.forward(batch(images, 3)), &LABELS).array())
    }

    /// The gradients that dfdx finds, as (those of all weights in order, those of the input).
    fn gradients() -> (Vec<f32>, Vec<f32>) {
        let mut network = Network::new(&layers(), &weights(), &Workspace::default());
        let input = batch(images(), 3);
        let mut gradients = cross_entropy(network.forward(input.leaky_trace()), &LABELS).backward();
        let d_input = read(&gradients.get(&input));
        // A step of length 1 is the gradient itself.
        network.step(&SgdConfig { lr: 1.0, momentum: None, weight_decay: None }, &mut gradients);
        let before = weights();
        let stepped = network.weights();
        (before.values().zip(stepped.values()).map(|(a, b)| a - b).collect(), d_input)
    }

    /// Central difference of `loss_at` around 0; the loss is single-precision, so that the step
    /// trades rounding for curvature.
    fn slope(loss_at: impl Fn(f32) -> f64) -> f64 {
        const STEP: f32 = 5e-3;
        (loss_at(STEP) - loss_at(-STEP)) / (2.0 * f64::from(STEP))
    }

    /// The share of `gradient` that central differences confirm: a kink of a ReLU or a maximum
    /// within a step may refute a few.
    fn confirmed(gradient: &[f32], slope: impl Fn(usize) -> f64) -> f64 {
        let agrees = |index: &usize| {
            let (exact, numeric) = (f64::from(gradient[*index]), slope(*index));
            (exact - numeric).abs() < 2e-4 + 0.02 * exact.abs()
        };
        let agreeing = (0..gradient.len()).filter(agrees).count();
        agreeing as f64 / gradient.len() as f64
    }

    #[test]
    fn gradients_of_all_weights_are_central_differences_of_the_loss() {
        let (gradient, _) = gradients();
        let nonzero = gradient.iter().filter(|value| value.abs() > 1e-3).count();
        assert!(nonzero > gradient.len() / 4, "the test must be able to fail");
        let share = confirmed(&gradient, |index| {
            slope(|step| {
                let mut weights = weights();
                let mut values = weights
                    .0
                    .iter_mut()
                    .flat_map(|layer| layer.weight.iter_mut().chain(&mut layer.bias));
                *values.nth(index).unwrap() += step;
                loss(&weights, images())
            })
        });
        assert!(share > 0.97, "{share} of the gradients are confirmed");
    }

    #[test]
    fn the_gradient_of_the_input_is_a_central_difference_of_the_loss() {
        let (_, gradient) = gradients();
        let share = confirmed(&gradient, |index| {
            slope(|step| {
                let mut images = images();
                images[index] += step;
                loss(&weights(), images)
            })
        });
        assert!(share > 0.97, "{share} of the gradients are confirmed");
    }

    #[test]
    fn a_network_on_data_has_the_same_weight_gradients() {
        let sgd = SgdConfig { lr: 1.0, momentum: None, weight_decay: None };
        let step = |network: Network| {
            let mut network = network;
            let input = batch(images(), 3).leaky_traced();
            let mut gradients = cross_entropy(network.forward(input), &LABELS).backward();
            network.step(&sgd, &mut gradients);
            network.weights()
        };
        let network = || Network::new(&layers(), &weights(), &Workspace::default());
        assert_eq!(step(network()), step(network().on_data()));
    }

    #[test]
    fn a_network_keeps_the_weights_that_it_was_built_with() {
        let network = Network::new(&layers(), &weights(), &Workspace::default());
        assert_eq!(network.weights(), weights());
    }
}
