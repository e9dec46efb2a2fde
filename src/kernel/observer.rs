//! Watching a run.

use super::event::ActorId;
use super::paths::Paths;
use crate::time::SimTime;
use std::rc::Rc;

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
    /// Called once before the actors are started, with their path names.
    fn begins(&mut self, _actors: &Rc<Paths>) {}

    /// Called for each event in the order of handling.
    fn event(&mut self, event: &EventRecord);
}
