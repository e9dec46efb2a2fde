//! M/M/1: Poisson arrivals, exponential service, one FIFO server.

use super::ArrivalRate;
use super::overloaded::{Overloaded, steady};
use crate::time::SimDuration;

/// An M/M/1 queue in its steady state.
///
/// L. Kleinrock, "Queueing Systems", volume 1, 1975, sections 3.2 and 5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mm1 {
    load: f64,
    service: f64,
}

impl Mm1 {
    /// The queue with `arrivals` and a `service` of that mean.
    ///
    /// # Errors
    /// If the load is 1 or more.
    pub fn new(arrivals: ArrivalRate, service: SimDuration) -> Result<Self, Overloaded> {
        let load = steady(arrivals.offered_work(service))?;
        Ok(Self { load, service: service.as_secs_f64() })
    }

    /// ρ = λ·s.
    pub fn load(&self) -> f64 {
        self.load
    }

    /// E\[W\] = ρ·s / (1 − ρ), in seconds.
    pub fn mean_wait(&self) -> f64 {
        self.load * self.mean_sojourn()
    }

    /// E\[T\] = s / (1 − ρ), in seconds.
    pub fn mean_sojourn(&self) -> f64 {
        self.service / (1.0 - self.load)
    }

    /// The `p` quantile of the sojourn time in seconds: T is exponential, so t = −E\[T\]·ln(1 − p).
    /// `None` unless 0 ≤ p < 1.
    pub fn sojourn_quantile(&self, p: f64) -> Option<f64> {
        (0.0..1.0).contains(&p).then(|| -self.mean_sojourn() * (-p).ln_1p())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(rate: f64, service_ms: u64) -> Result<Mm1, Overloaded> {
        let arrivals = ArrivalRate::per_second(rate).unwrap();
        Mm1::new(arrivals, SimDuration::from_nanos(service_ms * 1_000_000))
    }

    #[test]
    fn the_mean_sojourn_is_the_service_over_what_is_left_of_the_server() {
        // λ = 4/s, s = 0.2 s: ρ = 0.8, T = 0.2/0.2 = 1 s, W = 1 − 0.2 = 0.8 s
        let queue = queue(4.0, 200).unwrap();
        assert!((queue.load() - 0.8).abs() < 1e-12);
        assert!((queue.mean_sojourn() - 1.0).abs() < 1e-12);
        assert!((queue.mean_wait() - 0.8).abs() < 1e-12);
    }

    #[test]
    fn sojourns_are_exponential() {
        // T = 1 s: p75 ln 4 = 1.386294, p99 = ln 100 = 4.605170
        let queue = queue(4.0, 200).unwrap();
        assert!((queue.sojourn_quantile(0.75).unwrap() - 1.386_294).abs() < 1e-6);
        assert!((queue.sojourn_quantile(0.99).unwrap() - 4.605_170).abs() < 1e-6);
        assert_eq!(queue.sojourn_quantile(0.0), Some(0.0));
        assert_eq!(queue.sojourn_quantile(1.0), None, "an exponential has no largest value");
    }

    #[test]
    fn a_full_server_has_no_steady_state() {
        assert_eq!(queue(5.0, 200), Err(Overloaded { load: 1.0 }));
    }
}
