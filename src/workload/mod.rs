//! When requests arrive, and how links vary. Pure: no actor, no clock.

mod arrivals;
mod capacity;
mod outages;
mod periodic;
mod poisson;
mod rate_schedule;
mod rate_trace;

pub use arrivals::Arrivals;
pub use capacity::Capacity;
pub use outages::{Outage, Outages};
pub use periodic::Periodic;
pub use poisson::Poisson;
pub use rate_schedule::{RateSchedule, RateScheduleError, RateStep};
pub use rate_trace::{MAX_TRACE_BYTES, RateTraceError, read_rate_trace};
