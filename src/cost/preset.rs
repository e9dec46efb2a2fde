//! The built-in networks.

use super::architecture::{Architecture, Auxiliary, LayerSpec};
use super::layer::Shape;
use LayerSpec::{BatchNorm, Relu};

/// A built-in network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelPreset {
    /// Three convolutions and two linear layers for 8×8×1 images.
    DigitsCnn,
    /// The CNN of the SplitGP paper (Han et al., INFOCOM 2023) for 28×28×1 images.
    PaperCnn,
    /// VGG-11 with batch norm (Simonyan, Zisserman, ICLR 2015) for 32×32×3 images, with one linear
    /// layer at its end, as the SplitGP paper has it.
    Vgg11Bn,
}

const DIGITS_CNN: [LayerSpec; 11] = [
    conv(16),
    Relu,
    conv(32),
    Relu,
    pool(2, 2),
    conv(64),
    Relu,
    pool(2, 2),
    linear(64),
    Relu,
    linear(10),
];

const PAPER_CNN: [LayerSpec; 18] = [
    conv(32),
    Relu,
    pool(2, 2),
    conv(64),
    Relu,
    pool(2, 2),
    conv(128),
    Relu,
    conv(256),
    Relu,
    conv(256),
    Relu,
    pool(3, 2),
    linear(1024),
    Relu,
    linear(512),
    Relu,
    linear(10),
];

/// The channels of VGG-11's convolutions, and whether maxima over 2×2 windows follow.
const VGG11: [(u32, bool); 8] = [
    (64, true),
    (128, true),
    (256, false),
    (256, true),
    (512, false),
    (512, true),
    (512, false),
    (512, true),
];

/// κ behind any cut of VGG-11: maxima over 2×2 windows down to an image of 2×2.
const VGG11_AUX: Auxiliary = Auxiliary::Pooled { kernel: 2, stride: 2, side: 2 };

impl ModelPreset {
    /// All presets.
    pub const ALL: [Self; 3] = [Self::DigitsCnn, Self::PaperCnn, Self::Vgg11Bn];

    /// Its name in the scenario language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DigitsCnn => "digits-cnn",
            Self::PaperCnn => "paper-cnn",
            Self::Vgg11Bn => "vgg11-bn",
        }
    }

    /// The cut that it is meant for.
    pub const fn default_cut(self) -> &'static str {
        match self {
            Self::DigitsCnn => "conv2",
            Self::PaperCnn | Self::Vgg11Bn => "conv4",
        }
    }

    /// One input sample.
    pub const fn input(self) -> Shape {
        match self {
            Self::DigitsCnn => Shape { channels: 1, height: 8, width: 8 },
            Self::PaperCnn => Shape { channels: 1, height: 28, width: 28 },
            Self::Vgg11Bn => Shape { channels: 3, height: 32, width: 32 },
        }
    }

    /// Classes that it tells apart.
    pub const fn classes(self) -> u32 {
        10
    }

    /// Its layers, and its auxiliary classifier.
    pub fn architecture(self) -> Architecture {
        let (layers, aux) = match self {
            Self::DigitsCnn => (DIGITS_CNN.to_vec(), Auxiliary::DEFAULT),
            Self::PaperCnn => (PAPER_CNN.to_vec(), Auxiliary::DEFAULT),
            Self::Vgg11Bn => (vgg11(), VGG11_AUX),
        };
        Architecture { input: self.input(), classes: self.classes(), layers, aux }
    }
}

fn vgg11() -> Vec<LayerSpec> {
    let stage = |(channels, pooled): (u32, bool)| {
        [conv(channels), BatchNorm, Relu].into_iter().chain(pooled.then_some(pool(2, 2)))
    };
    VGG11.into_iter().flat_map(stage).chain([linear(10)]).collect()
}

/// A convolution 3×3 that keeps the image's size.
const fn conv(channels: u32) -> LayerSpec {
    LayerSpec::Conv { channels, kernel: 3, padding: 1, stride: 1 }
}

const fn pool(kernel: u32, stride: u32) -> LayerSpec {
    LayerSpec::MaxPool { kernel, stride }
}

const fn linear(outputs: u32) -> LayerSpec {
    LayerSpec::Linear { outputs }
}
