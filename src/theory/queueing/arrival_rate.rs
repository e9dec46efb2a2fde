//! Arrivals a second.

use crate::time::SimDuration;

/// A mean number of arrivals a second, finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct ArrivalRate(f64);

impl ArrivalRate {
    /// Nobody arrives.
    pub const ZERO: Self = Self(0.0);

    /// `rate` arrivals a second; `None` if that is negative, infinite or not a number.
    pub fn per_second(rate: f64) -> Option<Self> {
        (rate.is_finite() && rate >= 0.0).then_some(Self(rate))
    }

    /// One arrival every `gap` on average; `None` for no gap at all.
    pub fn of_mean_gap(gap: SimDuration) -> Option<Self> {
        (gap > SimDuration::ZERO).then(|| Self(1.0 / gap.as_secs_f64()))
    }

    /// Arrivals a second.
    pub fn get(self) -> f64 {
        self.0
    }

    /// λ·s: the mean work that arrives in each second.
    pub fn offered_work(self, mean_service: SimDuration) -> f64 {
        self.0 * mean_service.as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_finite_and_not_negative() {
        assert_eq!(ArrivalRate::per_second(2.5).map(ArrivalRate::get), Some(2.5));
        for wrong in [-1.0, f64::INFINITY, f64::NAN] {
            assert_eq!(ArrivalRate::per_second(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_rate_is_the_inverse_of_the_mean_gap() {
        let rate = ArrivalRate::of_mean_gap(SimDuration::from_nanos(250_000_000)).unwrap();
        assert_eq!(rate.get(), 4.0, "1 / 0.25 s");
        assert_eq!(rate.offered_work(SimDuration::from_nanos(100_000_000)), 0.4, "4 /s · 0.1 s");
        assert_eq!(ArrivalRate::of_mean_gap(SimDuration::ZERO), None);
    }
}
