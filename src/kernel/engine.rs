//! The event loop.

use super::cell::{Cell, Lent};
use super::computation::ComputationId;
use super::core::Core;
use super::error::{SimError, panic_message};
use super::event::ActorId;
use super::fel::Event;
use super::fingerprint::Fingerprint;
use super::message::SimMessage;
use super::observer::{EventRecord, Observer};
use super::simulation::Simulation;
use crate::time::SimTime;
use std::any::Any;
use std::hint::black_box;
use std::num::NonZeroUsize;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The simulation time at the end: that of the last event, or the end that was set if events
    /// after it remained.
    pub time: SimTime,
    /// The number of events handled, those for stopped actors included.
    pub events: u64,
    /// XXH3-128 over all events; equal trajectories have equal fingerprints.
    pub fingerprint: u128,
    /// A sum over the positions of all random streams at the end.
    pub draws: u64,
    /// Whether it was ended from outside before all was done.
    pub interrupted: bool,
}

/// Why the engine paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pause {
    /// It can go on as soon as others had their turn.
    Breath,
    /// The next event needs this computation.
    Waiting(ComputationId),
    /// Nothing is left to do.
    Finished,
}

/// Whose code runs, for the error if it panics.
#[derive(Debug, Clone, Copy)]
enum Phase {
    Actor(ActorId, &'static str),
    Callback(&'static str),
}

pub(super) struct Engine<M: SimMessage> {
    cells: Vec<Box<dyn Cell<M>>>,
    core: Lent<M>,
    observers: Vec<Box<dyn Observer>>,
    end: SimTime,
    /// An event that waits for its computation.
    held: Option<Event<M>>,
    fingerprint: Fingerprint,
    events: u64,
    started: bool,
    phase: Phase,
}

impl<M: SimMessage> Engine<M> {
    pub(super) fn new(simulation: Simulation<M>, threads: NonZeroUsize) -> Result<Self, SimError> {
        let Simulation { cells, mut core, observers, end } = simulation;
        if cells.len() > ActorId::LIMIT {
            return Err(SimError::TooManyActors { count: cells.len() });
        }
        core.computations.set_threads(threads);
        Ok(Self {
            cells,
            core: Some(core),
            observers,
            end: end.unwrap_or(SimTime::from_nanos(u64::MAX)),
            held: None,
            fingerprint: Fingerprint::new(),
            events: 0,
            started: false,
            phase: Phase::Callback("kernel"),
        })
    }

    /// What the actors change, between events.
    pub(super) fn core(&mut self) -> &mut Core<M> {
        self.core.as_deref_mut().expect("the engine owns the core between events")
    }

    pub(super) fn now(&mut self) -> SimTime {
        self.core().now
    }

    pub(super) fn events(&self) -> u64 {
        self.events
    }

    /// Handles up to `limit` events; the first call starts the actors too.
    pub(super) fn run_slice(&mut self, limit: u32) -> Pause {
        if !self.started {
            self.start_actors();
        }
        for _ in 0..limit {
            if self.core().take_interrupt() {
                return if self.core().has_ended() { Pause::Finished } else { Pause::Breath };
            }
            let Some(event) = self.next_event() else {
                return Pause::Finished;
            };
            if let Some(computation) = event.payload.needs
                && self.core().computations.is_running(computation)
            {
                self.held = Some(event);
                return Pause::Waiting(computation);
            }
            self.handle(event);
        }
        Pause::Breath
    }

    fn next_event(&mut self) -> Option<Event<M>> {
        if self.held.is_some() {
            return self.held.take();
        }
        let (end, cells) = (self.end, &self.cells);
        let core = self.core.as_deref_mut().expect("the engine owns the core between events");
        if let Some(target) = core.foreseen.take() {
            cells[target.index()].touch();
        }
        core.future.prefetch(
            |target| {
                black_box(&cells[target.index()]);
            },
            |target| cells[target.index()].touch(),
        );
        let event = core.future.pop()?;
        let time = event.key.time();
        core.now = time.min(end);
        (time <= end).then_some(event)
    }

    fn handle(&mut self, event: Event<M>) {
        let Event { key, target, payload } = event;
        let message = payload.message;
        let record = EventRecord {
            time: key.time(),
            source: key.source(),
            target,
            kind: message.kind(),
            kind_name: message.kind_name(),
            size: message.size(),
        };
        self.events += 1;
        self.fingerprint.add(&record);
        if !self.observers.is_empty() {
            self.phase = Phase::Callback("observer");
            self.observers.iter_mut().for_each(|observer| observer.event(&record));
        }
        self.phase = Phase::Actor(target, record.kind_name);
        self.cells[target.index()].deliver(&mut self.core, message);
    }

    /// Every actor is started, even if one of them ends the run.
    fn start_actors(&mut self) {
        self.started = true;
        self.phase = Phase::Callback("observer");
        let paths = self.core().paths();
        self.observers.iter_mut().for_each(|observer| observer.begins(&paths));
        for index in 0..self.cells.len() {
            self.phase = Phase::Actor(ActorId::from_index(index), "started");
            self.cells[index].start(&mut self.core);
        }
    }

    /// Stops the actors if the run was good, and sums it up.
    pub(super) fn finish(&mut self) -> Result<Ended, SimError> {
        self.failure()?;
        for index in 0..self.cells.len() {
            self.phase = Phase::Actor(ActorId::from_index(index), "stopped");
            self.cells[index].stop(&mut self.core);
        }
        self.failure()?;
        let (time, events) = (self.now(), self.events);
        let fingerprint = self.fingerprint.value();
        // The streams are dropped with the actors, after this.
        Ok(Ended { time, events, fingerprint, draws: 0, interrupted: false })
    }

    fn failure(&mut self) -> Result<(), SimError> {
        self.core().take_failure().map_or(Ok(()), Err)
    }

    /// The error for a panic in [`Self::run_slice`] or [`Self::finish`].
    pub(super) fn panicked(&mut self, payload: &(dyn Any + Send)) -> SimError {
        let message = panic_message(payload);
        match self.phase {
            Phase::Actor(actor, event) => {
                if self.core.is_none() {
                    self.cells[actor.index()].reclaim(&mut self.core);
                }
                let core = self.core();
                SimError::Panicked {
                    actor: core.path(actor).to_string(),
                    time: core.now,
                    event,
                    message,
                }
            }
            Phase::Callback(role) => SimError::CallbackPanicked { role, time: self.now(), message },
        }
    }
}
