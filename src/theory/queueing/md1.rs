//! M/D/1: Poisson arrivals, constant service, one FIFO server.

use super::overloaded::Overloaded;
use super::{ArrivalRate, Mg1};
use crate::time::SimDuration;

/// An M/D/1 queue in its steady state: a device or link whose every job is equally long.
///
/// D. Gross, J. F. Shortle, J. M. Thompson, C. M. Harris, "Fundamentals of Queueing Theory", 4th
/// edition, 2008, section 5.1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Md1(Mg1);

impl Md1 {
    /// The queue with `arrivals` and a constant `service`.
    ///
    /// # Errors
    /// If the load is 1 or more.
    pub fn new(arrivals: ArrivalRate, service: SimDuration) -> Result<Self, Overloaded> {
        Mg1::new(arrivals, service, 0.0).map(Self)
    }

    /// ρ = λ·s.
    pub fn load(&self) -> f64 {
        self.0.load()
    }

    /// E\[W\] = ρ·s / (2·(1 − ρ)), in seconds: half of M/M/1's.
    pub fn mean_wait(&self) -> f64 {
        self.0.mean_wait()
    }

    /// E\[T\] = E\[W\] + s, in seconds.
    pub fn mean_sojourn(&self) -> f64 {
        self.0.mean_sojourn()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_service_halves_the_wait_of_mm1() {
        // λ = 8/s, s = 0.1 s: ρ = 0.8, W = 0.8·0.1/(2·0.2) = 0.2 s, T = 0.3 s
        let arrivals = ArrivalRate::per_second(8.0).unwrap();
        let queue = Md1::new(arrivals, SimDuration::from_nanos(100_000_000)).unwrap();
        assert!((queue.load() - 0.8).abs() < 1e-12);
        assert!((queue.mean_wait() - 0.2).abs() < 1e-12);
        assert!((queue.mean_sojourn() - 0.3).abs() < 1e-12);
    }
}
