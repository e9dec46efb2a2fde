//! `queue`: the server's discipline.

use crate::cost::BatchEfficiency;
use crate::scenario::decode::Cursor;
use crate::scenario::model::QueueSpec;
use crate::scenario::numbers::{integer_u32, number};
use crate::scenario::units::duration;
use crate::scenario::vocabulary::{BATCH, QUEUE};

/// Requests of a batch: the service time of each size is computed beforehand.
const MAX_BATCH: u32 = 65_536;

/// A batch is computed at most this many times as fast, or as slow, as its samples one by one.
const MAX_EFFICIENCY: f64 = 1e6;

pub(super) fn decode(cursor: &Cursor<'_>) -> Option<QueueSpec> {
    let variant = cursor.variant(&QUEUE)?;
    match variant.name {
        "fifo" => variant.bare(QueueSpec::Fifo),
        "processor-sharing" => variant.bare(QueueSpec::ProcessorSharing),
        "batch" => batch(variant.argument("batch: { max: 8, wait: 5 ms }")?),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn batch(cursor: &Cursor<'_>) -> Option<QueueSpec> {
    let section = cursor.section(&BATCH)?;
    let max = section.required("max", |value| integer_u32(&value, 1, MAX_BATCH));
    let wait = section.required("wait", duration);
    let efficiency = section.or("efficiency", BatchEfficiency::default(), |value| {
        efficiency(&value).map(BatchEfficiency::new)
    });
    Some(QueueSpec::Batch { max: max?, wait: wait?, efficiency: efficiency? })
}

/// Points [n, factor], ascending in n.
fn efficiency(cursor: &Cursor<'_>) -> Option<Vec<(u32, f64)>> {
    let points: Vec<_> =
        cursor.items("points [requests, factor], such as `[[1, 1], [8, 4]]`")?.collect();
    if points.is_empty() {
        return cursor.refuse("expected at least one point, such as `[[1, 1], [8, 4]]`");
    }
    let mut curve: Vec<(u32, f64)> = Vec::new();
    for point in points {
        let (samples, factor) = point_of(&point)?;
        if curve.last().is_some_and(|(before, _)| *before >= samples) {
            return point.refuse("points must be in the order of their batch sizes, each once");
        }
        curve.push((samples, factor));
    }
    Some(curve)
}

fn point_of(cursor: &Cursor<'_>) -> Option<(u32, f64)> {
    let pair: Vec<_> = cursor.items("a batch size and a factor")?.take(3).collect();
    let [samples, factor] = pair.as_slice() else {
        return cursor.refuse("expected a batch size and a factor, such as `[8, 4]`");
    };
    let samples = integer_u32(samples, 1, MAX_BATCH);
    let factor = number(factor, "from 10⁻⁶ to 10⁶", |factor| {
        (1.0 / MAX_EFFICIENCY..=MAX_EFFICIENCY).contains(&factor)
    });
    Some((samples?, factor?))
}
