//! Scenario → simulation: build, run.

mod result;

pub use result::*;
