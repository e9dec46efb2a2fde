//! `server` and `network`.

use super::device;
use super::drawn::refuse_drawn;
use crate::quantity::Bytes;
use crate::scenario::decode::Cursor;
use crate::scenario::model::{NetworkSpec, ServerSpec};
use crate::scenario::numbers::integer_u32;
use crate::scenario::units::size_up_to;
use crate::scenario::vocabulary::{NETWORK, QUEUE, SERVER};

/// Workers of the edge server.
const MAX_WORKERS: u32 = 1_000_000;

/// The largest header: headers of all messages must be countable in 64 bits.
const MAX_HEADER: Bytes = Bytes(1_000_000);

pub(super) fn decode(cursor: Cursor<'_>) -> Option<ServerSpec> {
    let section = cursor.section(&SERVER)?;
    let device = section.required("device", |value| {
        let device = device::decode(value.clone())?;
        refuse_drawn(&value, device)
    });
    let workers = section.or("workers", 1, |value| integer_u32(&value, 1, MAX_WORKERS));
    let queue = section.or("queue", "fifo", |value| value.word(&QUEUE));
    queue?;
    Some(ServerSpec { device: device?, workers: workers? })
}

pub(super) fn network(cursor: Cursor<'_>) -> Option<NetworkSpec> {
    let section = cursor.section(&NETWORK)?;
    let header = section.or("header", Bytes(0), |value| size_up_to(&value, MAX_HEADER));
    Some(NetworkSpec { header: header? })
}
