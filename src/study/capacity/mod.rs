//! The largest fleet, or the smallest server, that is still good enough.

mod search;
mod slo;
mod trial;
mod vary;
mod walk;

pub use search::{Answer, Question, search};
pub use slo::{Bound, Objective, Slo};
pub use trial::{Outcome, Probe};
pub use vary::{Goal, Vary};
pub use walk::Limit;
