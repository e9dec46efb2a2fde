//! The time average of an integer level, such as the number in a queue.

use crate::time::SimTime;

/// A level that changes at instants of simulation time. ∫ level dt is kept in exact integer
/// arithmetic, so that conservation laws can be checked to the nanosecond.
///
/// Statistics can be confined to one window: [`Self::open_window`] restarts them,
/// [`Self::close_window`] freezes them; the integral over the whole run goes on regardless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeWeighted {
    level: u64,
    changed: SimTime,
    /// ∫ level dt from the start to `changed`, in level · ns.
    area: u128,
    window: Window,
}

/// The observed interval; from the start of the run until it is opened anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Window {
    opened: SimTime,
    area_before: u128,
    max: u64,
    /// When it was closed, and the area up to then.
    closed: Option<(SimTime, u128)>,
}

impl TimeWeighted {
    /// The level from `now` on.
    ///
    /// # Panics
    /// If `now` lies before the last change, here and in the other methods.
    pub fn set(&mut self, now: SimTime, level: u64) {
        self.area = self.integral(now);
        self.changed = now;
        self.level = level;
        if self.window.closed.is_none() {
            self.window.max = self.window.max.max(level);
        }
    }

    /// The present level.
    pub fn level(&self) -> u64 {
        self.level
    }

    /// ∫ level dt from the start of the run to `now`, in level · ns.
    pub fn integral(&self, now: SimTime) -> u128 {
        // u64 · u64 summed over disjoint intervals stays below 2¹²⁸.
        self.area + u128::from(self.level) * u128::from(now.since(self.changed).as_nanos())
    }

    /// Restarts the window's statistics: what the warm-up did is forgotten, the present level is
    /// not.
    pub fn open_window(&mut self, now: SimTime) {
        self.window =
            Window { opened: now, area_before: self.integral(now), max: self.level, closed: None };
    }

    /// Ends the window: later changes no longer count in its mean and maximum.
    pub fn close_window(&mut self, now: SimTime) {
        self.window.closed = Some((now, self.integral(now)));
    }

    /// The mean level from the opening of the window to its closing, or to `now` while it is open;
    /// `None` if no time has passed.
    #[expect(clippy::cast_precision_loss, reason = "a report's precision")]
    pub fn window_mean(&self, now: SimTime) -> Option<f64> {
        let (end, area) = self.window.closed.unwrap_or_else(|| (now, self.integral(now)));
        let elapsed = end.since(self.window.opened).as_nanos();
        (elapsed > 0).then(|| (area - self.window.area_before) as f64 / elapsed as f64)
    }

    /// The largest level in the window, the one it was opened with included.
    pub fn window_max(&self) -> u64 {
        self.window.max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    /// 0 until 10 ns, 3 until 20 ns, 1 from then on.
    fn gauge() -> TimeWeighted {
        let mut gauge = TimeWeighted::default();
        gauge.set(at(10), 3);
        gauge.set(at(20), 1);
        gauge
    }

    #[test]
    fn the_integral_is_the_sum_of_level_times_length() {
        // 0·10 + 3·10 + 1·5 = 35 level · ns over 25 ns
        assert_eq!(gauge().integral(at(25)), 35);
        assert_eq!(gauge().window_mean(at(25)), Some(35.0 / 25.0));
        assert_eq!(gauge().window_max(), 3);
    }

    #[test]
    fn a_window_forgets_the_warm_up_but_not_the_level() {
        let mut gauge = gauge();
        gauge.open_window(at(30));
        gauge.set(at(40), 2);
        // 1·10 + 2·10 = 30 over 20 ns; the earlier maximum of 3 is gone
        assert_eq!(gauge.window_mean(at(50)), Some(1.5));
        assert_eq!(gauge.window_max(), 2);
        assert_eq!(gauge.integral(at(50)), 3 * 10 + 20 + 2 * 10, "the whole run goes on");
    }

    #[test]
    fn a_closed_window_ignores_the_drain() {
        let mut gauge = gauge();
        gauge.close_window(at(30));
        gauge.set(at(30), 100);
        // (3·10 + 1·10) / 30
        assert_eq!(gauge.window_mean(at(1_000)), Some(40.0 / 30.0));
        assert_eq!(gauge.window_max(), 3);
    }

    #[test]
    fn the_integral_does_not_overflow_sixty_four_bits() {
        let mut gauge = TimeWeighted::default();
        gauge.set(at(0), u64::MAX);
        assert_eq!(gauge.integral(at(u64::MAX)), u128::from(u64::MAX) * u128::from(u64::MAX));
    }

    #[test]
    fn an_instant_has_no_mean() {
        let mut gauge = gauge();
        gauge.open_window(at(20));
        assert_eq!(gauge.window_mean(at(20)), None);
        assert_eq!(gauge.window_max(), 1);
    }

    #[test]
    #[should_panic(expected = "an interval's start must not lie after its end")]
    fn time_never_runs_backwards() {
        gauge().set(at(19), 0);
    }
}
