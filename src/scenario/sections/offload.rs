//! `offload`: who answers a request.

use crate::scenario::decode::Cursor;
use crate::scenario::model::OffloadSpec;
use crate::scenario::numbers::{number, share};
use crate::scenario::vocabulary::OFFLOAD;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<OffloadSpec> {
    let variant = cursor.variant(&OFFLOAD)?;
    match variant.name {
        "client-exit" => variant.bare(OffloadSpec::ClientExit),
        "client-only" => variant.bare(OffloadSpec::ClientOnly),
        "server-only" => variant.bare(OffloadSpec::ServerOnly),
        "server-exit" => variant.bare(OffloadSpec::ServerExit),
        "entropy" => threshold(variant.argument("entropy: 1.2")?).map(OffloadSpec::Entropy),
        "random" => share(variant.argument("random: 0.3")?.clone()).map(OffloadSpec::Random),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

/// An entropy threshold E_th in nats.
pub(super) fn threshold(cursor: &Cursor<'_>) -> Option<f64> {
    number(cursor, "of nats from 0 on", |threshold| threshold >= 0.0)
}
