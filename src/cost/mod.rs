//! What computing costs: layers → FLOPs, bytes and memory; device → service time.

mod device;
mod layer;
mod model;
mod part;
mod preset;
mod split;

pub use device::{DeviceProfile, Work};
pub use layer::{Layer, LayerKind, Shape};
pub use model::{CutError, SplitModel};
pub use part::PartCost;
pub use preset::ModelPreset;
pub use split::ANSWER;
