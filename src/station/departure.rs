//! A job whose visit to a station is over.

use crate::time::SimTime;

/// A job that has been served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completed<J> {
    /// The job.
    pub job: J,
    /// When it came.
    pub arrived: SimTime,
    /// When its service started; under processor sharing at once.
    pub started: SimTime,
}
