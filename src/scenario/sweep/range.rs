//! Values in equal steps or equal ratios.

use super::value::yaml;
use crate::scenario::decode::Cursor;
use crate::scenario::measure::Measure;
use crate::scenario::numbers::integer_u32;
use crate::scenario::vocabulary::{SWEEP_RANGE, SWEEP_SCALE};
use serde_yaml::Value;

/// Values of one range.
const MAX_STEPS: u32 = 1_000;

/// `{ from:, to:, steps: | by:, scale: linear | log }`: both ends and `steps` − 2 values between
/// them, or every `by` from `from` on.
pub(super) fn decode(cursor: &Cursor<'_>) -> Option<Vec<Value>> {
    let section = cursor.section(&SWEEP_RANGE)?;
    let from = section.required("from", |value| measure(&value));
    let to = section.required("to", |value| measure(&value));
    let steps = section.optional("steps", |value| integer_u32(&value, 2, MAX_STEPS));
    let by = section.optional("by", |value| measure(&value));
    let scale = section.or("scale", "linear", |value| value.word(&SWEEP_SCALE));
    let (from, to, steps, by, scale) = (from?, to?, steps?, by?, scale?);
    let unit = from.unit.clone();
    let same_unit = |key: &str, other: &Measure| {
        if other.unit == unit {
            return Some(());
        }
        section.get(key)?.refuse(format!(
            "`{}` and `from`, `{}`, differ in their units; write all of a range in one",
            other.text(),
            from.text()
        ))
    };
    same_unit("to", &to)?;
    if to.number <= from.number {
        return section.get("to")?.refuse("must be larger than `from`; list other orders");
    }
    let numbers = match (steps, by) {
        (Some(steps), None) if scale == "linear" => linear(from.number, to.number, steps),
        (Some(steps), None) if from.number > 0.0 => logarithmic(from.number, to.number, steps),
        (None, Some(by)) if scale == "linear" => {
            same_unit("by", &by)?;
            every(&section.get("by")?, from.number, to.number, by.number)?
        }
        (Some(_), None) => {
            return section.get("from")?.refuse("a logarithmic scale begins above zero");
        }
        (None, Some(_)) => {
            return section.get("by")?.refuse("a logarithmic scale has `steps`, not `by`");
        }
        _ => return cursor.refuse("a range has either `steps` or `by`"),
    };
    Some(numbers.map(|number| yaml(&Measure { number, unit: unit.clone() })).collect())
}

type Numbers = Box<dyn Iterator<Item = f64>>;

fn linear(from: f64, to: f64, steps: u32) -> Numbers {
    let width = (to - from) / f64::from(steps - 1);
    Box::new((0..steps).map(move |step| from + width * f64::from(step)))
}

fn logarithmic(from: f64, to: f64, steps: u32) -> Numbers {
    let ratio = (to / from).ln() / f64::from(steps - 1);
    Box::new((0..steps).map(move |step| from * (ratio * f64::from(step)).exp()))
}

fn every(cursor: &Cursor<'_>, from: f64, to: f64, by: f64) -> Option<Numbers> {
    /// What rounding may take from the last step.
    const SLACK: f64 = 1e-9;
    let last = ((to - from) / by + SLACK).floor();
    if by.is_nan() || by <= 0.0 || last >= f64::from(MAX_STEPS) {
        return cursor.refuse(format!(
            "must be above zero and give at most {MAX_STEPS} values, got {}",
            cursor.describe()
        ));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 999")]
    let last = last as u32;
    Some(Box::new((0..=last).map(move |step| from + by * f64::from(step))))
}

fn measure(cursor: &Cursor<'_>) -> Option<Measure> {
    let measure = match cursor.value() {
        Value::Number(number) => {
            number.as_f64().map(|number| Measure { number, unit: String::new() })
        }
        Value::String(text) => Measure::read(text),
        _ => None,
    };
    match measure.filter(|measure| measure.number.is_finite()) {
        Some(measure) => Some(measure),
        None => cursor.refuse_kind("a number, with the unit that the key takes"),
    }
}
