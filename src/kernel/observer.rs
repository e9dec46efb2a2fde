//! Watching a run.

use super::event::ActorId;
use crate::time::SimTime;
use std::sync::Arc;

/// One event as it is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventRecord {
    /// When it is handled.
    pub time: SimTime,
    /// Who scheduled it.
    pub source: ActorId,
    /// Who handles it.
    pub target: ActorId,
    /// The message's [`kind`](super::SimMessage::kind).
    pub kind: u16,
    /// The message's [`kind_name`](super::SimMessage::kind_name).
    pub kind_name: &'static str,
    /// The bytes the message stands for.
    pub size: u64,
}

/// Sees every event just before it is handled and can change nothing.
pub trait Observer {
    /// Called once before the actors are started, with each one's path in the order of their
    /// numbers.
    fn begins(&mut self, _actors: &[Arc<str>]) {}

    /// Called for each event in the order of handling.
    fn event(&mut self, event: &EventRecord);
}
