//! Electric power and energy, in integers: sums are exact and equal on every platform.

use crate::time::SimDuration;
use std::ops::{Add, AddAssign, Sub};

/// Electric power in microwatts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Power(pub u64);

/// Energy in femtojoules: microwatts · nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Energy(pub u128);

impl Power {
    /// What it spends in `time`.
    pub fn over(self, time: SimDuration) -> Energy {
        Energy(u128::from(self.0) * u128::from(time.as_nanos()))
    }
}

impl Energy {
    /// In joules, for reports only.
    #[expect(clippy::cast_precision_loss, reason = "a report's precision")]
    pub fn as_joules(self) -> f64 {
        self.0 as f64 / 1e15
    }
}

impl Add for Energy {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Energy {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Energy {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_watts_for_a_millisecond_are_six_millijoules() {
        let energy = Power(6_000_000).over(SimDuration::from_nanos(1_000_000));
        // 6·10⁶ µW · 10⁶ ns = 6·10¹² fJ
        assert_eq!(energy, Energy(6_000_000_000_000));
        assert_eq!(energy.as_joules(), 0.006);
    }
}
