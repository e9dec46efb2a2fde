//! The simulated clock on actix.
//!
//! A [`Simulation`] is a list of actors. Each is an ordinary [`actix::Actor`] with ordinary
//! [`actix::Handler`]s, but its context is a [`SimContext`], which knows simulated time instead
//! of wall time. The kernel owns the future event list and calls the handlers itself, in one
//! total order; no mailbox lies between, so an event costs tens of nanoseconds.
//!
//! # Life cycle
//!
//! 1. [`Simulation::add_actor`] numbers the actors in the order of declaration.
//! 2. [`run`] creates an actix `System` on the calling thread and starts the clock in it. The
//!    clock is an actix actor too: it handles a few thousand events at a time and then lets
//!    whatever else lives in the system have its turn, such as the pool of real computations.
//! 3. Every actor's `started` is called at time zero, in order, before the first event. All are
//!    started even if one of them ends the run.
//! 4. Events are handled until none is left, [`SimContext::end_run`] is called or the end set by
//!    [`Simulation::set_end`] is passed.
//! 5. Every actor's `stopped` is called, in order. After an error nobody is stopped.
//!
//! A run that is ended from outside by a [`StopFlag`] ends in the same way, between two events.
//!
//! An actor can leave earlier by [`stop`](actix::ActorContext::stop): when its handler returns,
//! its `stopping` may object, otherwise its `stopped` follows; `terminate` does not ask. Events
//! for an actor that left still count, in the number of events, for observers and in the
//! fingerprint, and are then discarded.
//!
//! # The ordering guarantee
//!
//! Events are handled in the order of (time, rank, source, sequence). Time is in nanoseconds.
//! [`Rank`] puts completions before deliveries before timers. The source is the number of the
//! actor that scheduled the event, and the sequence counts the events that it scheduled. So the
//! order depends on who scheduled what, never on the order in which the list was filled, and two
//! events are never equal. One consequence: an event scheduled with zero delay may sort below the
//! event being handled; it is handled next.
//!
//! # Real computations
//!
//! [`SimContext::compute`] starts a job on a pool of threads and returns at once. The actor then
//! decides what the job costs in simulated time, schedules an event at that distance, and there
//! calls [`SimContext::send_when_computed`], whose event is handled only when the job is really
//! done. The clock waits there and nowhere else, hence neither the number of threads nor their
//! speed can change a run.
//!
//! # Pitfalls
//!
//! - A delay past the end of the clock, and anything passed to [`SimContext::fail`], ends the run
//!   with a [`SimError`] only after the handler returned: the handler goes on.
//! - An output is there only once an event waited for it. A job that happens to be quick has no
//!   output earlier than a slow one.
//! - [`SimContext::stream`] gives a stream from its beginning: ask for it once and keep it.
//! - Messages lie inline in the event list. Keep them small; box what is large and rare.
//! - A panic in an actor is caught and reported with the actor's path, the simulated time and the
//!   event. It is a bug all the same: what users can cause goes through [`SimContext::fail`].
//! - What is left over from actix (`ctx.notify`, `run_later`, addresses) works in wall time and is
//!   not offered by [`SimContext`]; do not look for it elsewhere.
//!
//! # Example
//!
//! ```text
//! ping ──1 ms──▶ pong
//!      ◀──1 ms──
//! ```
//!
//! ```
//! use actix::{Actor, Handler, Message};
//! use splitgp_sim::kernel::{
//!     ActorId, Rank, RunOptions, SimActor, SimContext, SimMessage, Simulation, run,
//! };
//! use splitgp_sim::random::Streams;
//! use splitgp_sim::time::{SimDuration, SimTime};
//!
//! struct Ball;
//!
//! impl Message for Ball {
//!     type Result = ();
//! }
//!
//! impl SimMessage for Ball {
//!     type Output = ();
//!     fn kind(&self) -> u16 {
//!         0
//!     }
//!     fn kind_name(&self) -> &'static str {
//!         "ball"
//!     }
//!     fn size(&self) -> u64 {
//!         57
//!     }
//! }
//!
//! struct Player {
//!     serves: bool,
//!     partner: ActorId,
//! }
//!
//! impl Player {
//!     fn hit(&self, context: &mut SimContext<Self, Ball>) {
//!         let flight = SimDuration::from_nanos(1_000_000);
//!         context.send_in(flight, Rank::Delivery, self.partner, Ball);
//!     }
//! }
//!
//! impl Actor for Player {
//!     type Context = SimContext<Self, Ball>;
//!
//!     fn started(&mut self, context: &mut Self::Context) {
//!         if self.serves {
//!             self.hit(context);
//!         }
//!     }
//! }
//!
//! impl Handler<Ball> for Player {
//!     type Result = ();
//!
//!     fn handle(&mut self, _: Ball, context: &mut Self::Context) {
//!         self.hit(context);
//!     }
//! }
//!
//! impl SimActor<Ball> for Player {}
//!
//! let mut simulation = Simulation::new(Streams::new(1, 0));
//! let (ping, pong) = (ActorId::from_index(0), ActorId::from_index(1));
//! simulation.add_actor("ping", Player { serves: true, partner: pong });
//! simulation.add_actor("pong", Player { serves: false, partner: ping });
//! simulation.set_end(SimTime::from_nanos(10_500_000));
//!
//! let ended = run(simulation, RunOptions::default())?;
//! assert_eq!(ended.events, 10); // at 1 ms, 2 ms … 10 ms
//! assert_eq!(ended.time, SimTime::from_nanos(10_500_000));
//! # Ok::<(), splitgp_sim::kernel::SimError>(())
//! ```

mod cell;
mod clock;
mod computation;
mod context;
mod core;
mod due;
mod engine;
mod entry;
mod error;
mod event;
mod fel;
mod fingerprint;
mod ladder;
mod message;
mod observer;
mod paths;
mod rung;
mod simulation;
mod slab;
mod stop;
#[cfg(test)]
mod tests;

pub use clock::{Progress, RunOptions, run};
pub use computation::{ComputationError, ComputationId};
pub use context::SimContext;
pub use engine::Ended;
pub use error::SimError;
pub use event::{ActorId, EventId, Rank};
pub use message::{SimActor, SimMessage};
pub use observer::{EventRecord, Observer};
pub use paths::Paths;
pub use simulation::Simulation;
pub use stop::StopFlag;
