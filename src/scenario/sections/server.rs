//! `server`.

use super::{device, network};
use crate::scenario::decode::Cursor;
use crate::scenario::model::ServerSpec;
use crate::scenario::numbers::integer_u32;
use crate::scenario::vocabulary::{QUEUE, SERVER};

/// Workers of the edge server.
const MAX_WORKERS: u32 = 1_000_000;

/// The node that a server without `attach` is at.
const DEFAULT_NODE: &str = "server";

pub(super) fn decode(cursor: Cursor<'_>) -> Option<ServerSpec> {
    let section = cursor.section(&SERVER)?;
    let device = section.required("device", device::decode);
    let workers = section.or("workers", 1, |value| integer_u32(&value, 1, MAX_WORKERS));
    let queue = section.or("queue", "fifo", |value| value.word(&QUEUE));
    let attach = section.or("attach", DEFAULT_NODE, |value| network::node_name(&value));
    queue?;
    Some(ServerSpec { device: device?, workers: workers?, attach: attach?.to_owned() })
}
