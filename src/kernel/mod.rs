//! The simulated clock on actix.

mod cell;
mod clock;
mod computation;
mod context;
mod core;
mod engine;
mod entry;
mod error;
mod event;
mod fel;
mod fingerprint;
mod ladder;
mod message;
mod observer;
mod rung;
mod simulation;
mod slab;
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
pub use simulation::Simulation;
