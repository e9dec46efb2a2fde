//! M/G/1-PS: Poisson arrivals, any work, one server shared equally by all present.

use super::ArrivalRate;
use super::overloaded::{Overloaded, steady};
use crate::time::SimDuration;

/// An M/G/1 processor-sharing queue in its steady state. It is insensitive: of the distribution of
/// the work only the mean matters, and a job's expected sojourn is proportional to its own work.
///
/// L. Kleinrock, "Queueing Systems", volume 2, 1976, section 4.4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mg1Ps {
    load: f64,
    work: SimDuration,
}

impl Mg1Ps {
    /// The queue with `arrivals` and, for each, `work` on average, in time alone at the server.
    ///
    /// # Errors
    /// If the load is 1 or more.
    pub fn new(arrivals: ArrivalRate, work: SimDuration) -> Result<Self, Overloaded> {
        Ok(Self { load: steady(arrivals.offered_work(work))?, work })
    }

    /// ρ = λ·s.
    pub fn load(&self) -> f64 {
        self.load
    }

    /// E\[T\] = s / (1 − ρ), in seconds.
    pub fn mean_sojourn(&self) -> f64 {
        self.sojourn_of(self.work)
    }

    /// E\[T | x\] = x / (1 − ρ) of a job with work x, in seconds.
    pub fn sojourn_of(&self, work: SimDuration) -> f64 {
        work.as_secs_f64() / (1.0 - self.load)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jobs_sojourn_is_proportional_to_its_work() {
        // λ = 3/s, s = 0.25 s: ρ = 0.75, T = 0.25/0.25 = 1 s; x = 0.05 s: 0.05/0.25 = 0.2 s
        let arrivals = ArrivalRate::per_second(3.0).unwrap();
        let queue = Mg1Ps::new(arrivals, SimDuration::from_nanos(250_000_000)).unwrap();
        assert!((queue.load() - 0.75).abs() < 1e-12);
        assert!((queue.mean_sojourn() - 1.0).abs() < 1e-12);
        let short = queue.sojourn_of(SimDuration::from_nanos(50_000_000));
        assert!((short - 0.2).abs() < 1e-12);
    }
}
