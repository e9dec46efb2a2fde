//! Simulated times against closed forms: lone messages and rounds to the nanosecond with the
//! arithmetic in the message, queues by their confidence intervals.
//!
//! `cargo test --release --test theory -- --ignored` verifies the queues thoroughly: at a load of
//! 0.9 too, and within 1 % of the mean.

mod adaptive;
mod arrivals;
mod bounds;
#[path = "../common/mod.rs"]
mod common;
mod cost_proxy;
mod disciplines;
mod energy;
mod explained;
mod failures;
mod full_server;
mod heterogeneity;
mod link_features;
mod link_order;
mod links;
mod local_epochs;
mod lone_request;
mod lone_round;
mod lone_step;
mod lost_rounds;
mod method_inference;
mod method_rounds;
mod policies;
mod queues;
mod rounds;
mod server;
mod stated_costs;
mod topologies;
mod verification;
