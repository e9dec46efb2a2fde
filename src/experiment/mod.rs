//! Scenario → simulation: the one place where the scenario's words become actors, links, models
//! and requests, and where a run's books become results.

mod answers;
mod build;
mod costing;
mod discipline;
mod energy;
mod error;
mod fleet;
mod inference_result;
mod latency;
mod load;
mod network;
mod plan;
mod result;
mod run;
mod traffic;
mod training;
mod training_result;

pub use costing::{ClassTimes, class_times};
pub use error::{ExperimentError, Rejection};
pub use load::{Overload, overloads};
pub use result::*;
pub use run::{Experiment, RunProgress, RunSettings};
