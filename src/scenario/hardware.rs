//! Figures of hardware that differ from device to device.

use super::model::AccessSpec;
use crate::cost::DeviceProfile;
use crate::distribution::FigureDistribution;
use crate::quantity::{BitRate, ByteRate, Bytes, FlopRate};
use crate::time::SimDuration;
use std::num::NonZeroU64;

/// A figure that is drawn once for each device of a fleet entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DrawnFigure {
    /// Which one.
    pub figure: Figure,
    /// What it is drawn from.
    pub distribution: FigureDistribution,
}

/// Which figure of a fleet entry is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// The device's compute rate.
    DeviceRate,
    /// Its memory.
    Memory,
    /// Its memory bandwidth.
    MemoryBandwidth,
    /// Its overhead of a service.
    Overhead,
    /// The rate of its access link up.
    Uplink,
    /// The rate of its access link down.
    Downlink,
    /// The propagation delay of its access links: one draw for both.
    Delay,
}

impl Figure {
    /// The purpose of the random stream that draws it.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::DeviceRate => "device rate",
            Self::Memory => "memory",
            Self::MemoryBandwidth => "memory bandwidth",
            Self::Overhead => "overhead",
            Self::Uplink => "uplink rate",
            Self::Downlink => "downlink rate",
            Self::Delay => "access delay",
        }
    }

    /// Whether it belongs to the access links.
    pub fn is_of_access(self) -> bool {
        matches!(self, Self::Uplink | Self::Downlink | Self::Delay)
    }

    /// Replaces the device's figure by `drawn` base units; one of the access links changes nothing.
    pub fn apply_to_device(self, device: &mut DeviceProfile, drawn: u64) {
        match self {
            Self::DeviceRate => device.rate = FlopRate(at_least_one(drawn)),
            Self::Memory => device.memory = Bytes(drawn),
            Self::MemoryBandwidth => device.memory_bandwidth = Some(ByteRate(at_least_one(drawn))),
            Self::Overhead => device.overhead = SimDuration::from_nanos(drawn),
            Self::Uplink | Self::Downlink | Self::Delay => {}
        }
    }

    /// Replaces the links' figure by `drawn` base units; one of the device changes nothing.
    pub fn apply_to_access(self, access: &mut AccessSpec, drawn: u64) {
        match self {
            Self::Uplink => access.up.rate = BitRate(at_least_one(drawn)),
            Self::Downlink => access.down.rate = BitRate(at_least_one(drawn)),
            Self::Delay => {
                let delay = SimDuration::from_nanos(drawn);
                (access.up.delay, access.down.delay) = (delay, delay);
            }
            Self::DeviceRate | Self::Memory | Self::MemoryBandwidth | Self::Overhead => {}
        }
    }
}

/// Drawn rates round to integers of at least 1.
fn at_least_one(drawn: u64) -> NonZeroU64 {
    NonZeroU64::new(drawn).unwrap_or(NonZeroU64::MIN)
}
