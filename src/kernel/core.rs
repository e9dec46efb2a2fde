//! What every handler may change: the clock's reading, the future and the run's end.

use super::computation::Computations;
use super::error::SimError;
use super::event::ActorId;
use super::fel::FutureEventList;
use super::message::SimMessage;
use super::paths::Paths;
use crate::random::Streams;
use crate::time::SimTime;
use std::rc::Rc;

/// The mutable heart of a run. It has one owner at a time: the engine between events, and during
/// an event the context of the actor that handles it.
pub(super) struct Core<M: SimMessage> {
    pub(super) now: SimTime,
    pub(super) future: FutureEventList<M>,
    pub(super) computations: Computations<M::Output>,
    pub(super) streams: Streams,
    /// Who will be sent a message before long.
    pub(super) foreseen: Option<ActorId>,
    paths: Rc<Paths>,
    failure: Option<SimError>,
    ended: bool,
    /// The engine should look up from its loop after this handler.
    interrupted: bool,
}

impl<M: SimMessage> Core<M> {
    pub(super) fn new(streams: Streams) -> Self {
        Self {
            now: SimTime::ZERO,
            future: FutureEventList::new(),
            computations: Computations::new(),
            streams,
            foreseen: None,
            paths: Rc::default(),
            failure: None,
            ended: false,
            interrupted: false,
        }
    }

    /// Makes room for so many more actors' paths.
    pub(super) fn reserve_paths(&mut self, actors: usize) {
        Rc::make_mut(&mut self.paths).reserve(actors);
    }

    /// Names the next actor and gives its number.
    pub(super) fn add_path(&mut self, path: &str) -> ActorId {
        Rc::make_mut(&mut self.paths).add(path)
    }

    pub(super) fn path(&self, actor: ActorId) -> &str {
        self.paths.of(actor)
    }

    /// All actors' paths, to be kept beyond the run.
    pub(super) fn paths(&self) -> Rc<Paths> {
        Rc::clone(&self.paths)
    }

    pub(super) fn actor_count(&self) -> usize {
        self.paths.len()
    }

    /// Ends the run with an error after this handler; the first error counts.
    pub(super) fn fail(&mut self, error: SimError) {
        self.failure.get_or_insert(error);
        self.end();
    }

    /// Ends the run after this handler.
    pub(super) fn end(&mut self) {
        self.ended = true;
        self.interrupted = true;
    }

    /// Lets the actix system breathe after this handler.
    pub(super) fn interrupt(&mut self) {
        self.interrupted = true;
    }

    /// Whether this handler asked the engine to look up.
    pub(super) fn take_interrupt(&mut self) -> bool {
        std::mem::take(&mut self.interrupted)
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    pub(super) fn take_failure(&mut self) -> Option<SimError> {
        self.failure.take()
    }
}
