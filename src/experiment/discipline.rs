//! The server's queue as the scenario states it and as its actor keeps it.

use crate::actors::ServerDiscipline;
use crate::scenario::{PrioritySpec, QueueSpec, ServerSpec};
use crate::station::{BatchRule, JobClass};
use crate::time::SimDuration;
use std::num::NonZeroU32;

/// How `server` serves. A queue with priority is one of batches of one that wait for nobody.
pub(super) fn discipline(server: &ServerSpec) -> ServerDiscipline {
    let first = server.priority.map(|priority| match priority {
        PrioritySpec::Inference => JobClass::Inference,
        PrioritySpec::Training => JobClass::Training,
    });
    match &server.queue {
        QueueSpec::ProcessorSharing => ServerDiscipline::ProcessorSharing,
        QueueSpec::Fifo if first.is_none() => ServerDiscipline::Fifo,
        QueueSpec::Fifo => ServerDiscipline::Batch(BatchRule {
            max: NonZeroU32::MIN,
            wait: SimDuration::ZERO,
            first,
        }),
        QueueSpec::Batch { max, wait, .. } => ServerDiscipline::Batch(BatchRule {
            max: NonZeroU32::new(*max).expect("validated: at least 1"),
            wait: *wait,
            first,
        }),
    }
}
