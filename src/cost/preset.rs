//! The built-in networks, stage by stage. A cut may lie behind any stage but the last.

use super::layer::{Layer, LayerKind, Shape};

/// A built-in network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelPreset {
    /// Three convolutions and two linear layers for 8×8×1 images.
    DigitsCnn,
    /// The CNN of the SplitGP paper (Han et al., INFOCOM 2023) for 28×28×1 images.
    PaperCnn,
}

/// A layer with weights, and the pooling that belongs to it: they are never cut apart.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// Convolution 3×3 with padding 1 and ReLU.
    Conv { channels: u32 },
    /// The same, then maxima over windows of this side and stride.
    ConvPool { channels: u32, window: u32, stride: u32 },
    /// Linear layer with ReLU.
    Hidden { outputs: u32 },
    /// Linear layer without.
    Logits { outputs: u32 },
}

const DIGITS_CNN: [Stage; 5] = [
    Stage::Conv { channels: 16 },
    Stage::ConvPool { channels: 32, window: 2, stride: 2 },
    Stage::ConvPool { channels: 64, window: 2, stride: 2 },
    Stage::Hidden { outputs: 64 },
    Stage::Logits { outputs: 10 },
];

const PAPER_CNN: [Stage; 8] = [
    Stage::ConvPool { channels: 32, window: 2, stride: 2 },
    Stage::ConvPool { channels: 64, window: 2, stride: 2 },
    Stage::Conv { channels: 128 },
    Stage::Conv { channels: 256 },
    Stage::ConvPool { channels: 256, window: 3, stride: 2 },
    Stage::Hidden { outputs: 1024 },
    Stage::Hidden { outputs: 512 },
    Stage::Logits { outputs: 10 },
];

impl ModelPreset {
    /// All presets.
    pub const ALL: [Self; 2] = [Self::DigitsCnn, Self::PaperCnn];

    /// Its name in the scenario language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DigitsCnn => "digits-cnn",
            Self::PaperCnn => "paper-cnn",
        }
    }

    /// The cut that it is meant for.
    pub const fn default_cut(self) -> &'static str {
        match self {
            Self::DigitsCnn => "conv2",
            Self::PaperCnn => "conv4",
        }
    }

    /// One input sample.
    pub const fn input(self) -> Shape {
        match self {
            Self::DigitsCnn => Shape { channels: 1, height: 8, width: 8 },
            Self::PaperCnn => Shape { channels: 1, height: 28, width: 28 },
        }
    }

    /// Classes that it tells apart.
    pub const fn classes(self) -> u32 {
        10
    }

    /// The layers of each stage; the first one of a stage names it.
    pub(super) fn stages(self) -> Vec<Vec<Layer>> {
        let stages: &[Stage] = match self {
            Self::DigitsCnn => &DIGITS_CNN,
            Self::PaperCnn => &PAPER_CNN,
        };
        let mut builder = Builder { shape: self.input(), convs: 0, pools: 0, linears: 0 };
        stages.iter().map(|&stage| builder.stage(stage)).collect()
    }
}

/// Builds a network from its input on, numbering the layers of each kind.
struct Builder {
    shape: Shape,
    convs: u32,
    pools: u32,
    linears: u32,
}

impl Builder {
    fn stage(&mut self, stage: Stage) -> Vec<Layer> {
        match stage {
            Stage::Conv { channels } => vec![self.conv(channels)],
            Stage::ConvPool { channels, window, stride } => {
                vec![self.conv(channels), self.pool(window, stride)]
            }
            Stage::Hidden { outputs } => vec![self.linear(outputs, true)],
            Stage::Logits { outputs } => vec![self.linear(outputs, false)],
        }
    }

    fn conv(&mut self, out_channels: u32) -> Layer {
        self.convs += 1;
        let kind = LayerKind::Conv2d { out_channels, kernel: 3, padding: 1 };
        self.push(format!("conv{}", self.convs), kind, true)
    }

    fn pool(&mut self, kernel: u32, stride: u32) -> Layer {
        self.pools += 1;
        self.push(format!("pool{}", self.pools), LayerKind::MaxPool2d { kernel, stride }, false)
    }

    fn linear(&mut self, outputs: u32, relu: bool) -> Layer {
        self.linears += 1;
        self.push(format!("fc{}", self.linears), LayerKind::Linear { outputs }, relu)
    }

    fn push(&mut self, name: String, kind: LayerKind, relu: bool) -> Layer {
        let layer = Layer::new(name, kind, relu, self.shape);
        self.shape = layer.output;
        layer
    }
}
