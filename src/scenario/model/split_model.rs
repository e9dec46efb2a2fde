//! The model: which layers, and where they are cut.

use crate::cost::Architecture;
pub use crate::cost::{AuxiliaryCost, CostProxy, ModelPreset, Precision};
use crate::quantity::Bytes;
use std::path::PathBuf;

/// A model and its cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSpec {
    /// Which layers.
    pub source: ModelSource,
    /// The last layer on the device, such as `conv4`.
    pub cut: String,
    /// What passes through it are counted in.
    pub cost: CostProxy,
    /// How smashed data and their gradients travel, in training and in inference.
    pub smashed: Precision,
}

/// Where a model's layers come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelSource {
    /// Built in.
    Preset(ModelPreset),
    /// Listed in the scenario; can be cut as the scenario says.
    Layers(Architecture),
    /// Known by their costs alone, from a CSV file: they can be timed, but not trained.
    Costs(CostsSpec),
}

/// A network that is known by its layers' costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostsSpec {
    /// The table of costs.
    pub path: PathBuf,
    /// The raw input of a sample; `None` if the table has it.
    pub input: Option<Bytes>,
    /// What κ costs.
    pub aux: AuxiliaryCost,
}
