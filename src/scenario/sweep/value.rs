//! One value of a swept key.

use crate::scenario::measure::{Measure, SiValue, rounded};
use crate::scenario::positions::Spot;
use serde_yaml::Value;
use std::fmt::Write as _;

/// A value that a key path takes, and where it stands.
#[derive(Debug, Clone)]
pub struct SweptValue {
    pub(in crate::scenario) value: Value,
    pub(in crate::scenario) spot: Spot,
}

impl SweptValue {
    /// A value that stands in no file.
    pub(in crate::scenario) fn of(value: Value) -> Self {
        let nowhere = crate::scenario::Position { line: 1, column: 1 };
        Self { value, spot: Spot::scalar(nowhere) }
    }

    /// `measure` as a scenario states it: a number, or a text with its unit.
    pub fn of_measure(measure: &Measure) -> Self {
        Self::of(yaml(measure))
    }

    /// As the file states it; lists and mappings in one line.
    pub fn text(&self) -> String {
        let mut text = String::new();
        write_flow(&mut text, &self.value);
        text
    }

    /// The number and its unit, if it is one.
    pub fn measure(&self) -> Option<Measure> {
        match &self.value {
            Value::Number(number) => {
                Some(Measure { number: number.as_f64()?, unit: String::new() })
            }
            Value::String(text) => Measure::read(text),
            _ => None,
        }
    }

    /// The number in its base unit, if it is one.
    pub fn si(&self) -> Option<SiValue> {
        self.measure()?.si()
    }
}

/// A number as YAML would read it: whole ones as integers.
pub(super) fn yaml(measure: &Measure) -> Value {
    /// From here on not every integer is a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = rounded(measure.number);
    if !measure.unit.is_empty() {
        return Value::String(measure.text());
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2⁵³")]
    if number.fract() == 0.0 && number.abs() < EXACT {
        return Value::from(number as i64);
    }
    Value::from(number)
}

/// Recursion is bounded by the depth that a document may have.
fn write_flow(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push('~'),
        Value::Bool(value) => _ = write!(text, "{value}"),
        Value::Number(value) => _ = write!(text, "{value}"),
        Value::String(value) => text.push_str(value),
        Value::Sequence(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write_flow(text, item);
            }
            text.push(']');
        }
        Value::Mapping(mapping) => {
            text.push('{');
            for (index, (key, value)) in mapping.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write_flow(text, key);
                text.push_str(": ");
                write_flow(text, value);
            }
            text.push('}');
        }
        Value::Tagged(_) => unreachable!("tags were refused with the positions"),
    }
}
