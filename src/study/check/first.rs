//! The first event that differs between a record and a run.

use super::log::{EventLog, ShownEvent};
use serde::Serialize;

/// Equal events shown before the first that differs.
const BEFORE: usize = 3;

/// Events of each side shown after it.
const AFTER: usize = 2;

/// Where two runs part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstDifference {
    /// At this event, which both sides know.
    Event {
        /// Its number, from 1.
        number: u64,
        /// The last events that are equal.
        before: Vec<ShownEvent>,
        /// The recorded event and the ones after it; none if the recorded run had ended.
        expected: Vec<ShownEvent>,
        /// This run's event and the ones after it; none if this run had ended.
        got: Vec<ShownEvent>,
    },
    /// Among these events, of which the record keeps hashes alone.
    Block {
        /// The number of the first one, from 1.
        from: u64,
        /// The number of the last one.
        to: u64,
        /// This run's first events of the block.
        got: Vec<ShownEvent>,
    },
}

/// Where the run of `now` parts from the `recorded` one, whose fingerprint is another. The events of
/// a block are yet to be filled in.
pub fn first_difference(recorded: &EventLog, now: &EventLog) -> FirstDifference {
    let kept = recorded.events.len().min(now.events.len());
    let equal = recorded.events.iter().zip(&now.events).take_while(|(a, b)| a == b).count();
    let one_ended = |log: &EventLog| log.is_whole() && log.events.len() == equal;
    if equal < kept || one_ended(recorded) || one_ended(now) {
        return at(recorded, now, equal);
    }
    let (equal, last) = (equal as u64, recorded.count.max(now.count));
    let (from, to) = recorded
        .trail
        .parts_from(&now.trail)
        .unwrap_or_else(|| (recorded.trail.common(&now.trail), last));
    FirstDifference::Block { from: from.max(equal) + 1, to: to.min(last), got: Vec::new() }
}

fn at(recorded: &EventLog, now: &EventLog, index: usize) -> FirstDifference {
    let shown = |log: &EventLog, from: usize, to: usize| -> Vec<ShownEvent> {
        (from..to).filter_map(|index| log.shown(index)).collect()
    };
    FirstDifference::Event {
        number: index as u64 + 1,
        before: shown(now, index.saturating_sub(BEFORE), index),
        expected: shown(recorded, index, index + 1 + AFTER),
        got: shown(now, index, index + 1 + AFTER),
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::LoggedEvent;
    use super::super::trail::Trailing;
    use super::*;
    use crate::time::SimTime;

    const NAMES: [&str; 2] = ["server", "pi/0/up"];

    /// A log of `count` events, of which `kept` are kept and `changed` is late.
    fn log(count: u64, kept: usize, changed: Option<u64>) -> EventLog {
        let mut trailing = Trailing::default();
        let mut log = EventLog { count, ..EventLog::default() };
        for number in 0..count {
            let late = u64::from(changed == Some(number));
            let time = SimTime::from_nanos(1000 * number + late);
            let event = LoggedEvent { time, source: 1, target: 0, kind: 2, size: 57_600 };
            trailing.add(&event);
            if log.events.len() < kept {
                log.events.push(event);
            }
        }
        log.actors = (0..).zip(NAMES.map(str::to_owned)).collect();
        log.kinds = [(2, "smashed data up".to_owned())].into();
        log.trail = trailing.finish();
        log
    }

    #[test]
    fn an_event_that_is_kept_is_shown_with_both_sides_and_its_neighbours() {
        let difference = first_difference(&log(100, 100, None), &log(100, 100, Some(7)));
        let FirstDifference::Event { number, before, expected, got } = difference else {
            panic!("both sides know the event: {difference:?}")
        };
        assert_eq!((number, before.len(), expected.len(), got.len()), (8, 3, 3, 3));
        assert_eq!(
            expected[0].to_string(),
            "t=0.000007000 s pi/0/up → server \"smashed data up\" 57.6 kB"
        );
        assert_eq!(got[0].time_ns, 7001);
    }

    #[test]
    fn a_run_that_ends_early_parts_from_the_record_at_its_end() {
        let difference = first_difference(&log(50, 100, None), &log(51, 100, None));
        let FirstDifference::Event { number, expected, got, .. } = difference else {
            panic!("{difference:?}")
        };
        assert_eq!((number, expected.len(), got.len()), (51, 0, 1));
    }

    #[test]
    fn an_event_behind_those_kept_is_found_by_its_block() {
        let block =
            |changed| match first_difference(&log(9_000, 100, None), &log(9_000, 100, changed)) {
                FirstDifference::Block { from, to, .. } => (from, to),
                other => panic!("{other:?}"),
            };
        // Blocks of 256: event 5,001 is in the one from 19·256 + 1 = 4,865 to 5,120.
        assert_eq!(block(Some(5_000)), (4_865, 5_120));
        // 35·256 = 8,960: behind the last hash.
        assert_eq!(block(Some(8_990)), (8_961, 9_000));
        assert_eq!(block(Some(150)), (101, 256), "those that are kept are equal");
    }
}
