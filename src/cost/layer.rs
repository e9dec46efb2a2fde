//! One layer of a network: its shapes and what it costs for one sample.

use std::fmt;

/// The shape of one sample between two layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Channels; the features of a flat vector.
    pub channels: u32,
    /// Rows.
    pub height: u32,
    /// Columns.
    pub width: u32,
}

impl Shape {
    /// A vector of `features` values.
    pub const fn flat(features: u32) -> Self {
        Self { channels: features, height: 1, width: 1 }
    }

    /// Values in it: channels · height · width.
    pub fn elements(self) -> u64 {
        u64::from(self.channels) * u64::from(self.height) * u64::from(self.width)
    }

    /// The same for shapes that may be too large to exist.
    pub(super) fn wide_elements(self) -> u128 {
        u128::from(self.channels) * u128::from(self.height) * u128::from(self.width)
    }
}

impl fmt::Display for Shape {
    /// Channels, rows and columns: `1×28×28`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{}×{}", self.channels, self.height, self.width)
    }
}

/// What a layer computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerKind {
    /// Two-dimensional convolution with bias and zero padding on all four sides.
    Conv2d {
        /// Filters.
        out_channels: u32,
        /// Side of a square filter.
        kernel: u32,
        /// Rows and columns of zeros on each side, fewer than `kernel`.
        padding: u32,
        /// Distance between a filter's places, at least 1.
        stride: u32,
    },
    /// Maximum over square windows, without padding.
    MaxPool2d {
        /// Side of a window.
        kernel: u32,
        /// Distance between windows.
        stride: u32,
    },
    /// Each channel is normalised over the batch, then scaled and shifted (Ioffe, Szegedy, ICML
    /// 2015). Besides these two parameters a channel has two running statistics, its mean and its
    /// variance, which are no parameters.
    BatchNorm,
    /// Affine map of the flattened input, with bias.
    Linear {
        /// Values of the output.
        outputs: u32,
    },
    /// Whatever costs this: it can be timed, but not computed.
    Stated {
        /// Floating-point operations of one sample's forward pass.
        flops: u64,
        /// Weights and biases.
        parameters: u64,
        /// Values of the output.
        outputs: u32,
    },
}

impl LayerKind {
    /// The output for `input`; `None` if the window does not fit into it, or may lie wholly in the
    /// padding.
    fn output(self, input: Shape) -> Option<Shape> {
        match self {
            Self::Conv2d { out_channels, kernel, padding, stride } => {
                let border = padding.checked_mul(2).filter(|_| padding < kernel)?;
                let side = |length: u32| {
                    Some(length.checked_add(border)?.checked_sub(kernel)? / stride + 1)
                };
                let (height, width) = (side(input.height)?, side(input.width)?);
                Some(Shape { channels: out_channels, height, width })
            }
            Self::MaxPool2d { kernel, stride } => {
                let side = |length: u32| Some(length.checked_sub(kernel)? / stride + 1);
                let (height, width) = (side(input.height)?, side(input.width)?);
                Some(Shape { channels: input.channels, height, width })
            }
            Self::BatchNorm => Some(input),
            Self::Linear { outputs } | Self::Stated { outputs, .. } => Some(Shape::flat(outputs)),
        }
    }
}

/// A layer at its place in a network. Bias, batch norm, ReLU and pooling count as 0 FLOPs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Its name in the network, such as `conv4`.
    pub name: String,
    /// What it computes.
    pub kind: LayerKind,
    /// Whether a ReLU follows, fused into it: their common output is one activation.
    pub relu: bool,
    /// One sample on its way in.
    pub input: Shape,
    /// One sample on its way out.
    pub output: Shape,
}

impl Layer {
    /// The layer `name` behind something that yields `input`.
    ///
    /// # Panics
    /// If its window does not fit into `input`.
    pub fn new(name: impl Into<String>, kind: LayerKind, relu: bool, input: Shape) -> Self {
        let name = name.into();
        Self::fitting(name.clone(), kind, relu, input)
            .unwrap_or_else(|| panic!("the window of {name} does not fit into {input:?}"))
    }

    /// The same; `None` if its window does not fit into `input`.
    pub(super) fn fitting(name: String, kind: LayerKind, relu: bool, input: Shape) -> Option<Self> {
        let output = kind.output(input).filter(|output| output.wide_elements() > 0)?;
        Some(Self { name, kind, relu, input, output })
    }

    /// Multiply-accumulate operations of one sample's forward pass.
    pub fn macs(&self) -> u64 {
        narrow(self.wide_macs())
    }

    /// Floating-point operations of one sample's forward pass: 2 for each MAC.
    pub fn flops(&self) -> u64 {
        match self.kind {
            LayerKind::Stated { flops, .. } => flops,
            _ => 2 * self.macs(),
        }
    }

    /// Weights and biases.
    pub fn parameters(&self) -> u64 {
        narrow(self.wide_parameters())
    }

    /// Values that training gathers besides the parameters: running means and variances.
    pub fn running_statistics(&self) -> u64 {
        match self.kind {
            LayerKind::BatchNorm => 2 * u64::from(self.input.channels),
            _ => 0,
        }
    }

    /// Whether it has weights.
    pub fn has_weights(&self) -> bool {
        !matches!(self.kind, LayerKind::MaxPool2d { .. })
    }

    /// Inputs that one output is a sum of; for pooling, the size of a window.
    pub fn fan_in(&self) -> u64 {
        narrow(self.wide_fan_in())
    }

    pub(super) fn wide_macs(&self) -> u128 {
        match self.kind {
            LayerKind::Conv2d { .. } | LayerKind::Linear { .. } => {
                self.wide_fan_in().saturating_mul(self.output.wide_elements())
            }
            LayerKind::MaxPool2d { .. } | LayerKind::BatchNorm => 0,
            LayerKind::Stated { flops, .. } => u128::from(flops / 2),
        }
    }

    pub(super) fn wide_parameters(&self) -> u128 {
        match self.kind {
            LayerKind::Conv2d { out_channels: outputs, .. } | LayerKind::Linear { outputs } => {
                (self.wide_fan_in() + 1).saturating_mul(u128::from(outputs))
            }
            LayerKind::MaxPool2d { .. } => 0,
            LayerKind::BatchNorm => 2 * u128::from(self.input.channels),
            LayerKind::Stated { parameters, .. } => u128::from(parameters),
        }
    }

    fn wide_fan_in(&self) -> u128 {
        match self.kind {
            LayerKind::Conv2d { kernel, .. } => {
                u128::from(kernel) * u128::from(kernel) * u128::from(self.input.channels)
            }
            LayerKind::MaxPool2d { kernel, .. } => u128::from(kernel) * u128::from(kernel),
            LayerKind::BatchNorm => 1,
            LayerKind::Linear { .. } | LayerKind::Stated { .. } => self.input.wide_elements(),
        }
    }

    /// Values of one sample on its way in.
    pub fn inputs(&self) -> u64 {
        self.input.elements()
    }

    /// Values of one sample on its way out.
    pub fn outputs(&self) -> u64 {
        self.output.elements()
    }
}

/// A count of a layer that is small enough to be computed.
fn narrow(count: u128) -> u64 {
    u64::try_from(count).expect("architectures are bounded")
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: Shape = Shape { channels: 3, height: 7, width: 5 };

    #[test]
    fn a_padded_convolution_keeps_the_image_and_counts_each_filter_at_each_pixel() {
        let kind = LayerKind::Conv2d { out_channels: 4, kernel: 3, padding: 1, stride: 1 };
        let layer = Layer::new("conv1", kind, true, IMAGE);
        assert_eq!(layer.output, Shape { channels: 4, height: 7, width: 5 });
        assert_eq!(layer.macs(), 7 * 5 * (3 * 3 * 3) * 4);
        assert_eq!(layer.parameters(), (3 * 3 * 3) * 4 + 4);
    }

    #[test]
    fn an_unpadded_convolution_loses_kernel_minus_one() {
        let kind = LayerKind::Conv2d { out_channels: 4, kernel: 3, padding: 0, stride: 1 };
        let layer = Layer::new("conv1", kind, true, IMAGE);
        assert_eq!(layer.output, Shape { channels: 4, height: 5, width: 3 });
    }

    #[test]
    fn a_convolution_with_a_stride_has_as_many_places_as_a_pooling() {
        let kind = LayerKind::Conv2d { out_channels: 4, kernel: 3, padding: 1, stride: 2 };
        let layer = Layer::new("conv1", kind, true, IMAGE);
        // (7 + 2 − 3)/2 + 1 = 4 rows, (5 + 2 − 3)/2 + 1 = 3 columns
        assert_eq!(layer.output, Shape { channels: 4, height: 4, width: 3 });
        assert_eq!(layer.macs(), 4 * 3 * (3 * 3 * 3) * 4);
    }

    #[test]
    fn pooling_has_floor_of_side_minus_kernel_over_stride_plus_one_windows() {
        let layer =
            Layer::new("pool1", LayerKind::MaxPool2d { kernel: 3, stride: 2 }, false, IMAGE);
        // (7 − 3)/2 + 1 = 3 rows, (5 − 3)/2 + 1 = 2 columns
        assert_eq!(layer.output, Shape { channels: 3, height: 3, width: 2 });
        assert_eq!((layer.macs(), layer.parameters()), (0, 0));
    }

    #[test]
    fn a_linear_layer_has_a_weight_for_each_pair_and_a_bias_for_each_output() {
        let layer = Layer::new("fc1", LayerKind::Linear { outputs: 10 }, false, IMAGE);
        assert_eq!(layer.macs(), 105 * 10);
        assert_eq!(layer.parameters(), 105 * 10 + 10);
    }

    #[test]
    fn a_batch_norm_has_two_parameters_and_two_running_statistics_for_each_channel() {
        let layer = Layer::new("bn1", LayerKind::BatchNorm, true, IMAGE);
        assert_eq!((layer.output, layer.parameters(), layer.flops()), (IMAGE, 6, 0));
        assert_eq!(layer.running_statistics(), 6);
    }

    #[test]
    fn a_stated_layer_costs_what_is_stated() {
        let kind = LayerKind::Stated { flops: 77, parameters: 5, outputs: 9 };
        let layer = Layer::new("block1", kind, false, IMAGE);
        assert_eq!((layer.flops(), layer.parameters()), (77, 5));
        assert_eq!((layer.inputs(), layer.outputs()), (105, 9));
    }

    #[test]
    #[should_panic(expected = "the window of pool1 does not fit")]
    fn a_window_larger_than_its_input_is_a_bug() {
        Layer::new("pool1", LayerKind::MaxPool2d { kernel: 6, stride: 1 }, false, IMAGE);
    }
}
