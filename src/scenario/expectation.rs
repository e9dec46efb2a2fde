//! `expect`: what the results are expected to be.
//!
//! A path names a figure of `summary.json`, which this language does not know: whoever writes that
//! file reads the bands, with errors that point here.

use super::decode::Cursor;
use super::errors::{Position, ScenarioError};
use super::source::SourceMap;
use serde_yaml::Value;

/// Expectations that one scenario may state.
const MAX_EXPECTATIONS: usize = 1000;

/// A figure and what it is expected to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The figure's path in `summary.json` without the suffixes of units: `inference.latency.p99`.
    pub path: String,
    /// The band that it is to lie in, as the scenario states it: `< 120 ms`.
    pub text: String,
    /// Where the path stands.
    pub key: Position,
    /// Where the band stands.
    pub value: Position,
}

impl Expectation {
    /// An error about its path, in the scenario of `source`.
    pub fn path_error(&self, source: &SourceMap, message: String) -> ScenarioError {
        source.error_at(self.key, &format!("expect.{}", self.path), message)
    }

    /// An error about its band.
    pub fn band_error(&self, source: &SourceMap, message: String) -> ScenarioError {
        source.error_at(self.value, &format!("expect.{}", self.path), message)
    }
}

/// Decodes `expect`.
pub(super) fn decode(cursor: &Cursor<'_>) -> Option<Vec<Expectation>> {
    let entries: Vec<_> = cursor
        .entries("figures and their bands, such as `inference.latency.p99: \"< 120 ms\"`")?
        .collect();
    if entries.len() > MAX_EXPECTATIONS {
        let count = entries.len();
        return cursor
            .refuse(format!("has {count} entries; at most {MAX_EXPECTATIONS} are checked"));
    }
    // All are looked at, so that all that are wrong are told.
    let decoded: Vec<_> =
        entries.into_iter().map(|(path, value)| expectation(path, &value)).collect();
    decoded.into_iter().collect()
}

fn expectation(path: String, cursor: &Cursor<'_>) -> Option<Expectation> {
    let text = match cursor.value() {
        Value::String(text) if !text.trim().is_empty() => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return cursor.refuse_kind("a band such as `< 120 ms`, `6.1 s ± 1%` or `== 3`"),
    };
    let spot = cursor.spot();
    Some(Expectation { path, text, key: spot.key, value: spot.place() })
}
