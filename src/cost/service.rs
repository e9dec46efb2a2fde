//! One service on a known device, ready to be timed again and again.

use super::device::{DeviceProfile, Work};
use crate::distribution::{Factor, FactorDistribution};
use crate::quantity::{ByteRate, FlopRate};
use crate::time::SimDuration;

/// A service whose time without noise is known beforehand. It holds of its device what noise
/// needs, in 48 bytes: every client keeps its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    work: Work,
    rate: FlopRate,
    memory_bandwidth: Option<ByteRate>,
    overhead: SimDuration,
    time: SimDuration,
}

impl Service {
    /// `work` on one worker of `device`.
    pub fn new(work: Work, device: &DeviceProfile) -> Self {
        let &DeviceProfile { rate, memory_bandwidth, overhead, .. } = device;
        Self { work, rate, memory_bandwidth, overhead, time: device.service_time(work) }
    }

    /// Its time without noise: ⌈max(FLOPs / rate, bytes / memory bandwidth)⌉ + overhead (roofline
    /// model: Williams, Waterman, Patterson 2009).
    pub fn time(&self) -> SimDuration {
        self.time
    }

    /// Its mean time under `noise`.
    pub fn mean_time(&self, noise: Option<FactorDistribution>) -> SimDuration {
        noise.map_or(self.time, |noise| self.noisy_time(noise.mean()))
    }

    /// Its time with a draw of noise:
    /// ⌈noise · max(FLOPs / rate, bytes / memory bandwidth)⌉ + overhead, the overhead not scaled.
    pub fn noisy_time(&self, noise: Factor) -> SimDuration {
        let compute = noise.time_of_work(self.work.flops, self.rate.0);
        let memory = self.memory_bandwidth.map_or(SimDuration::ZERO, |bandwidth| {
            noise.time_of_work(self.work.bytes, bandwidth.0)
        });
        compute.max(memory).saturating_add(self.overhead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Bytes;
    use std::num::NonZeroU64;

    #[test]
    fn noise_scales_the_roofline_but_not_the_overhead() {
        let rate = |rate| NonZeroU64::new(rate).unwrap();
        let device = DeviceProfile {
            memory_bandwidth: Some(ByteRate(rate(1_000_000_000))),
            overhead: SimDuration::from_nanos(7),
            ..DeviceProfile::new(FlopRate(rate(16_000_000_000)), Bytes(1))
        };
        let service = |flops, bytes| Service::new(Work { flops, bytes }, &device);
        let noise = Factor::from_f64(2.5);
        // 2.5 · max(16,000/16, 400) + 7; 2.5 · max(16,000/16, 4,000) + 7
        assert_eq!(service(16_000, 400).noisy_time(noise).as_nanos(), 2_507);
        assert_eq!(service(16_000, 4_000).noisy_time(noise).as_nanos(), 10_007);
        assert_eq!(service(15_999, 0).noisy_time(Factor::ONE), service(15_999, 0).time());
    }
}
