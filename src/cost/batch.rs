//! How much faster a worker computes several samples together.

use super::device::{DeviceProfile, Work};
use super::service::Service;
use crate::quantity::FlopRate;
use std::num::NonZeroU64;

/// The batch-efficiency curve eff(n): a batch of n samples takes FLOPs(n) / (rate · eff(n)).
/// Between its points it is linear, before the first and after the last constant; without points
/// it is 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BatchEfficiency {
    points: Vec<(u32, f64)>,
}

impl BatchEfficiency {
    /// The curve through `points` (n, eff(n)), ascending in n, every eff(n) positive and finite.
    pub fn new(points: Vec<(u32, f64)>) -> Self {
        Self { points }
    }

    /// eff(n).
    pub fn at(&self, samples: u32) -> f64 {
        let after = self.points.partition_point(|(n, _)| *n < samples);
        match (after.checked_sub(1).map(|before| self.points[before]), self.points.get(after)) {
            (None, None) => 1.0,
            (Some((_, factor)), None) | (None, Some(&(_, factor))) => factor,
            (Some((n0, low)), Some(&(n1, high))) => {
                low + (high - low) * f64::from(samples - n0) / f64::from(n1 - n0)
            }
        }
    }

    /// The services of batches of 1, 2 … `max` samples on one worker of `device`, where n samples
    /// are `work(n)`. The rate of each, rate · eff(n), is rounded to whole FLOP/s.
    pub fn services(
        &self,
        device: &DeviceProfile,
        max: u32,
        work: impl Fn(u64) -> Work,
    ) -> Vec<Service> {
        let service = |samples: u32| {
            let device = DeviceProfile { rate: scaled(device.rate, self.at(samples)), ..*device };
            Service::new(work(u64::from(samples)), &device)
        };
        (1..=max).map(service).collect()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a positive rate, to 53 bits; a float-to-integer cast saturates"
)]
fn scaled(rate: FlopRate, factor: f64) -> FlopRate {
    // Leaves rates beyond 53 bits as they are.
    if factor == 1.0 {
        return rate;
    }
    let scaled = (rate.0.get() as f64 * factor).round() as u64;
    FlopRate(NonZeroU64::new(scaled).unwrap_or(NonZeroU64::MIN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Bytes;
    use crate::time::SimDuration;

    #[test]
    fn efficiency_is_linear_between_its_points_and_constant_outside() {
        let curve = BatchEfficiency::new(vec![(2, 1.0), (4, 3.0), (8, 5.0)]);
        // 3: 1 + 2·(3−2)/(4−2) = 2; 6: 3 + 2·(6−4)/(8−4) = 4
        for (samples, factor) in [(1, 1.0), (2, 1.0), (3, 2.0), (4, 3.0), (6, 4.0), (9, 5.0)] {
            assert_eq!(curve.at(samples), factor, "eff({samples})");
        }
        assert_eq!(BatchEfficiency::default().at(5), 1.0);
    }

    #[test]
    fn a_batch_takes_its_flops_over_the_scaled_rate_and_one_overhead() {
        let device = DeviceProfile {
            overhead: SimDuration::from_nanos(7),
            ..DeviceProfile::new(FlopRate(NonZeroU64::new(1_000_000_000).unwrap()), Bytes(1))
        };
        let curve = BatchEfficiency::new(vec![(1, 1.0), (3, 2.0)]);
        let services =
            curve.services(&device, 4, |samples| Work { flops: 100 * samples, bytes: 0 });
        let times: Vec<u64> = services.iter().map(|service| service.time().as_nanos()).collect();
        // 100/1 + 7; ⌈200/1.5⌉ + 7; 300/2 + 7; 400/2 + 7
        assert_eq!(times, [107, 141, 157, 207]);
    }
}
