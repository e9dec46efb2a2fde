//! An integer level over time, integrated exactly.

use crate::time::SimTime;

/// The half-open interval of simulation time over which statistics are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Its first instant.
    pub from: SimTime,
    /// The first instant after it.
    pub to: SimTime,
}

impl Window {
    /// Whether `time` lies in it.
    pub fn contains(self, time: SimTime) -> bool {
        self.from <= time && time < self.to
    }

    /// Its nanoseconds.
    pub(super) fn length(self) -> u64 {
        self.overlap(self.from, self.to)
    }

    /// Nanoseconds of [`from`, `to`) that lie in it.
    pub(super) fn overlap(self, from: SimTime, to: SimTime) -> u64 {
        let from = from.max(self.from).as_nanos();
        self.to.min(to).as_nanos().saturating_sub(from)
    }
}

/// A level (jobs waiting, workers busy) with its integral over the whole run and over the
/// statistics' window, in level · nanoseconds.
///
/// The window may be announced late, as long as it is passed to the first change after it opened:
/// before it is known nothing in it has been integrated yet.
#[derive(Debug, Clone, Default)]
pub struct TimeWeighted {
    integral: u128,
    windowed: u128,
    /// What was left when the window closed, until the level first falls: a falling number of busy
    /// workers says that nobody waits any more. What comes later is not the window's.
    left: u64,
    since: SimTime,
    level: u32,
    max: u32,
    cleared: bool,
}

impl TimeWeighted {
    /// The present level.
    pub fn level(&self) -> u64 {
        u64::from(self.level)
    }

    /// The largest level of the whole run.
    pub fn max(&self) -> u64 {
        u64::from(self.max)
    }

    /// Changes the level at `now`.
    ///
    /// # Panics
    /// If the level is not below 2³²: it counts jobs, of which memory holds fewer.
    #[inline]
    pub fn set(&mut self, now: SimTime, window: Option<Window>, level: u64) {
        let held = u128::from(self.level);
        self.integral += held * u128::from(now.since(self.since).as_nanos());
        if let Some(window) = window {
            self.windowed += held * u128::from(window.overlap(self.since, now));
            if now > window.to && !self.cleared {
                let passed = now.since(self.since.max(window.to)).as_nanos();
                let left = u64::from(self.level).saturating_mul(passed);
                self.left = self.left.saturating_add(left);
                self.cleared = self.level == 0 || level < u64::from(self.level);
            }
        }
        self.since = now;
        self.level = u32::try_from(level).expect("memory holds fewer than 2³² jobs");
        self.max = self.max.max(self.level);
    }

    /// Brings the integrals up to `now`.
    pub fn advance(&mut self, now: SimTime, window: Option<Window>) {
        self.set(now, window, self.level());
    }

    /// ∫ level dt up to the last change, in level · ns.
    pub fn integral(&self) -> u128 {
        self.integral
    }

    /// What the mean level over `window` would be if what was left when it closed had been dealt
    /// with in it: the integral from its beginning until the level first falls after it, over its
    /// length; 0 for an empty window. For busy workers that is the work that was offered to them. Without a window,
    /// the mean of the whole run.
    #[expect(clippy::cast_precision_loss, reason = "a report's precision")]
    pub fn offered(&self, window: Option<Window>) -> f64 {
        let Some(window) = window else { return self.mean(None) };
        let length = window.length();
        if length == 0 {
            0.0
        } else {
            (self.windowed + u128::from(self.left)) as f64 / length as f64
        }
    }

    /// Mean level over `window`, or without one over the run up to the last change; 0 over no time.
    /// The level counts as 0 after the last change: a window that reaches further was idle there.
    #[expect(clippy::cast_precision_loss, reason = "a report's precision")]
    pub fn mean(&self, window: Option<Window>) -> f64 {
        let (integral, observed) = match window {
            Some(window) => (self.windowed, window.length()),
            None => (self.integral, self.since.as_nanos()),
        };
        if observed == 0 { 0.0 } else { integral as f64 / observed as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    #[test]
    fn the_integral_is_level_times_time() {
        let mut gauge = TimeWeighted::default();
        gauge.set(at(10), None, 3);
        gauge.set(at(14), None, 1);
        gauge.advance(at(20), None);
        // 0·10 + 3·4 + 1·6 = 18
        assert_eq!(gauge.integral(), 18);
        assert_eq!((gauge.level(), gauge.max()), (1, 3));
        assert_eq!(gauge.mean(None), 18.0 / 20.0);
    }

    #[test]
    fn the_mean_counts_only_the_window_even_if_announced_late() {
        let mut gauge = TimeWeighted::default();
        gauge.set(at(5), None, 2);
        let window = Window { from: at(10), to: at(20) };
        gauge.set(at(16), Some(window), 5);
        gauge.advance(at(40), Some(window));
        // (2·6 + 5·4) / 10 = 3.2
        assert_eq!(gauge.mean(Some(window)), 3.2);
        assert!(window.contains(at(10)) && !window.contains(at(20)));
    }

    #[test]
    fn what_is_left_when_the_window_closes_was_offered_in_it() {
        let mut gauge = TimeWeighted::default();
        let window = Window { from: at(10), to: at(20) };
        gauge.set(at(4), None, 1);
        gauge.set(at(12), Some(window), 2);
        gauge.advance(at(23), Some(window));
        // before the window 1·6, in it 1·2 + 2·8 = 18, after it 2·3 = 6: (18 + 6)/10
        assert_eq!(gauge.offered(Some(window)), 2.4);
        assert_eq!(gauge.offered(None), gauge.mean(None));
        assert_eq!(gauge.mean(Some(window)), 1.8);
    }

    #[test]
    fn a_window_is_averaged_to_its_end_even_if_nothing_happens_there() {
        let mut gauge = TimeWeighted::default();
        let window = Window { from: at(0), to: at(100) };
        gauge.set(at(0), Some(window), 4);
        gauge.set(at(50), Some(window), 0);
        // (4·50 + 0·50) / 100 = 2
        assert_eq!(gauge.mean(Some(window)), 2.0);
        assert_eq!(TimeWeighted::default().mean(Some(window)), 0.0);
    }

    #[test]
    fn what_comes_after_the_backlog_is_cleared_is_not_the_windows() {
        let mut gauge = TimeWeighted::default();
        let window = Window { from: at(0), to: at(10) };
        gauge.set(at(4), Some(window), 1);
        gauge.set(at(13), Some(window), 0);
        gauge.set(at(20), Some(window), 1);
        gauge.set(at(90), Some(window), 0);
        // busy on [4, 13) for what arrived in the window: 9/10; [20, 90) is others' later traffic
        assert_eq!(gauge.offered(Some(window)), 0.9);
        let mut idle = TimeWeighted::default();
        idle.set(at(20), Some(window), 1);
        idle.set(at(90), Some(window), 0);
        assert_eq!(idle.offered(Some(window)), 0.0, "nothing was left");
    }
}
