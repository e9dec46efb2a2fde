//! Some events in the midst of a run.

use super::log::{EventLog, LoggedEvent, ShownEvent};
use crate::kernel::{EventRecord, Observer, Paths};
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

/// Keeps the events with the numbers in `range`, counted from 0; its clones keep them in the same
/// place.
#[derive(Clone)]
pub(super) struct Window {
    range: Range<u64>,
    seen: Rc<RefCell<Seen>>,
}

#[derive(Default)]
struct Seen {
    paths: Rc<Paths>,
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
    fn begins(&mut self, actors: &Rc<Paths>) {
        self.seen.borrow_mut().paths = Rc::clone(actors);
    }

    fn event(&mut self, event: &EventRecord) {
        let mut seen = self.seen.borrow_mut();
        let number = seen.count;
        seen.count += 1;
        if !self.range.contains(&number) {
            return;
        }
        let logged = LoggedEvent::of(event);
        for (actor, number) in [(event.source, logged.source), (event.target, logged.target)] {
            let path = seen.paths.of(actor).to_owned();
            seen.log.actors.insert(number, path);
        }
        seen.log.kinds.insert(logged.kind, event.kind_name.to_owned());
        seen.log.events.push(logged);
    }
}
