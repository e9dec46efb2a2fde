//! Closed forms: what simulated times must agree with.
//!
//! Formulas only. Whoever simulates compares; nothing here knows an actor or a random stream.

pub mod queueing;
pub mod split;
