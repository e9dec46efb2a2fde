//! Simulation time: unsigned integer nanoseconds since the start of a run.

use std::fmt;

/// Nanoseconds in a second.
pub const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// An instant of simulation time, in nanoseconds since the start of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimTime(u64);

/// A length of simulation time, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimDuration(u64);

impl SimTime {
    /// The start of every run.
    pub const ZERO: Self = Self(0);

    /// The end of the clock, 584 years after the start.
    pub const MAX: Self = Self(u64::MAX);

    /// The instant `nanos` nanoseconds after the start.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the start.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds since the start, for reports only.
    pub fn as_secs_f64(self) -> f64 {
        SimDuration(self.0).as_secs_f64()
    }

    /// This instant moved by `delay`; `None` past the end of the clock (584 years) or for
    /// [`SimDuration::BEYOND_CLOCK`].
    pub fn checked_add(self, delay: SimDuration) -> Option<Self> {
        if delay == SimDuration::BEYOND_CLOCK {
            return None;
        }
        self.0.checked_add(delay.0).map(Self)
    }

    /// The time since `earlier`.
    ///
    /// # Panics
    /// If `earlier` is later than `self`: time never runs backwards, so this is a bug of ours.
    pub fn since(self, earlier: Self) -> SimDuration {
        SimDuration(
            self.0.checked_sub(earlier.0).expect("an interval's start must not lie after its end"),
        )
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// Reserved for a duration too long for the clock: computations of durations saturate to it,
    /// and the kernel refuses to schedule it. It never stands for a real length of time.
    pub const BEYOND_CLOCK: Self = Self(u64::MAX);

    /// A length of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Its length in nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Its length in seconds, for reports only.
    #[expect(clippy::cast_precision_loss, reason = "a report's precision")]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// A drawn length of `seconds` quantised to the nearest nanosecond at once, so that a last
    /// bit of the platform's `ln` or `exp` cannot spread. Saturates to [`Self::BEYOND_CLOCK`].
    ///
    /// # Panics
    /// If `seconds` is negative or not a number: distributions that allow it are refused earlier.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked, and a float-to-integer cast saturates"
    )]
    pub fn from_secs_f64(seconds: f64) -> Self {
        assert!(seconds >= 0.0, "a duration of {seconds} s is not a length of time");
        Self((seconds * 1e9).round() as u64)
    }

    /// The time for `work` units at `rate` units a second, rounded up to the next nanosecond:
    /// `⌈work · 10⁹ / rate⌉`, computed in 128 bits. Saturates to [`Self::BEYOND_CLOCK`].
    pub fn of_work(work: u128, rate: std::num::NonZeroU64) -> Self {
        let Some(scaled) = work.checked_mul(u128::from(NANOS_PER_SECOND)) else {
            return Self::BEYOND_CLOCK;
        };
        // Nearly all work fits 64 bits, whose division is several times as fast.
        if let Ok(scaled) = u64::try_from(scaled) {
            return Self(scaled.div_ceil(rate.get()));
        }
        let nanos = scaled.div_ceil(u128::from(rate.get()));
        u64::try_from(nanos).map_or(Self::BEYOND_CLOCK, Self)
    }

    /// This length `times` over. Saturates to [`Self::BEYOND_CLOCK`].
    pub fn saturating_mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }

    /// The sum of both lengths. Saturates to [`Self::BEYOND_CLOCK`].
    pub fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SimDuration(self.0).fmt(f)
    }
}

impl fmt::Display for SimDuration {
    /// Seconds with all nine decimals: exact, and sorted as they are read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09} s", self.0 / NANOS_PER_SECOND, self.0 % NANOS_PER_SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU64;

    fn rate(r: u64) -> NonZeroU64 {
        NonZeroU64::new(r).unwrap()
    }

    #[test]
    fn work_takes_its_quotient_rounded_up() {
        // 10 units at 3 units/s: 10·10⁹/3 = 3_333_333_333.3… → 3_333_333_334 ns
        assert_eq!(SimDuration::of_work(10, rate(3)).as_nanos(), 3_333_333_334);
        assert_eq!(SimDuration::of_work(9, rate(3)).as_nanos(), 3_000_000_000);
        assert_eq!(SimDuration::of_work(0, rate(3)), SimDuration::ZERO);
    }

    #[test]
    fn a_duration_past_the_clock_is_marked_and_never_added() {
        let forever = SimDuration::of_work(u128::MAX, rate(1));
        assert_eq!(forever, SimDuration::BEYOND_CLOCK);
        assert_eq!(SimTime::ZERO.checked_add(forever), None);
        assert_eq!(SimTime::from_nanos(u64::MAX).checked_add(SimDuration::from_nanos(1)), None);
    }

    #[test]
    fn a_draw_is_quantised_to_the_nearest_nanosecond() {
        assert_eq!(SimDuration::from_secs_f64(1.4e-9).as_nanos(), 1);
        assert_eq!(SimDuration::from_secs_f64(1.6e-9).as_nanos(), 2);
    }

    #[test]
    fn time_prints_all_nanoseconds() {
        assert_eq!(SimTime::from_nanos(2_740_608_001).to_string(), "2.740608001 s");
    }
}
