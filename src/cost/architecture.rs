//! A network as one writes it down: layer after layer, without shapes.
//!
//! Layers are named by kind and number in their order: `conv1`, `bn1`, `pool1`, `fc1` … A ReLU is
//! part of the layer before it. What a network is cut into are *stages*: a convolution or linear
//! layer with the batch norm, ReLU and pooling behind it.

use super::layer::{Layer, LayerKind, Shape};
use super::limits::Totals;
use super::model::SplitModel;

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
        Ok(SplitModel { phi: joined(stages), kappa, theta, input, classes })
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

/// The layers of `specs` one behind the other, from `input` to an output for each of `classes`.
fn chain(
    list: LayerList,
    input: Shape,
    specs: &[LayerSpec],
    classes: u32,
) -> Result<Vec<Layer>, ModelError> {
    let mut builder = Builder::new(list, input);
    for (index, spec) in specs.iter().enumerate() {
        builder.add(spec).map_err(|(name, fault)| ModelError::Layer {
            list,
            index,
            name,
            fault,
        })?;
    }
    builder.ended(classes).map_err(|(name, fault)| ModelError::Layer {
        list,
        index: specs.len().saturating_sub(1),
        name,
        fault,
    })
}

/// Builds a network from its input on, numbering the layers of each kind.
struct Builder {
    prefix: &'static str,
    shape: Shape,
    layers: Vec<Layer>,
    totals: Totals,
    /// Convolutions, batch norms, poolings and linear layers so far.
    counts: [u32; 4],
}

/// The name of a layer, and what does not fit.
type Fault = (String, String);

impl Builder {
    fn new(list: LayerList, shape: Shape) -> Self {
        let prefix = match list {
            LayerList::Network => "",
            LayerList::Auxiliary => "aux-",
        };
        Self { prefix, shape, layers: Vec::new(), totals: Totals::default(), counts: [0; 4] }
    }

    fn add(&mut self, spec: &LayerSpec) -> Result<(), Fault> {
        match *spec {
            LayerSpec::Conv { channels, kernel, padding, stride } => {
                let kind = LayerKind::Conv2d { out_channels: channels, kernel, padding, stride };
                self.push("conv", 0, kind)
            }
            LayerSpec::BatchNorm => self.push_batch_norm(),
            LayerSpec::MaxPool { kernel, stride } => {
                self.push("pool", 2, LayerKind::MaxPool2d { kernel, stride })
            }
            LayerSpec::Linear { outputs } => self.push("fc", 3, LayerKind::Linear { outputs }),
            LayerSpec::Relu => self.rectify(),
        }
    }

    fn push(&mut self, kind_name: &str, kind_index: usize, kind: LayerKind) -> Result<(), Fault> {
        self.counts[kind_index] += 1;
        let name = format!("{}{kind_name}{}", self.prefix, self.counts[kind_index]);
        let Some(layer) = Layer::fitting(name.clone(), kind, false, self.shape) else {
            return Err((name, misfit(kind, self.shape)));
        };
        self.totals.add(&layer).map_err(|fault| (name, fault))?;
        self.shape = layer.output;
        self.layers.push(layer);
        Ok(())
    }

    fn push_batch_norm(&mut self) -> Result<(), Fault> {
        let behind = self.layers.last();
        let fits = behind.is_some_and(|layer| {
            !layer.relu && matches!(layer.kind, LayerKind::Conv2d { .. } | LayerKind::Linear { .. })
        });
        if !fits {
            let name = format!("{}bn{}", self.prefix, self.counts[1] + 1);
            let fault = "a batch norm stands right behind a convolution or linear layer".to_owned();
            return Err((name, fault));
        }
        self.push("bn", 1, LayerKind::BatchNorm)
    }

    fn rectify(&mut self) -> Result<(), Fault> {
        let last = self.layers.last_mut();
        match last.filter(|layer| !layer.relu && layer.has_weights()) {
            Some(layer) => {
                layer.relu = true;
                Ok(())
            }
            None => Err((
                "relu".to_owned(),
                "stands right behind a convolution, batch norm or linear layer (before a max-pool \
                 it yields the same)"
                    .to_owned(),
            )),
        }
    }

    /// The layers, if they end in an output for each class.
    fn ended(self, classes: u32) -> Result<Vec<Layer>, Fault> {
        let wanted = format!("the last layer is `linear: {classes}`, an output for each class");
        match self.layers.last() {
            Some(last) if last.kind == (LayerKind::Linear { outputs: classes }) && !last.relu => {
                Ok(self.layers)
            }
            Some(last) if last.relu => {
                Err((last.name.clone(), format!("{wanted}, without a `relu` behind it")))
            }
            Some(last) => Err((last.name.clone(), wanted)),
            None => Err((format!("{}fc1", self.prefix), wanted)),
        }
    }
}

/// Why a layer of this kind does not fit behind `input`.
fn misfit(kind: LayerKind, input: Shape) -> String {
    let Shape { height, width, .. } = input;
    let (kernel, padding) = match kind {
        LayerKind::Conv2d { kernel, padding, .. } => (kernel, padding),
        LayerKind::MaxPool2d { kernel, .. } => (kernel, 0),
        _ => return format!("does not fit behind {input}"),
    };
    if padding >= kernel {
        return format!("padding {padding} is not less than the kernel, {kernel}");
    }
    let largest = u64::from(height.min(width)) + 2 * u64::from(padding);
    format!(
        "its window of {kernel}×{kernel} does not fit into an image of {height}×{width} with \
         padding {padding}; allowed: a kernel of at most {largest}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use LayerSpec::{BatchNorm, Relu};

    const fn conv(channels: u32) -> LayerSpec {
        LayerSpec::Conv { channels, kernel: 3, padding: 1, stride: 1 }
    }

    const fn pool(kernel: u32, stride: u32) -> LayerSpec {
        LayerSpec::MaxPool { kernel, stride }
    }

    const fn linear(outputs: u32) -> LayerSpec {
        LayerSpec::Linear { outputs }
    }

    fn architecture(layers: &[LayerSpec]) -> Architecture {
        let input = Shape { channels: 1, height: 8, width: 8 };
        Architecture { input, classes: 10, layers: layers.to_vec(), aux: Auxiliary::DEFAULT }
    }

    fn names(layers: &[Layer]) -> Vec<&str> {
        layers.iter().map(|layer| layer.name.as_str()).collect()
    }

    fn fault(layers: &[LayerSpec]) -> String {
        architecture(layers).split("conv1").unwrap_err().to_string()
    }

    #[test]
    fn a_cut_takes_batch_norm_activation_and_pooling_along() {
        let layers =
            [conv(4), BatchNorm, Relu, pool(2, 2), conv(6), Relu, linear(5), Relu, linear(10)];
        let model = architecture(&layers).split("conv1").unwrap();
        assert_eq!(names(&model.phi), ["conv1", "bn1", "pool1"]);
        assert_eq!(names(&model.theta), ["conv2", "fc1", "fc2"]);
        let relus = |layers: &[Layer]| layers.iter().map(|layer| layer.relu).collect::<Vec<_>>();
        assert_eq!(relus(&model.phi), [false, true, false], "the ReLU is the batch norm's");
        assert_eq!(relus(&model.theta), [true, true, false]);
        assert_eq!(names(&architecture(&layers).split("fc1").unwrap().theta), ["fc2"]);
    }

    #[test]
    fn a_multilayer_perceptron_needs_no_convolution() {
        let model = architecture(&[linear(32), Relu, linear(10)]).split("fc1").unwrap();
        assert_eq!(model.smashed(), Shape::flat(32));
        assert_eq!(names(&model.kappa), ["aux-fc1"]);
    }

    #[test]
    fn ones_own_auxiliary_classifier_replaces_the_default() {
        let aux = Auxiliary::Layers(vec![pool(4, 4), linear(7), Relu, linear(10)]);
        let network = Architecture { aux, ..architecture(&[conv(3), Relu, linear(10)]) };
        let kappa = network.split("conv1").unwrap().kappa;
        assert_eq!(names(&kappa), ["aux-pool1", "aux-fc1", "aux-fc2"]);
        assert_eq!(kappa[1].inputs(), 3 * 2 * 2);
    }

    #[test]
    fn a_layer_that_does_not_fit_is_named_with_what_would() {
        let wide = LayerSpec::Conv { channels: 3, kernel: 11, padding: 1, stride: 1 };
        assert_eq!(
            fault(&[wide, linear(10)]),
            "conv1: its window of 11×11 does not fit into an image of 8×8 with padding 1; \
             allowed: a kernel of at most 10"
        );
        assert!(fault(&[conv(3), pool(9, 1), linear(10)]).starts_with("pool1: its window of 9×9"));
        assert!(fault(&[Relu, linear(10)]).starts_with("relu: stands right behind"));
        assert!(fault(&[conv(3), Relu, Relu, linear(10)]).starts_with("relu: stands"));
        assert!(fault(&[conv(3), pool(2, 2), BatchNorm, linear(10)]).starts_with("bn1: a batch"));
    }

    #[test]
    fn an_exit_ends_in_an_output_for_each_class() {
        let wanted = "the last layer is `linear: 10`, an output for each class";
        assert_eq!(fault(&[conv(3), linear(9)]), format!("fc1: {wanted}"));
        assert_eq!(
            fault(&[conv(3), linear(10), Relu]),
            format!("fc1: {wanted}, without a `relu` behind it")
        );
        assert_eq!(fault(&[]), format!("fc1: {wanted}"));
        let aux = Auxiliary::Layers(vec![linear(9)]);
        let network = Architecture { aux, ..architecture(&[conv(3), linear(10)]) };
        let error = network.split("conv1").unwrap_err();
        assert!(matches!(error, ModelError::Layer { list: LayerList::Auxiliary, .. }), "{error}");
    }

    #[test]
    fn a_network_too_large_to_compute_is_refused_and_never_overflows() {
        let huge = LayerSpec::Conv { channels: u32::MAX, kernel: 3, padding: 1, stride: 1 };
        assert!(fault(&[huge, linear(10)]).starts_with("conv1: "), "{}", fault(&[huge]));
        let padded = LayerSpec::Conv { channels: 1, kernel: 1, padding: u32::MAX, stride: 1 };
        assert!(fault(&[padded, linear(10)]).starts_with("conv1: "));
        assert!(fault(&[conv(3), linear(u32::MAX), linear(10)]).starts_with("fc1: "));
    }

    #[test]
    fn a_single_stage_cannot_be_cut() {
        let error = architecture(&[linear(10)]).split("fc1").unwrap_err();
        assert_eq!(error.to_string(), "there is no cut behind `fc1`; allowed: ");
    }
}
