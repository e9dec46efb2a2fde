//! `background`: messages of others that occupy a link.

use crate::quantity::Bytes;
use crate::scenario::decode::Cursor;
use crate::scenario::model::{BackgroundArrivals, BackgroundSpec};
use crate::scenario::units::{mean_gap, positive_duration, positive_size};
use crate::scenario::vocabulary::{BACKGROUND, BACKGROUND_ARRIVALS};
use crate::time::SimDuration;

/// The shortest mean gap: each message is an event.
const MIN_GAP: SimDuration = SimDuration::from_nanos(10_000);

/// The largest message: a petabyte.
const MAX_SIZE: Bytes = Bytes(1_000_000_000_000_000);

pub(super) fn decode(cursor: &Cursor<'_>) -> Option<BackgroundSpec> {
    let section = cursor.section(&BACKGROUND)?;
    let arrivals = section.required("arrivals", |value| arrivals(&value));
    let size = section.required("size", |value| match positive_size(value.clone())? {
        size if size > MAX_SIZE => value.refuse(format!("{size} is too large: at most {MAX_SIZE}")),
        size => Some(size),
    });
    Some(BackgroundSpec { arrivals: arrivals?, size: size? })
}

fn arrivals(cursor: &Cursor<'_>) -> Option<BackgroundArrivals> {
    let variant = cursor.variant(&BACKGROUND_ARRIVALS)?;
    let arrivals = match variant.name {
        "poisson" => {
            let mean_gap = mean_gap(variant.argument("poisson: 20 /s")?.clone())?;
            BackgroundArrivals::Poisson { mean_gap }
        }
        "periodic" => {
            let period = positive_duration(variant.argument("periodic: 50 ms")?.clone())?;
            BackgroundArrivals::Periodic { period }
        }
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    };
    if arrivals.mean_gap() < MIN_GAP {
        return cursor.refuse("background messages come at most every 10 us on average");
    }
    Some(arrivals)
}
