//! A part of a network (φ, κ or θ) that computes: built from a layer list and weights.

use super::affine::Affine;
use super::conv::Conv2d;
use super::linear::Linear;
use super::patches::Patches;
use super::pool::MaxPool2d;
use super::tensor::{Activations, Gradient, Parameter, Workspace, read};
use super::weights::{LayerWeights, Weights};
use crate::cost::{Layer, LayerKind};
use dfdx::prelude::{Cpu, SgdConfig, Tape};
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
    Linear(Linear, Affine),
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

    /// The output for a batch of inputs.
    pub(super) fn forward<T: Tape<f32, Cpu>>(&self, input: Activations<T>) -> Activations<T> {
        self.units.iter().enumerate().fold(input, |input, (index, unit)| {
            unit.forward(input, self.leaf && index == 0, &self.workspace)
        })
    }

    /// One SGD step of all parameters.
    pub(super) fn step(&mut self, sgd: &SgdConfig, gradients: &mut Gradient) {
        for affine in self.units.iter_mut().filter_map(Unit::affine_mut) {
            affine.weight.step(sgd, gradients);
            affine.bias.step(sgd, gradients);
        }
    }

    /// Its weights as they are now.
    pub(super) fn weights(&self) -> Weights {
        Weights(self.units.iter().filter_map(Unit::affine).map(Affine::weights).collect())
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
            LayerKind::Conv2d { out_channels, kernel, padding } => {
                let patches = Patches::new(layer.input, layer.output, kernel, padding);
                let conv = Conv2d { patches, inputs, channels: out_channels as usize };
                Self::Conv(conv, Affine::new(layer, weights, device))
            }
            LayerKind::Linear { outputs } => {
                let linear = Linear { inputs, outputs: outputs as usize };
                Self::Linear(linear, Affine::new(layer, weights, device))
            }
            LayerKind::MaxPool2d { kernel, stride } => {
                let (input, output) = (layer.input, layer.output);
                Self::Pool(MaxPool2d { input, output, kernel, stride })
            }
        }
    }

    fn forward<T: Tape<f32, Cpu>>(
        &self,
        input: Activations<T>,
        leaf: bool,
        workspace: &Workspace,
    ) -> Activations<T> {
        match self {
            Self::Conv(conv, affine) => affine.forward(*conv, input, leaf, workspace),
            Self::Linear(linear, affine) => affine.forward(*linear, input, leaf, workspace),
            Self::Pool(pool) => pool.forward(input, workspace),
        }
    }

    fn affine(&self) -> Option<&Affine> {
        match self {
            Self::Conv(_, affine) | Self::Linear(_, affine) => Some(affine),
            Self::Pool(_) => None,
        }
    }

    fn affine_mut(&mut self) -> Option<&mut Affine> {
        match self {
            Self::Conv(_, affine) | Self::Linear(_, affine) => Some(affine),
            Self::Pool(_) => None,
        }
    }
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
        let bias = Array1::from(read(&self.bias.value));
        let weight = read(&self.weight.value);
        let shape = (weight.len() / bias.len(), bias.len());
        let weight = Array2::from_shape_vec(shape, weight).expect("rows of outputs");
        LayerWeights { weight, bias }
    }
}
