//! Requests held against a deadline.

use super::groups::latency_of;
use crate::actors::RequestRecord;
use crate::stats::Window;
use crate::time::SimDuration;

/// How many requests of the window were answered in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timeliness {
    /// How long after its arrival a request was to be answered, at most.
    pub deadline: SimDuration,
    /// Share of the requests that were not: late, dropped, lost or still in flight. `None` if none
    /// arrived.
    pub miss_ratio: Option<f64>,
    /// Requests that were, for each second of the window.
    pub goodput: f64,
}

impl Timeliness {
    /// Of the requests among `records` that arrived in `window`.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
    pub(super) fn of(deadline: SimDuration, window: Window, records: &[RequestRecord]) -> Self {
        let arrived = || records.iter().filter(|record| window.contains(record.arrival));
        let in_time = |record: &&RequestRecord| latency_of(record).is_some_and(|l| l <= deadline);
        let (all, kept) = (arrived().count(), arrived().filter(in_time).count());
        let seconds = window.to.since(window.from).as_secs_f64();
        Self {
            deadline,
            miss_ratio: (all > 0).then(|| (all - kept) as f64 / all as f64),
            goodput: kept as f64 / seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::{RequestOutcome, Stages};
    use crate::time::SimTime;

    #[test]
    fn an_answer_at_the_deadline_is_in_time_and_one_that_never_comes_is_missed() {
        let record = |arrival: u64, took: Option<u64>| RequestRecord {
            client: 0,
            arrival: SimTime::from_nanos(arrival),
            sample: None,
            ood: None,
            exit: None,
            correct: None,
            outcome: took.map_or(RequestOutcome::Dropped, |_| RequestOutcome::Completed),
            stages: Stages::default(),
            done: took.map(|took| SimTime::from_nanos(arrival + took)),
        };
        let second = 1_000_000_000;
        // the first is before the window, the third late, the fourth dropped
        let records = [(0, Some(1)), (second, Some(100)), (second, Some(101)), (second, None)]
            .map(|(arrival, took)| record(arrival, took));
        let [from, to] = [second, 5 * second].map(SimTime::from_nanos);
        let window = Window { from, to };
        let timeliness = Timeliness::of(SimDuration::from_nanos(100), window, &records);
        assert_eq!(timeliness.miss_ratio, Some(2.0 / 3.0));
        assert_eq!(timeliness.goodput, 0.25, "one in 4 s");
        assert_eq!(Timeliness::of(SimDuration::ZERO, window, &[]).miss_ratio, None);
    }
}
