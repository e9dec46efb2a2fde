//! A link's rate: always the same, by a schedule, or from a trace file.

use crate::quantity::BitRate;
use crate::scenario::decode::Cursor;
use crate::scenario::section::Section;
use crate::scenario::units::{bit_rate, bit_rate_or_none, duration, not_drawn, positive_duration};
use crate::scenario::vocabulary::RATE;
use crate::workload::{RateSchedule, RateStep, read_rate_trace};
use std::fs::File;

/// A rate and, if it varies, how.
#[derive(Debug, Clone)]
pub(super) struct LinkRate {
    pub(super) rate: BitRate,
    pub(super) schedule: Option<RateSchedule>,
}

impl From<BitRate> for LinkRate {
    fn from(rate: BitRate) -> Self {
        Self { rate, schedule: None }
    }
}

pub(super) fn decode(cursor: Cursor<'_>) -> Option<LinkRate> {
    if cursor.entry("schedule").is_none() && cursor.entry("trace").is_none() {
        return not_drawn(bit_rate)(cursor).map(LinkRate::from);
    }
    let section = cursor.section(&RATE)?;
    let steps = match (section.get("schedule"), section.get("trace")) {
        (Some(_), Some(trace)) => trace.refuse("a rate has a `schedule` or a `trace`, not both"),
        (Some(schedule), None) => steps(&schedule),
        (None, Some(path)) => trace(&path),
        (None, None) => unreachable!("one of them was found"),
    };
    let repeat = section.optional("repeat", positive_duration);
    match RateSchedule::new(steps?, repeat?) {
        Ok(schedule) => Some(LinkRate { rate: schedule.long_run_rate(), schedule: Some(schedule) }),
        Err(error) => place(&section).refuse(error.to_string()),
    }
}

/// Where the steps stand.
fn place<'a>(section: &Section<'a>) -> Cursor<'a> {
    let steps = section.get("schedule").or_else(|| section.get("trace"));
    steps.unwrap_or_else(|| section.cursor().clone())
}

fn steps(cursor: &Cursor<'_>) -> Option<Vec<RateStep>> {
    let steps: Vec<_> = cursor.items("pairs of time and rate")?.map(|item| step(&item)).collect();
    steps.into_iter().collect()
}

fn step(cursor: &Cursor<'_>) -> Option<RateStep> {
    let items: Vec<_> = cursor.items("time and rate")?.take(3).collect();
    let [from, rate] = items.as_slice() else {
        return cursor.refuse("expected a time and a rate, such as `[5 s, 1 Mbit/s]`");
    };
    let (from, rate) = (duration(from.clone()), bit_rate_or_none(rate));
    Some(RateStep { from: from?, rate: rate? })
}

fn trace(cursor: &Cursor<'_>) -> Option<Vec<RateStep>> {
    let path = cursor.folder().join(cursor.text()?);
    let steps = File::open(&path).map_err(Into::into).and_then(read_rate_trace);
    steps.map_or_else(|error| cursor.refuse(format!("the trace {}: {error}", path.display())), Some)
}
