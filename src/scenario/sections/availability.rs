//! `availability`: when a device is up, and for how long it is down.

use super::jitter;
use crate::distribution::DurationDistribution;
use crate::scenario::decode::Cursor;
use crate::scenario::model::AvailabilitySpec;
use crate::scenario::vocabulary::AVAILABILITY;
use crate::time::SimDuration;

/// Devices that fail more often than this would keep a run busy with nothing else.
const MIN_TIME: SimDuration = SimDuration::from_nanos(1_000_000);

pub(super) fn decode(cursor: Cursor<'_>) -> Option<AvailabilitySpec> {
    let section = cursor.section(&AVAILABILITY)?;
    let up = section.required("up", time);
    let down = section.required("down", time);
    Some(AvailabilitySpec { up: up?, down: down? })
}

fn time(cursor: Cursor<'_>) -> Option<DurationDistribution> {
    let time = jitter::decode(cursor.clone())?;
    if time.typical() < MIN_TIME {
        return cursor.refuse("is too short: a device is up and down for 1 ms or more on average");
    }
    Some(time)
}
