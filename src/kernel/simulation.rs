//! A simulation before its run.

use super::cell::{ActorCell, Cell};
use super::core::Core;
use super::event::ActorId;
use super::message::{SimActor, SimMessage};
use super::observer::Observer;
use super::paths::Paths;
use crate::random::Streams;
use crate::time::SimTime;
use std::rc::Rc;

/// Actors, observers and an end: everything that [`run`](super::run) needs.
pub struct Simulation<M: SimMessage> {
    pub(super) cells: Vec<Box<dyn Cell<M>>>,
    pub(super) core: Box<Core<M>>,
    pub(super) observers: Vec<Box<dyn Observer>>,
    pub(super) end: Option<SimTime>,
}

impl<M: SimMessage> Simulation<M> {
    /// A simulation without actors, whose actors draw from `streams`.
    pub fn new(streams: Streams) -> Self {
        let core = Box::new(Core::new(streams));
        Self { cells: Vec::new(), core, observers: Vec::new(), end: None }
    }

    /// Makes room for so many more actors at once: a list that grows step by step leaves its former
    /// places behind in memory.
    pub fn reserve(&mut self, actors: usize) {
        self.cells.reserve_exact(actors);
        self.core.reserve_paths(actors);
    }

    /// Adds an actor and gives its number, which is the number of actors before it: actors that
    /// refer to each other can know all numbers in advance. The path names the actor in errors
    /// and seeds its random streams.
    pub fn add_actor<A: SimActor<M>>(&mut self, path: impl AsRef<str>, actor: A) -> ActorId {
        let id = self.core.add_path(path.as_ref());
        self.cells.push(Box::new(ActorCell::new(id, actor)));
        id
    }

    /// The paths of the actors that there are, by which results can be named after the run.
    pub fn paths(&self) -> Rc<Paths> {
        self.core.paths()
    }

    /// How many actors there are.
    pub fn actor_count(&self) -> usize {
        self.cells.len()
    }

    /// The number that the next actor gets.
    pub fn next_actor_id(&self) -> ActorId {
        ActorId::from_index(self.cells.len())
    }

    /// Lets `observer` see every event; several see each event in the order they were added.
    pub fn add_observer(&mut self, observer: Box<dyn Observer>) {
        self.observers.push(observer);
    }

    /// Ends the run before the first event later than `time`; events at `time` are handled.
    pub fn set_end(&mut self, time: SimTime) {
        self.end = Some(time);
    }
}
