//! What a link can transmit over time: a rate schedule, interrupted by outages.

use super::outages::Outages;
use super::rate_schedule::RateSchedule;
use crate::time::SimTime;

/// A link's rate over time with its outages. Work is in bits · 10⁹, so that a rate of r bit/s does
/// exactly r of it in a nanosecond.
#[derive(Debug, Clone)]
pub struct Capacity {
    schedule: RateSchedule,
    outages: Option<Outages>,
}

impl Capacity {
    /// `schedule`, but nothing during `outages`.
    pub fn new(schedule: RateSchedule, outages: Option<Outages>) -> Self {
        Self { schedule, outages }
    }

    /// The rate in bit/s at `now`, and when it may change next, if ever. `now` must not lie before
    /// the last one, nor before the last [`Self::finish`].
    pub fn at(&mut self, now: SimTime) -> (u64, Option<SimTime>) {
        let (rate, change) = self.schedule.at(now);
        let Some(outages) = &mut self.outages else { return (rate, change) };
        let (up, turn) = outages.at(now);
        let until = match (change, turn) {
            (Some(change), Some(turn)) => Some(change.min(turn)),
            (change, turn) => change.or(turn),
        };
        (if up { rate } else { 0 }, until)
    }

    /// When `work` that is started at `start` and done without a break but for outages is
    /// finished: the least t with ∫ rate ≥ work over [start, t). `None` past the clock.
    pub fn finish(&mut self, start: SimTime, work: u128) -> Option<SimTime> {
        let (mut now, mut left) = self.skip_periods(start, work)?;
        loop {
            let (rate, until) = self.at(now);
            let needed = (rate > 0).then(|| left.div_ceil(u128::from(rate)));
            let lasts = until.map(|until| u128::from(until.since(now).as_nanos()));
            match (needed, lasts, until) {
                (_, Some(lasts), Some(until)) if needed.is_none_or(|needed| needed > lasts) => {
                    left -= u128::from(rate) * lasts;
                    now = until;
                }
                _ => {
                    let end = u128::from(now.as_nanos()).checked_add(needed?)?;
                    return u64::try_from(end).ok().map(SimTime::from_nanos);
                }
            }
        }
    }

    /// Does whole periods of the schedule at once: a long message on a short period would take
    /// for ever otherwise.
    fn skip_periods(&self, start: SimTime, work: u128) -> Option<(SimTime, u128)> {
        let Some((period, each)) = self.schedule.period().filter(|_| self.outages.is_none()) else {
            return Some((start, work));
        };
        let whole = work.saturating_sub(1) / each;
        let skipped = whole.checked_mul(u128::from(period.as_nanos()))?;
        let now = u64::try_from(skipped).ok()?.checked_add(start.as_nanos())?;
        Some((SimTime::from_nanos(now), work - whole * each))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::BitRate;
    use crate::time::SimDuration;
    use crate::workload::{Outage, RateStep};
    use std::num::NonZeroU64;
    use std::sync::Arc;

    const MS: u64 = 1_000_000;

    fn at(millis: u64) -> SimTime {
        SimTime::from_nanos(millis * MS)
    }

    fn schedule(list: &[(u64, u64)], period: Option<u64>) -> RateSchedule {
        let ms = |count| SimDuration::from_nanos(count * MS);
        let steps = list.iter().map(|&(at, rate)| RateStep { from: ms(at), rate }).collect();
        RateSchedule::new(steps, period.map(ms)).unwrap()
    }

    #[test]
    fn a_change_in_mid_message_keeps_the_work_done() {
        let mut capacity = Capacity::new(schedule(&[(0, 10), (5, 2)], None), None);
        // 40 bit·ms at 10 bit/s from 2 ms on: 3 ms · 10 done at 5 ms, 10 left at 2 → 5 ms more.
        assert_eq!(capacity.finish(at(2), 40 * u128::from(MS)), Some(at(10)));
        // 30 are done exactly when the rate changes.
        assert_eq!(capacity.finish(at(2), 30 * u128::from(MS)), Some(at(5)));
    }

    #[test]
    fn an_outage_pauses() {
        let outages = Outages::listed(Arc::new([
            Outage { from: at(3), to: at(7) },
            Outage { from: at(8), to: at(9) },
        ]));
        let rate = RateSchedule::constant(BitRate(NonZeroU64::new(10).unwrap()));
        let mut capacity = Capacity::new(rate, Some(outages));
        // 35 at 10 from 1 ms: 20 by 3 ms, pause to 7, 10 by 8, pause to 9, 5 left: 9.5 ms.
        let end = capacity.finish(at(1), 35 * u128::from(MS)).unwrap();
        assert_eq!(end.as_nanos(), 9_500_000);
        assert_eq!(capacity.at(at(10)), (10, None));
    }

    #[test]
    fn whole_periods_are_skipped_exactly() {
        let walked = |work: u128| {
            let none = Outages::listed(Arc::new([]));
            Capacity::new(schedule(&[(0, 7), (2, 0), (3, 5)], Some(4)), Some(none))
                .finish(SimTime::from_nanos(MS / 3), work)
        };
        for work in [1, 13 * MS, 19 * MS - 1, 19 * MS, 19 * MS + 1, 1_234 * MS + 5] {
            let mut skipping = Capacity::new(schedule(&[(0, 7), (2, 0), (3, 5)], Some(4)), None);
            let skipped = skipping.finish(SimTime::from_nanos(MS / 3), u128::from(work));
            assert_eq!(skipped, walked(u128::from(work)), "7·2 + 0·1 + 5·1 = 19 a period; {work}");
        }
        let mut capacity = Capacity::new(schedule(&[(0, 1)], Some(1)), None);
        assert_eq!(capacity.finish(SimTime::ZERO, u128::MAX), None, "past the clock, at once");
    }
}
