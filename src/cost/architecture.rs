//! A network as one writes it down: layer after layer, without shapes.
//!
//! Layers are named by kind and number in their order: `conv1`, `bn1`, `pool1`, `fc1` … A ReLU is
//! part of the layer before it. What a network is cut into are *stages*: a convolution or linear
//! layer with the batch norm, ReLU and pooling behind it.

mod chain;

use super::layer::{Layer, LayerKind, Shape};
use super::model::SplitModel;
use super::precision::Precision;
use chain::chain;

/// One line of an [`Architecture`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerSpec {
    /// Two-dimensional convolution with bias.
    Conv {
        /// Filters.
        channels: u32,
        /// Side of a square filter.
        kernel: u32,
        /// Rows and columns of zeros on each side.
        padding: u32,
        /// Distance between a filter's places.
        stride: u32,
    },
    /// Maximum over square windows, without padding.
    MaxPool {
        /// Side of a window.
        kernel: u32,
        /// Distance between windows.
        stride: u32,
    },
    /// Each channel is normalised over the batch.
    BatchNorm,
    /// Negative values become zero.
    Relu,
    /// Affine map of the flattened input, with bias.
    Linear {
        /// Values of the output.
        outputs: u32,
    },
}

/// The auxiliary classifier κ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auxiliary {
    /// Maxima over windows while both sides of the image exceed `side`, then one linear layer.
    Pooled {
        /// Side of a window.
        kernel: u32,
        /// Distance between windows.
        stride: u32,
        /// The longest side that is not pooled.
        side: u32,
    },
    /// These layers.
    Layers(Vec<LayerSpec>),
}

impl Auxiliary {
    /// κ where nothing else is said: max-pooling 3×3 at stride 2 while both sides exceed 4.
    pub const DEFAULT: Self = Self::Pooled { kernel: 3, stride: 2, side: 4 };
}

/// A whole network, and the classifier that is put at its cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Architecture {
    /// One input sample, of 8-bit pixels.
    pub input: Shape,
    /// Classes that both exits tell apart.
    pub classes: u32,
    /// From the input to the logits.
    pub layers: Vec<LayerSpec>,
    /// κ.
    pub aux: Auxiliary,
}

/// Which of an architecture's two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerList {
    /// [`Architecture::layers`].
    Network,
    /// The layers of [`Architecture::aux`].
    Auxiliary,
}

/// Why an architecture is no network that can be cut as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// A layer does not fit to those before it.
    #[error("{name}: {fault}")]
    Layer {
        /// Which list it stands in.
        list: LayerList,
        /// Its place in the list, from 0.
        index: usize,
        /// Its name, such as `conv4`.
        name: String,
        /// What does not fit, and what would.
        fault: String,
    },
    /// There is no such cut.
    #[error(transparent)]
    Cut(#[from] CutError),
}

/// A cut that the network does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no cut behind `{given}`; allowed: {}", allowed.join(", "))]
pub struct CutError {
    /// What was asked for.
    pub given: String,
    /// What it has, from the input on.
    pub allowed: Vec<String>,
}

impl Architecture {
    /// The network with everything up to the layer `cut`, and what belongs to it, on the device.
    ///
    /// # Errors
    /// If a layer does not fit to those before it, an exit does not end in a linear layer with an
    /// output for each class, the network is too large to compute, or `cut` is no convolution or
    /// linear layer with another one behind it.
    pub fn split(&self, cut: &str) -> Result<SplitModel, ModelError> {
        let layers = chain(LayerList::Network, self.input, &self.layers, self.classes)?;
        let mut stages = stages(layers);
        let cuts = stages.iter().take(stages.len() - 1).map(|stage| stage.name.as_str());
        let last = cuts.clone().position(|name| name == cut).ok_or_else(|| CutError {
            given: cut.to_owned(),
            allowed: cuts.map(str::to_owned).collect(),
        })?;
        let theta = joined(stages.split_off(last + 1));
        let kappa = self.kappa(theta[0].input)?;
        let (input, classes) = (self.input, self.classes);
        let wire = Precision::default();
        Ok(SplitModel { phi: joined(stages), kappa, theta, input, classes, wire })
    }

    /// κ behind `smashed`.
    fn kappa(&self, smashed: Shape) -> Result<Vec<Layer>, ModelError> {
        let mut specs = Vec::new();
        let specs: &[LayerSpec] = match &self.aux {
            Auxiliary::Layers(specs) => specs,
            Auxiliary::Pooled { kernel, stride, side } => {
                let pool = LayerSpec::MaxPool { kernel: *kernel, stride: *stride };
                let mut length = smashed.height.min(smashed.width);
                while length > *side {
                    specs.push(pool);
                    length = (length - kernel) / stride + 1;
                }
                specs.push(LayerSpec::Linear { outputs: self.classes });
                &specs
            }
        };
        chain(LayerList::Auxiliary, smashed, specs, self.classes)
    }
}

/// A layer with weights and what belongs to it: they are never cut apart.
struct Stage {
    /// The name of the layer with weights.
    name: String,
    layers: Vec<Layer>,
}

/// Layers in stages; what stands before the first layer with weights belongs to it, too.
fn stages(layers: Vec<Layer>) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut before = Vec::new();
    for layer in layers {
        let begins = matches!(layer.kind, LayerKind::Conv2d { .. } | LayerKind::Linear { .. });
        match stages.last_mut() {
            _ if begins => {
                let name = layer.name.clone();
                before.push(layer);
                stages.push(Stage { name, layers: std::mem::take(&mut before) });
            }
            Some(stage) => stage.layers.push(layer),
            None => before.push(layer),
        }
    }
    stages
}

fn joined(stages: Vec<Stage>) -> Vec<Layer> {
    stages.into_iter().flat_map(|stage| stage.layers).collect()
}

#[cfg(test)]
mod tests;
