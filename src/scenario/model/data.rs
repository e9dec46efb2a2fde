//! The data: which images, and how they are dealt to clients.

use crate::cost::{ModelPreset, Shape};
pub use crate::learning::Partition;
use std::path::PathBuf;

/// A data set and how it is dealt to clients.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSpec {
    /// Where images come from.
    pub source: DataSource,
    /// How they are dealt (the paper: two shards for each client).
    pub partition: Partition,
    /// The share of a client's samples from which on a class is one of its main classes.
    pub main_share: f64,
}

/// Where images come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataSource {
    /// The embedded 8×8 digits.
    Digits,
    /// Fashion-MNIST's four IDX files in this folder.
    FashionMnist(PathBuf),
    /// MNIST's four IDX files in this folder.
    Mnist(PathBuf),
    /// CIFAR-10's six binary files in this folder.
    Cifar10(PathBuf),
    /// A user's own arrays.
    Npz {
        /// The file.
        path: PathBuf,
        /// How many classes there are; `None`: as many as the labels show.
        classes: Option<u32>,
    },
}

impl DataSource {
    /// One sample and the number of classes; `None` if only the file knows.
    pub fn known_samples(&self) -> Option<(Shape, u32)> {
        let preset = match self {
            Self::Digits => ModelPreset::DigitsCnn,
            Self::FashionMnist(_) | Self::Mnist(_) => ModelPreset::PaperCnn,
            Self::Cifar10(_) => ModelPreset::Vgg11Bn,
            Self::Npz { .. } => return None,
        };
        Some((preset.input(), preset.classes()))
    }
}
