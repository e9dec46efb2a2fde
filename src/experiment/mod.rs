//! Scenario → simulation: build, run.

mod latency;
mod result;

pub use result::*;
