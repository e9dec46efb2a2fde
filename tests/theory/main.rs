//! Simulated times against closed forms, to the nanosecond, with the arithmetic in the message.

mod arrivals;
#[path = "../common/mod.rs"]
mod common;
mod failures;
mod heterogeneity;
mod lone_request;
mod lone_round;
