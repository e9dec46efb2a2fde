//! When requests arrive, and how links vary. Pure: no actor, no clock.

mod arrivals;
mod availability;
mod bursty;
mod capacity;
mod closed;
mod outages;
mod periodic;
mod poisson;
mod process;
mod rate_schedule;
mod rate_trace;
mod trace;
mod trace_file;

pub use arrivals::{Arrivals, Pace};
pub use availability::Availability;
pub use bursty::{BurstState, Bursty};
pub use capacity::Capacity;
pub use closed::Closed;
pub use outages::{Outage, Outages};
pub use periodic::Periodic;
pub use poisson::Poisson;
pub use process::ArrivalProcess;
pub use rate_schedule::{RateSchedule, RateScheduleError, RateStep};
pub use rate_trace::{MAX_TRACE_BYTES, RateTraceError, read_rate_trace};
pub use trace::Replay;
pub use trace_file::{ArrivalTrace, MAX_ROWS, TraceError};
