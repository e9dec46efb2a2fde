//! `outages`: when a link is down, by a list or at random.

use crate::scenario::decode::Cursor;
use crate::scenario::model::OutageSpec;
use crate::scenario::units::{duration, positive_duration};
use crate::scenario::vocabulary::{OUTAGE, RANDOM_OUTAGES};
use crate::time::{SimDuration, SimTime};
use crate::workload::Outage;

/// The shortest mean: more frequent outages would cost more than they are worth.
const MIN_MEAN: SimDuration = SimDuration::from_nanos(10_000_000);

pub(super) fn decode(cursor: &Cursor<'_>) -> Option<OutageSpec> {
    if !cursor.value().is_mapping() {
        return listed(cursor);
    }
    let section = cursor.section(&RANDOM_OUTAGES)?;
    let mean_up = section.required("mean_up", mean);
    let mean_down = section.required("mean_down", mean);
    Some(OutageSpec::Random { mean_up: mean_up?, mean_down: mean_down? })
}

fn mean(cursor: Cursor<'_>) -> Option<SimDuration> {
    match duration(cursor.clone())? {
        mean if mean < MIN_MEAN => {
            cursor.refuse(format!("{} is too short: at least 10 ms", cursor.describe()))
        }
        mean => Some(mean),
    }
}

fn listed(cursor: &Cursor<'_>) -> Option<OutageSpec> {
    let mut end = SimTime::ZERO;
    let outages: Vec<_> = cursor
        .items("outages `{ at: 10 s, for: 2 s }`")?
        .map(|item| {
            let outage = outage(&item)?;
            if outage.from < end {
                return item.refuse("begins before the outage before it has ended");
            }
            end = outage.to;
            Some(outage)
        })
        .collect();
    let outages: Vec<Outage> = outages.into_iter().collect::<Option<_>>()?;
    Some(OutageSpec::Listed(outages.into()))
}

fn outage(cursor: &Cursor<'_>) -> Option<Outage> {
    let section = cursor.section(&OUTAGE)?;
    let from = section.required("at", duration);
    let length = section.required("for", positive_duration);
    // Both are at most a tenth of the clock.
    let from = SimTime::ZERO.checked_add(from?)?;
    Some(Outage { from, to: from.checked_add(length?)? })
}
