//! What an actor can do while it handles a message.

use super::computation::{ComputationError, ComputationId};
use super::core::Core;
use super::error::SimError;
use super::event::{ActorId, EventId, EventKey, Rank};
use super::message::SimMessage;
use super::slab::Payload;
use crate::random::{Stream, Streams};
use crate::time::{SimDuration, SimTime};
use actix::{ActorContext, ActorState};
use std::fmt;
use std::marker::PhantomData;

/// The simulated-time context of an actor: `type Context = SimContext<Self, M>`.
///
/// It outlives every handler call but holds the kernel's core only during one, so it costs an
/// actor 24 bytes.
pub struct SimContext<A, M: SimMessage> {
    core: Option<Box<Core<M>>>,
    id: ActorId,
    next_sequence: u32,
    state: ActorState,
    actor: PhantomData<fn(A)>,
}

impl<A, M: SimMessage> SimContext<A, M> {
    pub(super) fn new(id: ActorId) -> Self {
        let state = ActorState::Started;
        Self { core: None, id, next_sequence: 0, state, actor: PhantomData }
    }

    /// Hands the core over, or back.
    pub(super) fn swap_core(&mut self, core: &mut Option<Box<Core<M>>>) {
        std::mem::swap(&mut self.core, core);
    }

    /// As if this actor had scheduled many events.
    #[cfg(test)]
    pub(super) fn skip_to_sequence(&mut self, sequence: u32) {
        self.next_sequence = sequence;
    }

    pub(super) fn set_state(&mut self, state: ActorState) {
        self.state = state;
    }

    fn core(&self) -> &Core<M> {
        self.core.as_deref().expect("the kernel lends its core for every call of an actor")
    }

    fn core_mut(&mut self) -> &mut Core<M> {
        self.core.as_deref_mut().expect("the kernel lends its core for every call of an actor")
    }

    /// The present simulation time.
    pub fn now(&self) -> SimTime {
        self.core().now
    }

    /// This actor's number.
    pub fn id(&self) -> ActorId {
        self.id
    }

    /// This actor's path, which names its random streams.
    pub fn path(&self) -> &str {
        self.core().path(self.id)
    }

    /// The path of another actor, for messages to people.
    pub fn path_of(&self, actor: ActorId) -> &str {
        self.core().path(actor)
    }

    /// The run's random streams.
    pub fn streams(&self) -> Streams {
        self.core().streams
    }

    /// This actor's random stream for one purpose, from its beginning: ask once and keep it.
    pub fn stream(&self, purpose: &str) -> Stream {
        self.streams().stream(self.path(), purpose)
    }

    /// Schedules `message` for `target` after `delay`. A delay that ends after the clock's range
    /// makes the run fail with [`SimError::TimeOverflow`] after this handler.
    ///
    /// # Panics
    /// If there is no actor `target`.
    pub fn send_in(
        &mut self,
        delay: SimDuration,
        rank: Rank,
        target: ActorId,
        message: M,
    ) -> EventId {
        let now = self.now();
        let Some(time) = now.checked_add(delay) else {
            let actor = self.path().to_owned();
            self.core_mut().fail(SimError::TimeOverflow { actor, time: now, delay });
            return EventId::REFUSED;
        };
        self.schedule(time, rank, target, Payload { needs: None, message })
    }

    /// Schedules `message` for `target` at `time`.
    ///
    /// # Panics
    /// If `time` is past or there is no actor `target`.
    pub fn send_at(&mut self, time: SimTime, rank: Rank, target: ActorId, message: M) -> EventId {
        let now = self.now();
        assert!(time >= now, "an event for {time} cannot be scheduled at {now}");
        self.schedule(time, rank, target, Payload { needs: None, message })
    }

    /// Says that `target` will be sent a message before long, though not yet which: the kernel has
    /// its memory fetched meanwhile, which changes how long a large run takes and nothing else.
    pub fn foresee(&mut self, target: ActorId) {
        self.core_mut().foreseen = Some(target);
    }

    /// Takes back an event, whoever scheduled it. `None` if it was handled, which includes the
    /// event being handled now, or cancelled before.
    pub fn cancel(&mut self, event: EventId) -> Option<M> {
        self.core_mut().future.cancel(event)
    }

    /// Starts real work on the pool of threads now. It takes no simulated time; what it is meant
    /// to take is up to the actor, which schedules [`Self::send_when_computed`] at its end.
    pub fn compute(&mut self, job: impl FnOnce() -> M::Output + Send + 'static) -> ComputationId {
        let core = self.core_mut();
        // The pool gets the job only when the actix system is polled.
        core.interrupt();
        core.computations.submit(Box::new(job))
    }

    /// Schedules `message` for `target` at the present simulated time, to be handled only when
    /// the real computation is done. The simulated clock stands still while it waits, so the
    /// time that the computation really takes never shows.
    ///
    /// # Panics
    /// If there is no actor `target`.
    pub fn send_when_computed(
        &mut self,
        computation: ComputationId,
        rank: Rank,
        target: ActorId,
        message: M,
    ) -> EventId {
        let now = self.now();
        self.schedule(now, rank, target, Payload { needs: Some(computation), message })
    }

    /// The output of a real computation: `Some` once, as soon as an event sent by
    /// [`Self::send_when_computed`] for it is handled, and never before, however fast it was.
    pub fn take_output(
        &mut self,
        computation: ComputationId,
    ) -> Option<Result<M::Output, ComputationError>> {
        self.core_mut().computations.take(computation)
    }

    /// Ends the run, successfully, after this handler.
    pub fn end_run(&mut self) {
        self.core_mut().end();
    }

    /// Ends the run with [`SimError::Actor`] after this handler.
    pub fn fail(&mut self, reason: impl fmt::Display) {
        let (actor, time) = (self.path().to_owned(), self.now());
        self.core_mut().fail(SimError::Actor { actor, time, reason: reason.to_string() });
    }

    fn schedule(
        &mut self,
        time: SimTime,
        rank: Rank,
        target: ActorId,
        payload: Payload<M>,
    ) -> EventId {
        let sequence = self.next_sequence;
        let Some(next) = sequence.checked_add(1) else {
            let (actor, time) = (self.path().to_owned(), self.now());
            self.core_mut().fail(SimError::SequenceOverflow { actor, time });
            return EventId::REFUSED;
        };
        self.next_sequence = next;
        let key = EventKey::new(time, rank, self.id, sequence);
        let core = self.core_mut();
        assert!(target.index() < core.actor_count(), "no actor {target:?}");
        core.future.insert(key, target, payload)
    }
}

impl<A, M: SimMessage> ActorContext for SimContext<A, M> {
    /// Stops this actor after the handler: [`stopping`](actix::Actor::stopping) may still object,
    /// then [`stopped`](actix::Actor::stopped) follows. Events for it are discarded from then on.
    fn stop(&mut self) {
        if self.state.alive() {
            self.state = ActorState::Stopping;
        }
    }

    /// Stops this actor after the handler without asking it.
    fn terminate(&mut self) {
        self.state = ActorState::Stopped;
    }

    fn state(&self) -> ActorState {
        self.state
    }
}
