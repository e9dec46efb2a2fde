//! `offload`: who answers a request.

use crate::scenario::decode::Cursor;
use crate::scenario::model::{AdaptiveSpec, DeadlineSpec, OffloadSpec};
use crate::scenario::numbers::{number, share, unit_number};
use crate::scenario::section::Section;
use crate::scenario::units::positive_duration;
use crate::scenario::vocabulary::{OFFLOAD, OFFLOAD_ADAPTIVE, OFFLOAD_DEADLINE};
use crate::time::SimDuration;

/// After this time a measured round trip counts half, unless the scenario says otherwise.
const HALF_LIFE: SimDuration = SimDuration::from_nanos(1_000_000_000);

pub(super) fn decode(cursor: Cursor<'_>) -> Option<OffloadSpec> {
    // These two have keys of their own beside their name.
    if cursor.entry("deadline").is_some() {
        return deadline(&cursor.section(&OFFLOAD_DEADLINE)?).map(OffloadSpec::Deadline);
    }
    if cursor.entry("adaptive").is_some() {
        return adaptive(&cursor.section(&OFFLOAD_ADAPTIVE)?).map(OffloadSpec::Adaptive);
    }
    let variant = cursor.variant(&OFFLOAD)?;
    match variant.name {
        "client-exit" => variant.bare(OffloadSpec::ClientExit),
        "client-only" => variant.bare(OffloadSpec::ClientOnly),
        "server-only" => variant.bare(OffloadSpec::ServerOnly),
        "server-exit" => variant.bare(OffloadSpec::ServerExit),
        "oracle" => variant.bare(OffloadSpec::Oracle),
        "entropy" => threshold(variant.argument("entropy: 1.2")?).map(OffloadSpec::Entropy),
        "margin" => unit_number(variant.argument("margin: 0.5")?.clone()).map(OffloadSpec::Margin),
        "random" => share(variant.argument("random: 0.3")?.clone()).map(OffloadSpec::Random),
        // As mappings both were decoded above; what is left is the bare word.
        "deadline" => variant.argument("deadline: 100 ms").and(None),
        "adaptive" => variant.argument("adaptive: 200 ms").and(None),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn deadline(section: &Section<'_>) -> Option<DeadlineSpec> {
    let limit = section.required("deadline", positive_duration);
    let entropy = section.optional("entropy", |value| threshold(&value));
    let half_life = half_life(section);
    Some(DeadlineSpec { limit: limit?, entropy: entropy?, half_life: half_life? })
}

fn adaptive(section: &Section<'_>) -> Option<AdaptiveSpec> {
    let price = section.required("adaptive", positive_duration);
    let half_life = half_life(section);
    Some(AdaptiveSpec { price: price?, half_life: half_life? })
}

fn half_life(section: &Section<'_>) -> Option<SimDuration> {
    section.or("half_life", HALF_LIFE, positive_duration)
}

/// An entropy threshold E_th in nats.
pub(super) fn threshold(cursor: &Cursor<'_>) -> Option<f64> {
    number(cursor, "of nats from 0 on", |threshold| threshold >= 0.0)
}
