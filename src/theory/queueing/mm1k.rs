//! M/M/1/K: M/M/1 with room for K customers; who finds it full is lost.

use super::ArrivalRate;
use crate::time::SimDuration;
use std::num::NonZeroU32;

/// An M/M/1/K queue in its steady state, which exists at every load.
///
/// L. Kleinrock, "Queueing Systems", volume 1, 1975, section 3.6.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mm1k {
    arrivals: ArrivalRate,
    loss: f64,
    mean_number: f64,
}

impl Mm1k {
    /// The queue with `arrivals`, a `service` of that mean and room for `capacity` customers, the
    /// one in service included: n are present with probability pₙ = ρⁿ / Σρⁱ, i = 0 … K.
    pub fn new(arrivals: ArrivalRate, service: SimDuration, capacity: NonZeroU32) -> Self {
        let load = arrivals.offered_work(service);
        // ρⁿ overflows above 1: count free places instead of customers then, by powers of 1/ρ.
        let by_customers = load <= 1.0;
        let ratio = if by_customers { load } else { 1.0 / load };
        let (mut weight, mut sum, mut moment) = (1.0, 1.0, 0.0);
        for n in 1..=capacity.get() {
            weight *= ratio;
            sum += weight;
            moment += f64::from(n) * weight;
        }
        let (last, mean) = (weight / sum, moment / sum);
        let (loss, mean_number) =
            if by_customers { (last, mean) } else { (1.0 / sum, f64::from(capacity.get()) - mean) };
        Self { arrivals, loss, mean_number }
    }

    /// The share of arrivals that are lost: pK, because Poisson arrivals see time averages.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// E\[N\] = Σ n·pₙ.
    pub fn mean_number(&self) -> f64 {
        self.mean_number
    }

    /// E\[T\] of those who are not lost, in seconds, by Little's law: E\[N\] / (λ·(1 − pK)).
    pub fn mean_sojourn(&self) -> f64 {
        self.mean_number / (self.arrivals.get() * (1.0 - self.loss))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: SimDuration = SimDuration::from_nanos(1_000_000_000);

    fn queue(load: f64, capacity: u32) -> Mm1k {
        let arrivals = ArrivalRate::per_second(load).unwrap();
        Mm1k::new(arrivals, SECOND, NonZeroU32::new(capacity).unwrap())
    }

    #[test]
    fn room_for_two_at_half_load() {
        // weights 1, 1/2, 1/4 of 7/4: p = 4/7, 2/7, 1/7; N = 2/7 + 2/7 = 4/7;
        // T = (4/7)/(0.5·6/7) = 4/3 s
        let two = queue(0.5, 2);
        assert!((two.loss() - 1.0 / 7.0).abs() < 1e-12);
        assert!((two.mean_number() - 4.0 / 7.0).abs() < 1e-12);
        assert!((two.mean_sojourn() - 4.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_full_load_makes_all_numbers_equally_likely() {
        // ρ = 1, K = 4: p = 1/5 each, N = (0+1+2+3+4)/5 = 2
        assert!((queue(1.0, 4).loss() - 0.2).abs() < 1e-12);
        assert!((queue(1.0, 4).mean_number() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn an_overloaded_queue_loses_what_it_cannot_serve() {
        // ρ = 4, K = 1: p₁ = 4/5
        assert!((queue(4.0, 1).loss() - 0.8).abs() < 1e-12);
        assert!((queue(4.0, 1).mean_number() - 0.8).abs() < 1e-12);
        // ρ = 10, K = 1000: the server is always busy, so 1 of 10 gets in; 10¹⁰⁰⁰ is beyond f64
        assert!((queue(10.0, 1000).loss() - 0.9).abs() < 1e-12);
    }
}
