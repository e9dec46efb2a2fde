//! `arrivals`: when a client's requests arrive.

use crate::scenario::decode::Cursor;
use crate::scenario::model::ArrivalSpec;
use crate::scenario::units::{duration, mean_gap, positive_duration};
use crate::scenario::vocabulary::{ARRIVALS, PERIODIC};
use crate::time::SimDuration;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<ArrivalSpec> {
    let variant = cursor.variant(&ARRIVALS)?;
    match variant.name {
        "poisson" => {
            let rate = variant.argument("poisson: 2 /s")?;
            mean_gap(rate.clone()).map(|mean_gap| ArrivalSpec::Poisson { mean_gap })
        }
        "periodic" => periodic(variant.argument("periodic: 500 ms")?),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn periodic(cursor: &Cursor<'_>) -> Option<ArrivalSpec> {
    if !cursor.value().is_mapping() {
        let period = positive_duration(cursor.clone())?;
        return Some(ArrivalSpec::Periodic { period, phase: SimDuration::ZERO });
    }
    let section = cursor.section(&PERIODIC)?;
    let period = section.required("period", positive_duration);
    let phase = section.or("phase", SimDuration::ZERO, duration);
    Some(ArrivalSpec::Periodic { period: period?, phase: phase? })
}
