//! M/G/1: Poisson arrivals, any service, one FIFO server.

use super::ArrivalRate;
use super::overloaded::{Overloaded, steady};
use crate::time::SimDuration;

/// An M/G/1 queue in its steady state, from the mean and the squared coefficient of variation of
/// its service: nothing else of it matters for the means.
///
/// The Pollaczek–Khinchine formula: L. Kleinrock, "Queueing Systems", volume 1, 1975, section 5.6.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mg1 {
    load: f64,
    service: f64,
    scv: f64,
}

impl Mg1 {
    /// The queue with `arrivals` and a `service` of that mean, whose variance / mean² is `scv`:
    /// 0 for constant, 1 for exponential service.
    ///
    /// # Errors
    /// If the load is 1 or more.
    pub fn new(arrivals: ArrivalRate, service: SimDuration, scv: f64) -> Result<Self, Overloaded> {
        let load = steady(arrivals.offered_work(service))?;
        Ok(Self { load, service: service.as_secs_f64(), scv })
    }

    /// ρ = λ·s.
    pub fn load(&self) -> f64 {
        self.load
    }

    /// E\[W\] = (1 + scv)/2 · ρ·s / (1 − ρ), in seconds.
    pub fn mean_wait(&self) -> f64 {
        (1.0 + self.scv) / 2.0 * self.load * self.service / (1.0 - self.load)
    }

    /// E\[T\] = E\[W\] + s, in seconds.
    pub fn mean_sojourn(&self) -> f64 {
        self.mean_wait() + self.service
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: SimDuration = SimDuration::from_nanos(1_000_000_000);

    fn at_half_load(scv: f64) -> Mg1 {
        Mg1::new(ArrivalRate::per_second(0.5).unwrap(), SECOND, scv).unwrap()
    }

    #[test]
    fn the_wait_grows_with_the_variance_of_the_service() {
        // ρ = 0.5, s = 1: ρs/(1−ρ) = 1 s, times (1 + 0)/2, (1 + 1)/2, (1 + 4)/2
        for (scv, wait) in [(0.0, 0.5), (1.0, 1.0), (4.0, 2.5)] {
            assert!((at_half_load(scv).mean_wait() - wait).abs() < 1e-12, "scv {scv}");
            assert!((at_half_load(scv).mean_sojourn() - wait - 1.0).abs() < 1e-12, "scv {scv}");
        }
    }

    #[test]
    fn a_full_server_has_no_steady_state() {
        let arrivals = ArrivalRate::per_second(1.0).unwrap();
        assert_eq!(Mg1::new(arrivals, SECOND, 0.0), Err(Overloaded { load: 1.0 }));
    }
}
