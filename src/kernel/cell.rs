//! An actor with its context, seen by the engine without its type.

use super::context::SimContext;
use super::core::Core;
use super::event::ActorId;
use super::message::{SimActor, SimMessage};
use actix::{Actor, ActorContext as _, ActorState, Handler, Running};
use std::hint::black_box;

/// The core on its way between the engine and a context.
pub(super) type Lent<M> = Option<Box<Core<M>>>;

/// What the engine does with an actor. Each call borrows the core and gives it back; if the
/// actor panics, the core stays behind in the cell until [`Cell::reclaim`].
pub(super) trait Cell<M: SimMessage> {
    fn start(&mut self, core: &mut Lent<M>);
    fn deliver(&mut self, core: &mut Lent<M>, message: M);
    fn stop(&mut self, core: &mut Lent<M>);
    fn reclaim(&mut self, core: &mut Lent<M>);
    /// Reads a little of the cell and lets the actor do so, which fetches them from memory.
    fn touch(&self);
}

/// Whether the actor still takes messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Alive,
    Over,
}

pub(super) struct ActorCell<A: SimActor<M>, M: SimMessage> {
    context: SimContext<A, M>,
    actor: A,
    life: Life,
}

impl<A: SimActor<M>, M: SimMessage> ActorCell<A, M> {
    pub(super) fn new(id: ActorId, actor: A) -> Self {
        Self { context: SimContext::new(id), actor, life: Life::Alive }
    }

    /// Carries out a stop that the actor asked for.
    #[cold]
    fn settle(&mut self) {
        if self.context.state() == ActorState::Stopping
            && self.actor.stopping(&mut self.context) == Running::Continue
        {
            self.context.set_state(ActorState::Running);
            return;
        }
        self.bury();
    }

    fn bury(&mut self) {
        self.life = Life::Over;
        self.context.set_state(ActorState::Stopped);
        Actor::stopped(&mut self.actor, &mut self.context);
    }
}

impl<A: SimActor<M>, M: SimMessage> Cell<M> for ActorCell<A, M> {
    fn start(&mut self, core: &mut Lent<M>) {
        self.context.swap_core(core);
        Actor::started(&mut self.actor, &mut self.context);
        if self.context.state() == ActorState::Started {
            self.context.set_state(ActorState::Running);
        } else {
            self.settle();
        }
        self.context.swap_core(core);
    }

    fn deliver(&mut self, core: &mut Lent<M>, message: M) {
        if self.life == Life::Over {
            return;
        }
        self.context.swap_core(core);
        Handler::handle(&mut self.actor, message, &mut self.context);
        if self.context.state() != ActorState::Running {
            self.settle();
        }
        self.context.swap_core(core);
    }

    fn stop(&mut self, core: &mut Lent<M>) {
        if self.life == Life::Over {
            return;
        }
        self.context.swap_core(core);
        self.bury();
        self.context.swap_core(core);
    }

    fn reclaim(&mut self, core: &mut Lent<M>) {
        self.context.swap_core(core);
    }

    fn touch(&self) {
        black_box((self.life, self.context.state()));
        self.actor.touch();
    }
}
