//! The largest fleet, or the smallest server, that is still good enough.

mod search;
mod slo;
mod vary;

pub use search::{Answer, Outcome, Probe, Question, search};
pub use slo::{Bound, Objective, Slo};
pub use vary::{Goal, Vary};
