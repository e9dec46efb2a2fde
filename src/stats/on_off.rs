//! A level that is nothing or one over time.

use super::time_weighted::Window;
use crate::time::SimTime;

/// What a [`TimeWeighted`](super::TimeWeighted) level measures, of one worker that is busy or not:
/// its sums fit the clock's own 64 bits, and a large fleet has many such workers.
#[derive(Debug, Clone, Default)]
pub struct OnOff {
    total: u64,
    windowed: u64,
    /// What was left when the window closed, until the level first falls.
    left: u64,
    since: SimTime,
    is_on: bool,
    cleared: bool,
}

impl OnOff {
    /// Whether the level is one.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Changes the level at `now`.
    #[inline]
    pub fn set(&mut self, now: SimTime, window: Option<Window>, is_on: bool) {
        if self.is_on {
            self.total += now.since(self.since).as_nanos();
        }
        if let Some(window) = window {
            if self.is_on {
                self.windowed += window.overlap(self.since, now);
            }
            if now > window.to && !self.cleared {
                if self.is_on {
                    self.left += now.since(self.since.max(window.to)).as_nanos();
                }
                self.cleared = !self.is_on || !is_on;
            }
        }
        self.since = now;
        self.is_on = is_on;
    }

    /// Brings the sums up to `now`.
    pub fn advance(&mut self, now: SimTime, window: Option<Window>) {
        self.set(now, window, self.is_on);
    }

    /// Nanoseconds for which it was one, up to the last change.
    pub fn integral(&self) -> u128 {
        u128::from(self.total)
    }

    /// As [`TimeWeighted::offered`](super::TimeWeighted::offered).
    #[expect(clippy::cast_precision_loss, reason = "a report's precision")]
    pub fn offered(&self, window: Option<Window>) -> f64 {
        let Some(window) = window else { return self.mean(None) };
        match window.length() {
            0 => 0.0,
            length => (u128::from(self.windowed) + u128::from(self.left)) as f64 / length as f64,
        }
    }

    /// As [`TimeWeighted::mean`](super::TimeWeighted::mean).
    #[expect(clippy::cast_precision_loss, reason = "a report's precision")]
    pub fn mean(&self, window: Option<Window>) -> f64 {
        let (integral, observed) = match window {
            Some(window) => (self.windowed, window.length()),
            None => (self.total, self.since.as_nanos()),
        };
        if observed == 0 { 0.0 } else { integral as f64 / observed as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::TimeWeighted;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_measures_what_a_time_weighted_level_does(
            changes in prop::collection::vec((0_u64..9, any::<bool>()), 0..40),
            (from, length, rest) in (0_u64..80, 0_u64..80, 0_u64..40),
            windowed in any::<bool>(),
        ) {
            let at = SimTime::from_nanos;
            let window = windowed.then(|| Window { from: at(from), to: at(from + length) });
            let (mut lean, mut level, mut now) = (OnOff::default(), TimeWeighted::default(), 0);
            for (gap, is_on) in changes {
                now += gap;
                lean.set(at(now), window, is_on);
                level.set(at(now), window, u64::from(is_on));
                prop_assert_eq!(u64::from(lean.is_on()), level.level());
            }
            lean.advance(at(now + rest), window);
            level.advance(at(now + rest), window);
            prop_assert_eq!(lean.integral(), level.integral());
            prop_assert_eq!(lean.mean(window), level.mean(window));
            prop_assert_eq!(lean.mean(None), level.mean(None));
            prop_assert_eq!(lean.offered(window), level.offered(window));
        }
    }
}
