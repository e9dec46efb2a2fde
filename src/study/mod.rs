//! Questions over many runs of a scenario: a grid of them ([`sweep`]), two compared ([`compare`]),
//! the largest load that is still good enough ([`capacity`]); why a round or the slowest requests
//! took so long ([`explain`]); and what hardware a table of measured times describes ([`calibrate`]).
//! Whether they still are what they were is asked by [`check`].
//!
//! All runs of a study have the scenario's own seed, so that they differ by what was changed and
//! not by chance (common random numbers), and every result is the same for any number of threads.

pub mod calibrate;
pub mod capacity;
pub mod check;
pub mod compare;
mod error;
mod estimate;
pub mod explain;
mod metric;
mod parallel;
mod settings;
pub mod sweep;

pub use error::StudyError;
pub use estimate::Estimate;
pub use metric::Metric;
pub use parallel::each as each_in_parallel;
pub use settings::StudySettings;
