//! An actor-based discrete-event simulator of SplitGP on heterogeneous edge hardware.

pub mod actors;
pub mod cost;
pub mod distribution;
pub mod experiment;
pub mod learning;
pub mod quantity;
pub mod random;
pub mod scenario;
pub mod time;
