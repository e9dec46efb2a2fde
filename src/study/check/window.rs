//! Some events in the midst of a run.

use super::log::{EventLog, LoggedEvent, ShownEvent};
use crate::kernel::{EventRecord, Observer};
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Keeps the events with the numbers in `range`, counted from 0; its clones keep them in the same
/// place.
#[derive(Clone)]
pub(super) struct Window {
    range: Range<u64>,
    seen: Rc<RefCell<Seen>>,
}

#[derive(Default)]
struct Seen {
    paths: Vec<Arc<str>>,
    count: u64,
    log: EventLog,
}

impl Window {
    pub(super) fn new(range: Range<u64>) -> Self {
        Self { range, seen: Rc::default() }
    }

    /// What it has seen.
    pub(super) fn events(&self) -> Vec<ShownEvent> {
        let seen = self.seen.borrow();
        let shown = (0..seen.log.events.len()).filter_map(|index| seen.log.shown(index));
        shown.map(|event| ShownEvent { number: event.number + self.range.start, ..event }).collect()
    }
}

impl Observer for Window {
    fn begins(&mut self, actors: &[Arc<str>]) {
        self.seen.borrow_mut().paths = actors.to_vec();
    }

    fn event(&mut self, event: &EventRecord) {
        let mut seen = self.seen.borrow_mut();
        let number = seen.count;
        seen.count += 1;
        if !self.range.contains(&number) {
            return;
        }
        let logged = LoggedEvent::of(event);
        for actor in [logged.source, logged.target] {
            let path = seen.paths[actor as usize].to_string();
            seen.log.actors.insert(actor, path);
        }
        seen.log.kinds.insert(logged.kind, event.kind_name.to_owned());
        seen.log.events.push(logged);
    }
}
