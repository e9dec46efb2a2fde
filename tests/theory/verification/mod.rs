//! Simulation against queueing theory: the cases, what each compares, and how sure it is.
//!
//! The theory tests and the table in `docs/theory.md` share this module, so the table shows what
//! the tests verify.

pub(crate) mod bed;
pub(crate) mod cases;
mod comparison;
pub(crate) mod coverage;
mod effort;
mod estimate;
mod load;
mod replications;

pub(crate) use cases::CASES;
pub(crate) use comparison::{Comparison, Quantity, Verdict};
pub(crate) use effort::Effort;
pub(crate) use estimate::Estimate;
pub(crate) use load::Load;
pub(crate) use replications::replicate;
