//! A level that is zero most of the time.

use super::time_weighted::{TimeWeighted, Window};
use crate::time::SimTime;

/// A [`TimeWeighted`] level that is nowhere before it first leaves zero: most stations of a large
/// fleet never have a queue, and a pointer is all that they keep of it.
#[derive(Debug, Clone, Default)]
pub struct RareLevel(Option<Box<TimeWeighted>>);

impl RareLevel {
    /// The present level.
    #[inline]
    pub fn level(&self) -> u64 {
        self.0.as_ref().map_or(0, |level| level.level())
    }

    /// The largest level of the whole run.
    pub fn max(&self) -> u64 {
        self.0.as_ref().map_or(0, |level| level.max())
    }

    /// Changes the level at `now`.
    #[inline]
    pub fn set(&mut self, now: SimTime, window: Option<Window>, level: u64) {
        match &mut self.0 {
            Some(present) => present.set(now, window, level),
            None if level == 0 => {}
            None => self.0.insert(Box::default()).set(now, window, level),
        }
    }

    /// Brings the integrals up to `now`.
    pub fn advance(&mut self, now: SimTime, window: Option<Window>) {
        self.set(now, window, self.level());
    }

    /// ∫ level dt up to the last change, in level · ns.
    pub fn integral(&self) -> u128 {
        self.0.as_ref().map_or(0, |level| level.integral())
    }

    /// Mean level over `window`, as [`TimeWeighted::mean`].
    pub fn mean(&self, window: Option<Window>) -> f64 {
        self.0.as_ref().map_or(0.0, |level| level.mean(window))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_leaves_zero_late_is_measured_as_if_it_had_been_there() {
        let at = SimTime::from_nanos;
        let window = Some(Window { from: at(2), to: at(10) });
        let (mut rare, mut always) = (RareLevel::default(), TimeWeighted::default());
        for (time, level) in [(1, 0), (4, 3), (7, 0), (9, 1)] {
            rare.set(at(time), window, level);
            always.set(at(time), window, level);
        }
        rare.advance(at(12), window);
        always.advance(at(12), window);
        // 3·(7−4) + 1·(12−9) = 12; in the window of 8 ns 9 + 1 = 10
        assert_eq!((rare.integral(), rare.mean(window)), (12, 1.25));
        assert_eq!((rare.integral(), rare.max()), (always.integral(), always.max()));
        assert_eq!(rare.mean(window), always.mean(window));
    }

    #[test]
    fn a_level_that_never_leaves_zero_keeps_nothing() {
        let mut rare = RareLevel::default();
        rare.set(SimTime::from_nanos(5), None, 0);
        assert!(rare.0.is_none());
        assert_eq!((rare.level(), rare.max(), rare.integral(), rare.mean(None)), (0, 0, 0, 0.0));
    }
}
