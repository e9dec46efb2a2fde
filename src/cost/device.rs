//! A device's compute model: a roofline with a fixed overhead.

use crate::distribution::FactorDistribution;
use crate::quantity::{ByteRate, Bytes, FlopRate, Power};
use crate::time::SimDuration;
use std::ops::Add;

/// What one service has to compute and to move through memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Floating-point operations, 1 MAC = 2 FLOPs.
    pub flops: u64,
    /// Bytes moved to and from memory.
    pub bytes: u64,
}

impl Add for Work {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { flops: self.flops + other.flops, bytes: self.bytes + other.bytes }
    }
}

/// What a device's power is in each of its states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerProfile {
    /// While it computes.
    pub busy: Power,
    /// While it does not.
    pub idle: Power,
    /// Added while its access link serialises a message of it, up or down.
    pub radio: Power,
}

/// The compute side of a device or server: the rates are those of **one** worker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeviceProfile {
    /// Effective fp32 rate.
    pub rate: FlopRate,
    /// Memory that a model and its training must fit.
    pub memory: Bytes,
    /// Memory bandwidth; without it the roofline's memory term is absent.
    pub memory_bandwidth: Option<ByteRate>,
    /// Fixed time added to each service.
    pub overhead: SimDuration,
    /// Random factor on each service's time, the overhead excepted.
    pub noise: Option<FactorDistribution>,
    /// Its power, where its energy is to be known.
    pub power: Option<PowerProfile>,
}

impl DeviceProfile {
    /// A device of this rate and memory: without memory bandwidth, overhead, noise and
    /// power.
    pub const fn new(rate: FlopRate, memory: Bytes) -> Self {
        Self {
            rate,
            memory,
            memory_bandwidth: None,
            overhead: SimDuration::ZERO,
            noise: None,
            power: None,
        }
    }

    /// ⌈max(FLOPs / rate, bytes / memory bandwidth)⌉ + overhead (roofline model: Williams,
    /// Waterman, Patterson 2009).
    pub fn service_time(&self, work: Work) -> SimDuration {
        let compute = self.rate.compute_time(work.flops);
        let memory = self
            .memory_bandwidth
            .map_or(SimDuration::ZERO, |bandwidth| bandwidth.transfer_time(work.bytes));
        compute.max(memory).saturating_add(self.overhead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU64;

    fn pi() -> DeviceProfile {
        DeviceProfile::new(FlopRate(NonZeroU64::new(16_000_000_000).unwrap()), Bytes(4_000_000_000))
    }

    #[test]
    fn the_papers_client_exit_takes_2_74_ms_on_a_pi_4() {
        // 2·(21,901,824 + 23,040) FLOPs / 16·10⁹ FLOP/s = 2,740,608 ns
        let work = Work { flops: 2 * (21_901_824 + 23_040), bytes: 0 };
        assert_eq!(pi().service_time(work).as_nanos(), 2_740_608);
    }

    #[test]
    fn the_slower_roof_sets_the_time_and_overhead_is_added_unscaled() {
        let device = DeviceProfile {
            memory_bandwidth: Some(ByteRate(NonZeroU64::new(1_000_000_000).unwrap())),
            overhead: SimDuration::from_nanos(7),
            ..pi()
        };
        // compute 16·10³/16·10⁹ = 1,000 ns; memory 5,000 B at 1 GB/s = 5,000 ns; + 7 ns
        let service = device.service_time(Work { flops: 16_000, bytes: 5_000 });
        assert_eq!(service.as_nanos(), 5_007);
    }
}
