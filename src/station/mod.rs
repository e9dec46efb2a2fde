//! Queueing stations: where jobs wait for a worker. Pure data structures; an actor owns one,
//! schedules the ends of services and asks it what starts next.

mod audit;
mod batching;
mod books;
mod departure;
mod fifo;
mod lindley;
mod line;
mod processor_sharing;
mod server;
mod slots;

pub use audit::{Audit, AuditError};
pub use batching::{BatchRule, BatchStation, JobClass};
pub use books::StationStats;
pub use departure::Completed;
pub use fifo::{Departure, FifoStation, Slot};
pub use lindley::{LindleyStation, Stay};
pub use processor_sharing::ProcessorSharing;
pub use server::ServerStation;
