//! An actor-based discrete-event simulator of SplitGP on heterogeneous edge hardware.

pub mod actors;
pub mod cost;
pub mod distribution;
pub mod experiment;
pub mod quantity;
pub mod random;
pub mod report;
pub mod scenario;
pub mod stats;
pub mod time;
