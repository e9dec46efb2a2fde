//! What computing costs: layers → FLOPs, bytes and memory; device → service time.

mod device;

pub use device::{DeviceProfile, Work};
