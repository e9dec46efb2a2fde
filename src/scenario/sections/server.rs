//! `server`.

use super::{device, network, queue};
use crate::scenario::decode::Cursor;
use crate::scenario::model::{PrioritySpec, QueueSpec, ServerSpec};
use crate::scenario::numbers::integer_u32;
use crate::scenario::section::Section;
use crate::scenario::vocabulary::{PRIORITY, SERVER};

/// Workers of the edge server.
const MAX_WORKERS: u32 = 1_000_000;

/// The node that a server without `attach` is at.
const DEFAULT_NODE: &str = "server";

pub(super) fn decode(cursor: Cursor<'_>) -> Option<ServerSpec> {
    let section = cursor.section(&SERVER)?;
    let device = section.required("device", device::decode);
    let workers = section.or("workers", 1, |value| integer_u32(&value, 1, MAX_WORKERS));
    let queue = section.or("queue", QueueSpec::Fifo, |value| queue::decode(&value));
    let priority = section.or("priority", None, |value| priority(&value));
    let buffer = section.optional("buffer", buffer);
    let attach = section.or("attach", DEFAULT_NODE, |value| network::node_name(&value));
    no_power(&section)?;
    let spec = ServerSpec {
        device: device?,
        workers: workers?,
        queue: queue?,
        priority: priority?,
        buffer: buffer?,
        attach: attach?.to_owned(),
    };
    if spec.queue == QueueSpec::ProcessorSharing && spec.priority.is_some() {
        return section.get("priority")?.refuse(
            "under `processor-sharing` every job is served at once, so that none comes first; use \
             `queue: fifo` or leave this key out",
        );
    }
    Some(spec)
}

fn no_power(section: &Section<'_>) -> Option<()> {
    match section.get("device").and_then(|device| device.entry("power")) {
        Some(power) => power.refuse(
            "the energy of the fleet's devices is counted, not that of the server; leave this key \
             out",
        ),
        None => Some(()),
    }
}

/// The most jobs that a queue and its workers hold together.
pub(super) fn buffer(cursor: Cursor<'_>) -> Option<u32> {
    integer_u32(&cursor, 1, u32::MAX)
}

fn priority(cursor: &Cursor<'_>) -> Option<Option<PrioritySpec>> {
    match cursor.word(&PRIORITY)? {
        "none" => Some(None),
        "inference" => Some(Some(PrioritySpec::Inference)),
        "training" => Some(Some(PrioritySpec::Training)),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}
