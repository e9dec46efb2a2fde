//! `training`: the method and its hyperparameters.

use super::method;
use crate::scenario::decode::Cursor;
use crate::scenario::model::{Method, TrainingSpec};
use crate::scenario::numbers::{integer_u32, number};
use crate::scenario::units::duration;
use crate::scenario::vocabulary::{LEARNING_RATE, TRAINING};
use crate::time::SimDuration;

/// Rounds, updates, samples and retries beyond which no run would end.
const MAX_COUNT: u32 = 1_000_000;

const DEFAULT_RETRY_AFTER: SimDuration = SimDuration::from_nanos(1_000_000_000);
const DEFAULT_RETRIES: u32 = 7;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<TrainingSpec> {
    let count = |value: Cursor<'_>| integer_u32(&value, 1, MAX_COUNT);
    let section = cursor.section(&TRAINING)?;
    let methods = section.or("method", vec![Method::SplitGp], |value| method::decode(&value));
    let rounds = section.required("rounds", count);
    let local_updates = section.required("local_updates", count);
    let batch_size = section.required("batch_size", count);
    let learning_rate = section.required("learning_rate", learning_rate);
    let gamma = method::weight(&section, &method::GAMMA, methods.as_deref());
    let lambda = method::weight(&section, &method::LAMBDA, methods.as_deref());
    let retry_after = section.or("retry_after", DEFAULT_RETRY_AFTER, duration);
    let retries = section.or("retries", DEFAULT_RETRIES, |value| integer_u32(&value, 0, MAX_COUNT));
    let mut methods = methods?.into_iter();
    Some(TrainingSpec {
        method: methods.next()?,
        compared_with: methods.collect(),
        rounds: rounds?,
        local_updates: local_updates?,
        batch_size: batch_size?,
        learning_rate: learning_rate?,
        gamma: gamma?,
        lambda: lambda?,
        retry_after: retry_after?,
        retries: retries?,
    })
}

fn learning_rate(cursor: Cursor<'_>) -> Option<f64> {
    let cursor = cursor.refuse_planned(&LEARNING_RATE)?;
    number(&cursor, "above 0, at most 1000", |rate| rate > 0.0 && rate <= 1000.0)
}
