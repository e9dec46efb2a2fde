//! The events of a run, as far as a record keeps them.

use super::trail::Trail;
use crate::kernel::EventRecord;
use crate::quantity::Bytes;
use crate::time::SimTime;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Events that a record keeps in full. With delta coding and compression that is some tens of
/// kilobytes; later ones are known by the hashes of their [`Trail`].
pub(super) const FULL_EVENTS: usize = 8_000;

/// One event by its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggedEvent {
    /// When it is handled.
    pub time: SimTime,
    /// The number of the actor that scheduled it.
    pub source: u32,
    /// The number of the actor that handles it.
    pub target: u32,
    /// Its kind's number.
    pub kind: u16,
    /// The bytes it stands for.
    pub size: u64,
}

/// One event by names, as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownEvent {
    /// Its number in its run, from 1.
    pub number: u64,
    /// Nanoseconds of simulated time.
    pub time_ns: u64,
    /// Who scheduled it.
    pub source: String,
    /// Who handles it.
    pub target: String,
    /// Its kind.
    pub kind: String,
    /// The bytes it stands for.
    pub size: u64,
}

/// The first events of a run, their names, and hashes of all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventLog {
    /// How many events the run has.
    pub count: u64,
    /// The first ones.
    pub events: Vec<LoggedEvent>,
    /// Paths of the actors that they name, by number.
    pub actors: BTreeMap<u32, String>,
    /// Names of their kinds, by number.
    pub kinds: BTreeMap<u16, String>,
    /// Hashes along all events.
    pub trail: Trail,
}

impl LoggedEvent {
    /// The event of this record.
    pub(super) fn of(event: &EventRecord) -> Self {
        let number = |index: usize| u32::try_from(index).expect("an actor's number has 30 bits");
        Self {
            time: event.time,
            source: number(event.source.index()),
            target: number(event.target.index()),
            kind: event.kind,
            size: event.size,
        }
    }
}

impl EventLog {
    /// The event at `index` by names; `None` if it is not kept.
    pub fn shown(&self, index: usize) -> Option<ShownEvent> {
        let event = self.events.get(index)?;
        let actor = |number: u32| self.actors.get(&number).cloned().unwrap_or_default();
        Some(ShownEvent {
            number: index as u64 + 1,
            time_ns: event.time.as_nanos(),
            source: actor(event.source),
            target: actor(event.target),
            kind: self.kinds.get(&event.kind).cloned().unwrap_or_default(),
            size: event.size,
        })
    }

    /// Whether all events are kept.
    pub fn is_whole(&self) -> bool {
        self.events.len() as u64 == self.count
    }
}

impl fmt::Display for ShownEvent {
    /// `t=1.234567000 s pi/0/up → server "smashed data up" 57.6 kB`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, target, kind, .. } = self;
        let time = SimTime::from_nanos(self.time_ns);
        let endpoints =
            if source == target { source.clone() } else { format!("{source} → {target}") };
        write!(f, "t={time} {endpoints} \"{kind}\"")?;
        if self.size > 0 { write!(f, " {}", Bytes(self.size)) } else { Ok(()) }
    }
}
