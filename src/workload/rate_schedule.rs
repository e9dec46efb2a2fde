//! A rate over time: steps, once or again and again.

use crate::quantity::BitRate;
use crate::time::{SimDuration, SimTime};
use std::num::NonZeroU64;
use std::sync::Arc;
use thiserror::Error;

/// A rate from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateStep {
    /// Since the start of the run, or of the period if the schedule repeats.
    pub from: SimDuration,
    /// Bits a second; 0 while nothing is transmitted.
    pub rate: u64,
}

/// A link's rate as a step function of simulation time. Cheap to clone: links share the steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateSchedule {
    steps: Arc<[RateStep]>,
    period: Option<SimDuration>,
}

/// Why steps are no schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RateScheduleError {
    /// There are no steps.
    #[error("a schedule has at least one step")]
    Empty,
    /// Nothing says what the rate is at the beginning.
    #[error("the first step must begin at 0 s")]
    Late,
    /// Times do not ascend, or not by a millisecond.
    #[error("step {0} must begin at least 1 ms after the step before it")]
    Order(
        /// The step, from 1.
        usize,
    ),
    /// The schedule begins anew before its last step has lasted.
    #[error("`repeat` must be at least 1 ms longer than the last step's beginning")]
    Period,
    /// Nothing would ever be transmitted again.
    #[error("the last rate of a schedule that does not repeat must not be 0")]
    EndsAtZero,
    /// Nothing would ever be transmitted.
    #[error("at least one rate must not be 0")]
    AllZero,
}

impl RateSchedule {
    /// The least distance of steps: shorter ones would cost more events than they are worth.
    pub const MIN_STEP: SimDuration = SimDuration::from_nanos(1_000_000);

    /// The `steps` in order; with a `period` they begin anew after it.
    ///
    /// # Errors
    /// See [`RateScheduleError`].
    pub fn new(
        steps: Vec<RateStep>,
        period: Option<SimDuration>,
    ) -> Result<Self, RateScheduleError> {
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
            return Err(RateScheduleError::Empty);
        };
        if first.from != SimDuration::ZERO {
            return Err(RateScheduleError::Late);
        }
        let follows = |later: SimDuration, earlier: SimDuration| {
            later >= earlier.saturating_add(Self::MIN_STEP)
        };
        if let Some(place) = steps.windows(2).position(|pair| !follows(pair[1].from, pair[0].from))
        {
            return Err(RateScheduleError::Order(place + 2));
        }
        if period.is_some_and(|period| !follows(period, last.from)) {
            return Err(RateScheduleError::Period);
        }
        if period.is_none() && last.rate == 0 {
            return Err(RateScheduleError::EndsAtZero);
        }
        if steps.iter().all(|step| step.rate == 0) {
            return Err(RateScheduleError::AllZero);
        }
        Ok(Self { steps: steps.into(), period })
    }

    /// The same `rate` for ever.
    pub fn constant(rate: BitRate) -> Self {
        let step = RateStep { from: SimDuration::ZERO, rate: rate.0.get() };
        Self { steps: Arc::new([step]), period: None }
    }

    /// The same with every rate `factor` times as large.
    pub fn times(&self, factor: u64) -> Self {
        let faster = |step: &RateStep| RateStep { rate: step.rate.saturating_mul(factor), ..*step };
        Self { steps: self.steps.iter().map(faster).collect(), period: self.period }
    }

    /// The rate that it has in the long run, at least 1 bit/s: its mean if it repeats, its last one
    /// otherwise.
    pub fn long_run_rate(&self) -> BitRate {
        let rate = match self.period {
            Some(period) => self.period_work(period) / u128::from(period.as_nanos()),
            None => u128::from(self.steps[self.steps.len() - 1].rate),
        };
        let rate = u64::try_from(rate).expect("a mean is at most the largest");
        BitRate(NonZeroU64::new(rate).unwrap_or(NonZeroU64::MIN))
    }

    /// The rate at `time` and when it may change next, if ever.
    pub fn at(&self, time: SimTime) -> (u64, Option<SimTime>) {
        let time = time.as_nanos();
        let begin = self.period.map_or(0, |period| time - time % period.as_nanos());
        let since = SimDuration::from_nanos(time - begin);
        let next = self.steps.partition_point(|step| step.from <= since);
        let end = self.steps.get(next).map(|step| step.from).or(self.period);
        let until = end.and_then(|end| SimTime::from_nanos(begin).checked_add(end));
        (self.steps[next - 1].rate, until)
    }

    /// The period and the bits · 10⁹ that it transmits, if the schedule repeats.
    pub fn period(&self) -> Option<(SimDuration, u128)> {
        self.period.map(|period| (period, self.period_work(period)))
    }

    fn period_work(&self, period: SimDuration) -> u128 {
        let ends = self.steps.iter().skip(1).map(|step| step.from).chain([period]);
        let lasting = |(step, end): (&RateStep, SimDuration)| {
            u128::from(step.rate) * u128::from(end.as_nanos() - step.from.as_nanos())
        };
        self.steps.iter().zip(ends).map(lasting).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(count: u64) -> SimDuration {
        SimDuration::from_nanos(count * 1_000_000)
    }

    fn steps(list: &[(u64, u64)]) -> Vec<RateStep> {
        list.iter().map(|&(at, rate)| RateStep { from: ms(at), rate }).collect()
    }

    fn at(schedule: &RateSchedule, millis: u64) -> (u64, Option<u64>) {
        let (rate, until) = schedule.at(SimTime::from_nanos(millis * 1_000_000));
        (rate, until.map(|until| until.as_nanos() / 1_000_000))
    }

    #[test]
    fn a_rate_holds_until_the_next_step_and_the_last_one_for_ever() {
        let once = RateSchedule::new(steps(&[(0, 10), (5, 0), (8, 3)]), None).unwrap();
        assert_eq!(
            [0, 4, 5, 8].map(|t| at(&once, t)),
            [(10, Some(5)), (10, Some(5)), (0, Some(8)), (3, None)]
        );
        assert_eq!(once.long_run_rate().0.get(), 3);
    }

    #[test]
    fn a_repeating_schedule_begins_anew_after_its_period() {
        let again = RateSchedule::new(steps(&[(0, 10), (5, 0)]), Some(ms(8))).unwrap();
        assert_eq!(
            [4, 7, 8, 13, 16].map(|t| at(&again, t)),
            [(10, Some(5)), (0, Some(8)), (10, Some(13)), (0, Some(16)), (10, Some(21))]
        );
        assert_eq!(again.long_run_rate().0.get(), 6, "⌊10 · 5/8⌋");
        assert_eq!(again.period(), Some((ms(8), 50_000_000)), "10 bit/s · 5 ms");
    }

    #[test]
    fn a_faster_schedule_changes_its_rates_and_not_its_times() {
        let again = RateSchedule::new(steps(&[(0, 10), (5, 0)]), Some(ms(8))).unwrap().times(2);
        assert_eq!([4, 5, 8].map(|t| at(&again, t)), [(20, Some(5)), (0, Some(8)), (20, Some(13))]);
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        use RateScheduleError::*;
        let new = |list: &[(u64, u64)], period: Option<u64>| {
            RateSchedule::new(steps(list), period.map(ms)).unwrap_err()
        };
        assert_eq!(new(&[], None), Empty);
        assert_eq!(new(&[(1, 5)], None), Late);
        assert_eq!(new(&[(0, 5), (2, 4), (2, 3)], None), Order(3));
        assert_eq!(new(&[(0, 5), (2, 4)], Some(2)), Period);
        assert_eq!(new(&[(0, 5), (2, 0)], None), EndsAtZero);
        assert_eq!(new(&[(0, 0), (2, 0)], Some(5)), AllZero);
    }
}
