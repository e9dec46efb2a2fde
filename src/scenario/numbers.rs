//! Numbers without dimension: counts, weights and shares.

use super::decimal::Decimal;
use super::decode::Cursor;
use std::ops::RangeInclusive;

/// An integer in `range`.
pub(super) fn integer(cursor: &Cursor<'_>, range: RangeInclusive<u64>) -> Option<u64> {
    let (low, high) = (range.start(), range.end());
    match cursor.value().as_u64() {
        Some(number) if range.contains(&number) => Some(number),
        _ => cursor.refuse_kind(&format!("an integer from {low} to {high}")),
    }
}

/// An integer from `low` to `high`.
pub(super) fn integer_u32(cursor: &Cursor<'_>, low: u32, high: u32) -> Option<u32> {
    let number = integer(cursor, u64::from(low)..=u64::from(high))?;
    Some(u32::try_from(number).expect("the range ends below 2³²"))
}

/// A finite number without dimension for which `allowed` (in words: `bounds`) holds.
pub(super) fn number(
    cursor: &Cursor<'_>,
    bounds: &str,
    allowed: impl FnOnce(f64) -> bool,
) -> Option<f64> {
    match cursor.value().as_f64() {
        Some(number) if number.is_finite() && allowed(number) => Some(positive_zero(number)),
        _ => cursor.refuse_kind(&format!("a number {bounds}")),
    }
}

/// A number in [0, 1].
pub(super) fn unit_number(cursor: Cursor<'_>) -> Option<f64> {
    number(&cursor, "from 0 to 1", |number| (0.0..=1.0).contains(&number))
}

/// `true` or `false`.
pub(super) fn truth(cursor: Cursor<'_>) -> Option<bool> {
    cursor.value().as_bool().or_else(|| cursor.refuse_kind("`true` or `false`"))
}

/// A share in [0, 1], as a number or a percentage: `0.003` or `0.3%`.
pub(super) fn share(cursor: Cursor<'_>) -> Option<f64> {
    match share_of(&cursor) {
        Some(share) if (0.0..=1.0).contains(&share) => Some(share),
        _ => cursor.refuse_kind("a share from 0 to 1, or from 0% to 100%"),
    }
}

/// A probability in [0, 1), as a number or a percentage.
pub(super) fn share_below_one(cursor: Cursor<'_>) -> Option<f64> {
    match share_of(&cursor) {
        Some(share) if (0.0..1.0).contains(&share) => Some(share),
        _ => cursor.refuse_kind("a share from 0 to below 1, such as `0.3%`"),
    }
}

fn share_of(cursor: &Cursor<'_>) -> Option<f64> {
    match cursor.as_text() {
        Some(text) => match Decimal::read_prefix(text)? {
            (number, rest) if rest.trim() == "%" => Some(number.to_f64(-2)),
            _ => None,
        },
        None => cursor.value().as_f64().map(positive_zero),
    }
}

/// `-0.0` as `0.0`: they are equal, and only one of them prints well.
fn positive_zero(number: f64) -> f64 {
    number + 0.0
}
