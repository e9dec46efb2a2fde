//! When requests arrive. Pure: no actor, no clock.

mod arrivals;
mod availability;
mod bursty;
mod closed;
mod periodic;
mod poisson;
mod trace;
mod trace_file;

pub use arrivals::{Arrivals, Pace};
pub use availability::Availability;
pub use bursty::{BurstState, Bursty};
pub use closed::Closed;
pub use periodic::Periodic;
pub use poisson::Poisson;
pub use trace::Replay;
pub use trace_file::{ArrivalTrace, MAX_ROWS, TraceError};
