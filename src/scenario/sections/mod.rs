//! One file for each section of a scenario: which keys it has, what they default to, and which of
//! its values must agree with one another.

mod access;
mod arrivals;
mod availability;
mod background;
mod data;
mod device;
mod drawn;
mod evaluate;
mod fleet;
mod inference;
mod jitter;
mod layers;
mod method;
mod network;
mod noise;
mod offload;
mod outages;
mod outcomes;
mod output;
mod queue;
mod rate;
pub(super) mod root;
mod rounds;
mod server;
mod sgd;
mod split_model;
mod training;
