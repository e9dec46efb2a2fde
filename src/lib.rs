//! An actor-based discrete-event simulator of SplitGP on heterogeneous edge hardware.

pub mod actors;
pub mod cli;
pub mod cost;
pub mod distribution;
pub mod experiment;
pub mod kernel;
pub mod learning;
pub mod network;
pub mod offload;
pub mod quantity;
pub mod random;
pub mod report;
pub mod scenario;
pub mod station;
pub mod stats;
pub mod study;
pub mod theory;
pub mod time;
pub mod workload;
