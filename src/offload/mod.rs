//! Offloading policies: who answers a request, decided on what a device can know at that moment.
//!
//! A new policy is one file here with an `impl Policy`, one variant in the scenario language and
//! one line where it is built.

mod any;
mod client_exit;
mod entropy;
mod policy;
mod random;
mod server_exit;

pub use any::AnyPolicy;
pub use client_exit::ClientExit;
pub use entropy::EntropyThreshold;
pub use policy::{Answerer, DevicePart, Observation, Policy};
pub use random::RandomOffload;
pub use server_exit::ServerExit;
