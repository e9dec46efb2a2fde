//! `participation`, `deadline`, `aggregation` and `server_model`: how training rounds go.

use crate::scenario::decode::Cursor;
use crate::scenario::model::{AggregationSpec, Method, ServerModelSpec, StalenessSpec};
use crate::scenario::numbers::{integer_u32, number, share};
use crate::scenario::section::Section;
use crate::scenario::units::positive_duration;
use crate::scenario::vocabulary::{AGGREGATION, ASYNCHRONOUS, HINGE, SERVER_MODEL, STALENESS};

/// Exponents and slopes beyond which a stale update weighs nothing.
const MAX_STEEPNESS: f64 = 1e6;

/// Updates that may lie between a client's models and its update: more are never made.
const MAX_STALENESS: u32 = 1_000_000;

const DEFAULT_MIXING: f64 = 0.6;

/// Decodes when updates are aggregated, from the keys of `training`.
pub(super) fn aggregation(section: &Section<'_>) -> Option<AggregationSpec> {
    let aggregation = section.or("aggregation", AggregationSpec::DEFAULT, |value| mode(&value));
    let participation = section.optional("participation", positive_share);
    let deadline = section.optional("deadline", positive_duration);
    let (participation, deadline) = (participation?, deadline?);
    match aggregation? {
        AggregationSpec::Synchronous { .. } => Some(AggregationSpec::Synchronous {
            participation: participation.unwrap_or(1.0),
            deadline,
        }),
        asynchronous @ AggregationSpec::Asynchronous { .. } => {
            no_rounds(section)?;
            Some(asynchronous)
        }
    }
}

/// Asynchronous aggregation has no rounds that could be cut short or drawn for.
fn no_rounds(section: &Section<'_>) -> Option<()> {
    let refused = [
        ("deadline", "no round waits for a straggler under `aggregation: asynchronous`"),
        ("participation", "every client trains all the time under `aggregation: asynchronous`"),
    ];
    let refuse = |(key, reason): (&str, &str)| match section.get(key) {
        Some(value) => value.refuse(format!("{reason}; leave one of the two keys out")),
        None => Some(()),
    };
    refused.map(refuse).into_iter().collect()
}

fn positive_share(cursor: Cursor<'_>) -> Option<f64> {
    match share(cursor.clone())? {
        0.0 => cursor.refuse("is 0: nobody would ever take part; allowed: above 0, at most 1"),
        share => Some(share),
    }
}

fn mode(cursor: &Cursor<'_>) -> Option<AggregationSpec> {
    let variant = cursor.variant(&AGGREGATION)?;
    match variant.name {
        "synchronous" => variant.bare(AggregationSpec::DEFAULT),
        "asynchronous" => asynchronous(
            variant.argument("asynchronous: { mixing: 0.6, staleness: { polynomial: 0.5 } }")?,
        ),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn asynchronous(cursor: &Cursor<'_>) -> Option<AggregationSpec> {
    let section = cursor.section(&ASYNCHRONOUS)?;
    let mixing = section.or("mixing", DEFAULT_MIXING, |value| {
        number(&value, "above 0, at most 1", |mixing| mixing > 0.0 && mixing <= 1.0)
    });
    let staleness = section.or("staleness", StalenessSpec::Constant, |value| staleness(&value));
    Some(AggregationSpec::Asynchronous { mixing: mixing?, staleness: staleness? })
}

fn staleness(cursor: &Cursor<'_>) -> Option<StalenessSpec> {
    let variant = cursor.variant(&STALENESS)?;
    match variant.name {
        "constant" => variant.bare(StalenessSpec::Constant),
        "polynomial" => {
            steepness(variant.argument("polynomial: 0.5")?).map(StalenessSpec::Polynomial)
        }
        "hinge" => hinge(variant.argument("hinge: { after: 4, slope: 10 }")?),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn hinge(cursor: &Cursor<'_>) -> Option<StalenessSpec> {
    let section = cursor.section(&HINGE)?;
    let after = section.required("after", |value| integer_u32(&value, 0, MAX_STALENESS));
    let slope = section.required("slope", |value| steepness(&value));
    Some(StalenessSpec::Hinge { after: after?, slope: slope? })
}

fn steepness(cursor: &Cursor<'_>) -> Option<f64> {
    number(cursor, "from 0 to 10⁶", |number| (0.0..=MAX_STEEPNESS).contains(&number))
}

/// Decodes how many models the server trains.
pub(super) fn server_model(cursor: Cursor<'_>) -> Option<ServerModelSpec> {
    match cursor.word(&SERVER_MODEL)? {
        "per-client" => Some(ServerModelSpec::PerClient),
        "shared" => Some(ServerModelSpec::Shared),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

/// One θ that moves with every mini-batch leaves nothing to merge when an update arrives, and is not
/// there at all where the full model is on the device. A method that averages nothing has no rounds
/// to take part in.
pub(super) fn agree(
    section: &Section<'_>,
    methods: Option<&[Method]>,
    aggregation: Option<AggregationSpec>,
    server_model: Option<ServerModelSpec>,
) -> Option<()> {
    for &method in methods.unwrap_or_default() {
        fits(section, method, server_model)?;
    }
    match (aggregation, server_model) {
        (Some(AggregationSpec::Asynchronous { .. }), Some(ServerModelSpec::Shared)) => {
            section.get("server_model")?.refuse(
                "with `aggregation: asynchronous` each client's copy of θ is merged as its update \
                 arrives, and `shared` has no copies; use `per-client` or `synchronous`",
            )
        }
        _ => Some(()),
    }
}

fn fits(
    section: &Section<'_>,
    method: Method,
    server_model: Option<ServerModelSpec>,
) -> Option<()> {
    let name = method.name();
    if server_model == Some(ServerModelSpec::Shared) && !method.layout().is_split() {
        return section.get("server_model")?.refuse(format!(
            "`{name}` trains the full model on the device, so that the server has no θ to share; \
             `shared` needs splitgp, multi-exit or splitfed"
        ));
    }
    let of_rounds = ["participation", "deadline", "aggregation"].map(|key| section.get(key));
    match of_rounds.into_iter().flatten().next() {
        Some(value) if !method.averages() => value.refuse(format!(
            "under `{name}` each client trains alone and nothing is aggregated; leave this key out"
        )),
        _ => Some(()),
    }
}
