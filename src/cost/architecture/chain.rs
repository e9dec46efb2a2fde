//! Layers one behind the other: names, shapes and limits.

use super::{LayerList, LayerSpec, ModelError};
use crate::cost::layer::{Layer, LayerKind, Shape};
use crate::cost::limits::Totals;

/// The layers of `specs` one behind the other, from `input` to an output for each of `classes`.
pub(super) fn chain(
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
