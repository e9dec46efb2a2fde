//! How many wait at each station.

use crate::actors::{Sojourn, StationId};
use crate::time::SimTime;
use std::collections::BTreeMap;

/// A station's queue from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QueueLength {
    pub(super) time: SimTime,
    pub(super) station: StationId,
    pub(super) waiting: u64,
}

/// Queues that are told, and those that follow from sojourns that are told ahead.
#[derive(Debug, Default)]
pub(super) struct Counters {
    waiting: BTreeMap<StationId, u64>,
    /// Who joins and leaves a queue at times that may not have come yet.
    ahead: BTreeMap<(SimTime, StationId), i64>,
}

impl Counters {
    /// So many wait at `station` from now on; `None` if it is no news.
    pub(super) fn told(
        &mut self,
        time: SimTime,
        station: StationId,
        waiting: u64,
    ) -> Option<QueueLength> {
        let before = self.waiting.insert(station, waiting).unwrap_or(0);
        (before != waiting).then_some(QueueLength { time, station, waiting })
    }

    /// A sojourn whose service has not ended yet waits in a queue that is not told.
    pub(super) fn foretold(&mut self, now: SimTime, sojourn: &Sojourn) {
        if sojourn.ended > now && sojourn.started > sojourn.arrived {
            *self.ahead.entry((sojourn.arrived, sojourn.station)).or_default() += 1;
            *self.ahead.entry((sojourn.started, sojourn.station)).or_default() -= 1;
        }
    }

    /// The next change that was foretold for a time before `now`, or for any time if the run is
    /// over.
    pub(super) fn next_before(&mut self, now: Option<SimTime>) -> Option<QueueLength> {
        loop {
            let entry = self.ahead.first_entry()?;
            let (time, station) = *entry.key();
            if now.is_some_and(|now| time >= now) {
                return None;
            }
            let change = entry.remove();
            let before = self.waiting.get(&station).copied().unwrap_or(0);
            if let Some(length) = self.told(time, station, before.saturating_add_signed(change)) {
                return Some(length);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::{Subject, Task};
    use crate::quantity::Bytes;

    #[test]
    fn a_queue_follows_from_services_that_are_known_ahead() {
        let at = SimTime::from_nanos;
        let mut counters = Counters::default();
        // Three come at 0, 1 and 2 ns to a link that serves each for 10 ns.
        for number in 0..3 {
            let now = at(number);
            let (started, ended) = (at(10 * number), at(10 * number + 10));
            let sojourn = Sojourn {
                station: StationId(0),
                subject: Subject::Background,
                task: Task::Background,
                size: Bytes(1),
                arrives: false,
                arrived: now,
                started,
                ended,
                delivered: ended,
            };
            counters.foretold(now, &sojourn);
        }
        let mut told = Vec::new();
        while let Some(length) = counters.next_before(Some(at(15))) {
            told.push((length.time.as_nanos(), length.waiting));
        }
        assert_eq!(told, [(1, 1), (2, 2), (10, 1)], "what comes after 15 ns is not final yet");
        assert_eq!(counters.next_before(None).map(|length| length.waiting), Some(0), "at 20 ns");
    }
}
