//! Simulated times against closed forms: lone messages and rounds to the nanosecond with the
//! arithmetic in the message, queues by their confidence intervals.
//!
//! `cargo test --release --test theory -- --ignored` verifies the queues thoroughly: at a load of
//! 0.9 too, and within 1 % of the mean.

#[path = "../common/mod.rs"]
mod common;
mod cost_proxy;
mod disciplines;
mod energy;
mod full_server;
mod link_features;
mod link_order;
mod links;
mod lone_request;
mod lone_round;
mod lost_rounds;
mod queues;
mod server;
mod topologies;
mod verification;
