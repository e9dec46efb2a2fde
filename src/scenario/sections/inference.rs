//! `inference`: traffic, policy and outcomes.

use super::{arrivals, offload, outcomes};
use crate::scenario::decode::Cursor;
use crate::scenario::model::{InferenceSpec, OffloadSpec, OutcomeSpec, WarmupSpec};
use crate::scenario::numbers::unit_number;
use crate::scenario::section::Section;
use crate::scenario::units::{duration, positive_duration};
use crate::scenario::vocabulary::{INFERENCE, WARMUP};
use crate::time::SimDuration;
use std::path::Path;

/// The default drain limit is this many durations.
const DRAIN_DURATIONS: u64 = 10;

const NO_WARMUP: WarmupSpec = WarmupSpec::Stated(SimDuration::ZERO);

/// Decodes `inference`; relative paths are taken from `folder`.
pub(super) fn decode(cursor: Cursor<'_>, folder: &Path) -> Option<InferenceSpec> {
    let section = cursor.section(&INFERENCE)?;
    let arrivals = section.required("arrivals", |value| arrivals::decode(value, folder));
    let duration = section.required("duration", positive_duration);
    let warmup = section.or("warmup", NO_WARMUP, |value| warmup(value, duration));
    let drain_limit = drain_limit(&section, duration);
    let outcomes = section
        .or("outcomes", (OutcomeSpec::Learned, None), |value| outcomes::decode(&value, folder));
    let offload = policy(&section, outcomes.as_ref());
    let ood = ood(&section, outcomes.as_ref());
    let deadline = deadline(&section, offload);
    Some(InferenceSpec {
        arrivals: arrivals?,
        duration: duration?,
        warmup: warmup?,
        drain_limit: drain_limit?,
        ood: ood?,
        offload: offload?,
        outcomes: outcomes?.0,
        deadline: deadline?,
    })
}

/// The warm-up: a rule by its name, or a time, which must leave some of `window` to measure.
fn warmup(cursor: Cursor<'_>, window: Option<SimDuration>) -> Option<WarmupSpec> {
    if cursor.as_text().is_some_and(|text| text.starts_with(char::is_alphabetic)) {
        return cursor.word(&WARMUP).map(|_| WarmupSpec::Mser5);
    }
    let warmup = duration(cursor.clone())?;
    match window {
        Some(window) if warmup >= window => {
            cursor.refuse("must be shorter than `duration`, or no request is measured")
        }
        _ => Some(WarmupSpec::Stated(warmup)),
    }
}

fn drain_limit(section: &Section<'_>, window: Option<SimDuration>) -> Option<SimDuration> {
    match section.get("drain_limit") {
        Some(cursor) => duration(cursor),
        // The longest duration was chosen so that this product fits the clock.
        None => window.map(|w| SimDuration::from_nanos(DRAIN_DURATIONS * w.as_nanos())),
    }
}

/// What is known of `outcomes`: `None` if they were refused.
type Outcomes<'a> = Option<&'a (OutcomeSpec, Option<OffloadSpec>)>;

/// The policy: `offload`, or the one that stated outcomes imply.
fn policy(section: &Section<'_>, outcomes: Outcomes<'_>) -> Option<OffloadSpec> {
    match (outcomes, section.get("offload")) {
        (Some((_, Some(_))), Some(cursor)) => cursor.refuse(
            "stated outcomes are offloaded at random with their own `offload` share; leave this \
             key out",
        ),
        (Some((_, Some(implied))), None) => Some(*implied),
        (None, None) => None,
        (Some((OutcomeSpec::Stated { .. }, None)), Some(cursor)) => blind(&cursor),
        (None | Some((_, None)), Some(cursor)) => offload::decode(cursor),
        (Some((_, None)), None) => section.required("offload", offload::decode),
    }
}

/// A policy for stated outcomes, which know only whether an answer is right.
fn blind(cursor: &Cursor<'_>) -> Option<OffloadSpec> {
    let policy = offload::decode(cursor.clone())?;
    if policy.looks_at_client_exit() {
        return cursor.refuse(format!(
            "`{}` looks at the client exit's probabilities, which stated outcomes do not have; use \
             learned outcomes or another policy",
            policy.name()
        ));
    }
    Some(policy)
}

/// What requests are held against: the deadline of the policy, or the one stated for any other.
#[expect(clippy::option_option, reason = "the outer one says whether an error was noted")]
fn deadline(section: &Section<'_>, policy: Option<OffloadSpec>) -> Option<Option<SimDuration>> {
    let kept = policy.and_then(OffloadSpec::deadline);
    match section.get("deadline") {
        Some(cursor) if kept.is_some() => {
            cursor.refuse("the policy `deadline` has its own; leave this key out")
        }
        Some(cursor) => positive_duration(cursor).map(Some),
        None => Some(kept),
    }
}

/// ρ, which learned and replayed outcomes need and stated ones have no use for: they are 0 then.
fn ood(section: &Section<'_>, outcomes: Outcomes<'_>) -> Option<f64> {
    match (outcomes, section.get("ood")) {
        (Some((OutcomeSpec::Stated { .. }, _)), Some(cursor)) => {
            cursor.refuse("stated outcomes do not depend on samples; leave this key out")
        }
        (Some((OutcomeSpec::Stated { .. }, _)), None) => Some(0.0),
        (None, None) => None,
        (_, Some(cursor)) => unit_number(cursor),
        (Some(_), None) => section.required("ood", unit_number),
    }
}
