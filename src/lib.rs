//! An actor-based discrete-event simulator of SplitGP (split, personalised federated learning) on
//! heterogeneous edge hardware.
//!
//! Every device, every link and the edge server is an actor on one simulated clock of integer
//! nanoseconds; models are really trained inside it. The program `splitgp-sim` is a thin layer over
//! this library.
//!
//! # Example
//!
//! Load a scenario from a string, run it, read its figures:
//!
//! ```
//! use splitgp_sim::experiment::{Experiment, LoadState, RunSettings};
//! use splitgp_sim::scenario;
//!
//! let text = "
//! name: my-fleet
//! model: { preset: digits-cnn, cut: conv2 }
//! fleet:
//!   - { name: pi, count: 5, device: raspberry-pi-4b, access: wifi-home }
//! server: { device: edge-gpu-rtx2080 }
//! inference:
//!   arrivals: { poisson: 2 /s }
//!   duration: 60 s
//!   outcomes: { client_accuracy: 0.9, server_accuracy: 0.95, offload: 0.3 }
//! ";
//! let loaded = scenario::parse(text, "my-fleet.yaml")?;
//! let result = Experiment::prepare(loaded.scenario)?.run(RunSettings::default())?;
//!
//! let inference = result.inference.expect("the scenario has requests");
//! let latency = inference.latency.expect("requests were answered");
//! println!("{} requests, mean {:.2} ms", inference.requests, 1e3 * latency.mean);
//!
//! assert_eq!(inference.completed, inference.requests);
//! assert!(latency.p50 <= latency.p99);
//! assert_eq!(result.verdict.expect("there was traffic").state, LoadState::Stable);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The same scenario and seed give the same bytes: `result.fingerprint` hashes every event. The
//! folder `examples/` goes on from here: latency by device class, a sweep in Rust, a queue of one's
//! own.
//!
//! # Layers
//!
//! | module | what it knows |
//! |---|---|
//! | [`kernel`] | actors, simulated time, the order of events |
//! | [`stats`], [`cost`], [`station`], [`network`] | intervals; FLOPs and bytes; queues; links and routes |
//! | [`workload`], [`offload`], [`learning`], [`theory`] | requests, policies, real training, closed forms |
//! | [`actors`], [`scenario`] | devices, links and server; the YAML language |
//! | [`experiment`], [`study`] | one run; many runs: sweep, compare, capacity, calibrate, explain, check |
//! | [`report`], [`cli`] | files, tables and figures; the command line |
//!
//! Each layer uses only those above it in this table, and [`random`], [`distribution`], [`quantity`]
//! and [`time`].

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
