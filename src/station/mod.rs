//! Queueing stations: where jobs wait for a worker. Pure data structures; an actor owns one,
//! schedules the ends of services and asks it what starts next.

mod audit;
mod fifo;

pub use audit::{Audit, AuditError};
pub use fifo::{Departure, FifoStation, Slot, StationStats};
