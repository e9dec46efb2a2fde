//! `output`: which rows are written.

use crate::scenario::decode::Cursor;
use crate::scenario::model::OutputSpec;
use crate::scenario::numbers::share;
use crate::scenario::vocabulary::{OUTPUT, OUTPUT_REQUESTS};

/// Every request has its row.
pub(super) const DEFAULT: OutputSpec = OutputSpec { requests: 1.0 };

pub(super) fn decode(cursor: Cursor<'_>) -> Option<OutputSpec> {
    let section = cursor.section(&OUTPUT)?;
    let requests = section.or("requests", DEFAULT.requests, requests);
    Some(OutputSpec { requests: requests? })
}

/// A share of all requests: by a word, or by a number or percentage.
fn requests(cursor: Cursor<'_>) -> Option<f64> {
    let is_word = cursor.as_text().is_some_and(|text| text.starts_with(char::is_alphabetic));
    if !is_word {
        return share(cursor);
    }
    match cursor.word(&OUTPUT_REQUESTS)? {
        "all" => Some(1.0),
        "none" => Some(0.0),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}
