//! Simulated times against closed forms, to the nanosecond, with the arithmetic in the message.

#[path = "../common/mod.rs"]
mod common;
mod cost_proxy;
mod disciplines;
mod energy;
mod full_server;
mod links;
mod lone_request;
mod lone_round;
mod lost_rounds;
mod server;
