//! Devices that fail and return.

use crate::distribution::DurationDistribution;
use crate::random::Stream;
use crate::time::SimDuration;

/// An alternating renewal process: up for a while, down for a while, independently; it starts up.
/// In the long run the share E\[up\] / (E\[up\] + E\[down\]) of time is up.
#[derive(Debug, Clone)]
pub struct Availability {
    up: DurationDistribution,
    down: DurationDistribution,
    stream: Stream,
}

impl Availability {
    /// Times up and down drawn from `stream`.
    pub fn new(up: DurationDistribution, down: DurationDistribution, stream: Stream) -> Self {
        Self { up, down, stream }
    }

    /// How long the device, which starts or returns now, stays up.
    pub fn time_up(&mut self) -> SimDuration {
        self.up.sample(&mut self.stream)
    }

    /// How long the device, which fails now, stays down.
    pub fn time_down(&mut self) -> SimDuration {
        self.down.sample(&mut self.stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    #[test]
    fn the_share_of_time_up_is_the_mean_time_up_over_the_mean_cycle() {
        let exponential = |seconds: u64| DurationDistribution::Exponential {
            mean: SimDuration::from_nanos(seconds * 1_000_000_000),
        };
        let stream = Streams::new(1, 0).stream("device", "availability");
        let mut device = Availability::new(exponential(600), exponential(30), stream);
        let cycles = 20_000;
        let (mut up, mut down) = (0.0, 0.0);
        for _ in 0..cycles {
            up += device.time_up().as_secs_f64();
            down += device.time_down().as_secs_f64();
        }
        let share = up / (up + down);
        let expected = 600.0 / 630.0;
        // Ratio estimator, both coefficients of variation 1: error a·(1−a)·√(2/n).
        let error = expected * (1.0 - expected) * (2.0 / f64::from(cycles)).sqrt();
        assert!(
            (share - expected).abs() < 4.0 * error,
            "up for {share} of the time, expected 600/(600 + 30) = {expected} ± 4 · {error}"
        );
    }
}
