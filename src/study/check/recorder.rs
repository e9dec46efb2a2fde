//! Watches a run and notes what a record keeps of it.

use super::ingredients::{IngredientHashes, Ingredients};
use super::log::{EventLog, FULL_EVENTS, LoggedEvent};
use super::trail::Trailing;
use crate::kernel::{EventRecord, Observer, Paths};
use std::cell::RefCell;
use std::rc::Rc;

/// Notes events; its clones note into the same place.
#[derive(Clone, Default)]
pub(super) struct Recorder(Rc<RefCell<Notes>>);

#[derive(Default)]
struct Notes {
    paths: Rc<Paths>,
    hashes: IngredientHashes,
    trailing: Trailing,
    log: EventLog,
}

impl Observer for Recorder {
    fn begins(&mut self, actors: &Rc<Paths>) {
        self.0.borrow_mut().paths = Rc::clone(actors);
    }

    fn event(&mut self, event: &EventRecord) {
        self.0.borrow_mut().note(event);
    }
}

impl Notes {
    fn note(&mut self, event: &EventRecord) {
        let logged = LoggedEvent::of(event);
        self.hashes.add(event);
        self.trailing.add(&logged);
        if self.log.events.len() < FULL_EVENTS {
            let ends = [(event.source, logged.source), (event.target, logged.target)];
            for (actor, number) in ends {
                let path = || self.paths.of(actor).to_owned();
                self.log.actors.entry(number).or_insert_with(path);
            }
            self.log.kinds.entry(logged.kind).or_insert_with(|| event.kind_name.to_owned());
            self.log.events.push(logged);
        }
    }
}

impl Recorder {
    /// What a run that ended with its streams at `draws` came to.
    pub(super) fn finish(&self, draws: u64) -> (Ingredients, EventLog) {
        let mut notes = self.0.borrow_mut();
        let (count, trail) = (notes.trailing.count(), notes.trailing.finish());
        let log = EventLog { count, trail, ..std::mem::take(&mut notes.log) };
        (notes.hashes.finish(draws), log)
    }
}
