//! What computing costs: layers → FLOPs, bytes and memory; device → service time.

mod architecture;
mod batch;
mod device;
mod layer;
mod limits;
mod model;
mod part;
mod precision;
mod preset;
mod service;
mod split;
mod table;

pub use architecture::{Architecture, Auxiliary, CutError, LayerList, LayerSpec, ModelError};
pub use batch::BatchEfficiency;
pub use device::{DeviceProfile, PowerProfile, Work};
pub use layer::{Layer, LayerKind, Shape};
pub use model::SplitModel;
pub use part::{CostProxy, PartCost};
pub use precision::Precision;
pub use preset::ModelPreset;
pub use service::Service;
pub use split::ANSWER;
pub use table::{AuxiliaryCost, CostTable, TableError};
