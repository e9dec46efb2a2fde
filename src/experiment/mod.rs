//! Scenario → simulation: the one place where the scenario's words become actors, links, models
//! and requests, and where a run's books become results.

mod answers;
mod bounds;
mod build;
mod costing;
mod course;
mod discipline;
mod energy;
mod error;
mod figures;
mod files;
mod fleet;
mod groups;
mod inference_result;
mod kind;
mod latency;
mod load;
mod lone_times;
mod memory;
mod methods;
mod network;
mod plan;
mod policies;
mod recall;
mod replay;
mod replications;
mod result;
mod revision;
mod run;
mod seeds;
mod single;
mod split_model;
mod store;
mod timeliness;
mod traffic;
mod training;
mod training_result;
mod verdict;

pub use bounds::{
    Basis, Bounds, BoundsSettings, Cell, ClassBounds, CutBounds, Offloaded, Regimes, Simulated,
    SimulatedTimes, Ways, bounds, regimes,
};
pub use error::{ExperimentError, Rejection};
pub use figures::Figures;
pub use load::{Overload, overloads};
pub use lone_times::{ClassTimes, PathTimes, class_times};
pub use methods::{DeviceCosts, MethodResult, compared_rounds};
pub use network::{Edge, NetworkGraph, Role, Vertex, Wire, station_names};
pub use result::*;
pub use revision::TRAJECTORY_REVISION;
pub use run::{Clock, Experiment, RunProgress, RunSettings};
pub use split_model::classes;
pub use store::{Damaged, LearnedBy, StoreNotice, StoreSettings, TrainingStart};
pub use timeliness::Timeliness;
pub use verdict::{LoadState, Verdict};

#[cfg(test)]
mod chaos;
#[cfg(test)]
mod golden_rounds;

#[cfg(test)]
pub(crate) use groups::class_results;
