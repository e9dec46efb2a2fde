//! Laws of the kernel, on actors that play a script.

use super::*;
use crate::random::Streams;
use crate::time::{SimDuration, SimTime};
use actix::{Actor, ActorContext as _, ActorState, Handler, Message, Running};
use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::time::Duration;

mod computing;
mod failing;
mod lifecycle;
mod ordering;
mod stopping;

/// A numbered message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Note(u16);

impl Message for Note {
    type Result = ();
}

impl SimMessage for Note {
    type Output = u64;

    fn kind(&self) -> u16 {
        self.0
    }

    fn kind_name(&self) -> &'static str {
        "note"
    }

    fn size(&self) -> u64 {
        u64::from(self.0)
    }
}

type Context = SimContext<Script, Note>;

/// What happened, as (nanoseconds, actor, what).
type Entries = Vec<(u64, usize, String)>;

type Log = Rc<RefCell<Entries>>;

/// What came of a run.
type Played = (Result<Ended, SimError>, Entries);

type Act = Box<dyn FnMut(Note, &mut Context)>;

/// An actor that logs what happens to it and reacts by closures.
struct Script {
    log: Log,
    on_start: Box<dyn FnMut(&mut Context)>,
    on_note: Act,
    on_stopping: Running,
}

impl Script {
    fn new(log: &Log) -> Self {
        Self {
            log: Rc::clone(log),
            on_start: Box::new(|_| {}),
            on_note: Box::new(|_, _| {}),
            on_stopping: Running::Stop,
        }
    }

    fn starting(mut self, act: impl FnMut(&mut Context) + 'static) -> Self {
        self.on_start = Box::new(act);
        self
    }

    fn noting(mut self, act: impl FnMut(Note, &mut Context) + 'static) -> Self {
        self.on_note = Box::new(act);
        self
    }

    fn log(&self, context: &Context, what: impl Into<String>) {
        let (time, actor) = (context.now().as_nanos(), context.id().index());
        self.log.borrow_mut().push((time, actor, what.into()));
    }
}

impl SimActor<Note> for Script {}

impl Actor for Script {
    type Context = Context;

    fn started(&mut self, context: &mut Context) {
        self.log(context, "started");
        (self.on_start)(context);
    }

    fn stopping(&mut self, context: &mut Context) -> Running {
        self.log(context, "stopping");
        match self.on_stopping {
            Running::Stop => Running::Stop,
            Running::Continue => Running::Continue,
        }
    }

    fn stopped(&mut self, context: &mut Context) {
        self.log(context, "stopped");
    }
}

impl Handler<Note> for Script {
    type Result = ();

    fn handle(&mut self, note: Note, context: &mut Context) {
        self.log(context, note.0.to_string());
        (self.on_note)(note, context);
    }
}

/// Runs the actors that `scripts` makes, named `a0`, `a1` and so on, and gives the log too.
fn play<const N: usize>(scripts: impl FnOnce(&Log) -> [Script; N]) -> Played {
    play_with(RunOptions::default(), |_| {}, scripts)
}

fn play_with<const N: usize>(
    options: RunOptions,
    prepare: impl FnOnce(&mut Simulation<Note>),
    scripts: impl FnOnce(&Log) -> [Script; N],
) -> Played {
    let log = Log::default();
    let mut simulation = Simulation::new(Streams::new(1, 0));
    for (index, script) in scripts(&log).into_iter().enumerate() {
        assert_eq!(simulation.next_actor_id().index(), index);
        simulation.add_actor(format!("a{index}"), script);
    }
    assert_eq!(simulation.actor_count(), N);
    prepare(&mut simulation);
    let result = run(simulation, options);
    (result, log.take())
}

/// The log's notes alone, as (nanoseconds, actor, number).
fn notes(log: &[(u64, usize, String)]) -> Vec<(u64, usize, u16)> {
    log.iter()
        .filter_map(|(time, actor, what)| what.parse().ok().map(|note| (*time, *actor, note)))
        .collect()
}

fn nanos(nanos: u64) -> SimDuration {
    SimDuration::from_nanos(nanos)
}

fn actor(index: usize) -> ActorId {
    ActorId::from_index(index)
}
