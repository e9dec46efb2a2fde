//! Queueing stations: where jobs wait for a worker. Pure data structures; an actor owns one,
//! schedules the ends of services and asks it what starts next.

mod audit;
mod books;
mod fifo;
mod processor_sharing;

pub use audit::{Audit, AuditError};
pub use books::StationStats;
pub use fifo::{Departure, FifoStation, Slot};
pub use processor_sharing::{Completed, ProcessorSharing};
