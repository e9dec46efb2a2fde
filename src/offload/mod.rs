//! Offloading policies: who answers a request, decided on what a device can know at that moment.
//!
//! A new policy is one file here with an `impl Policy`, one variant in the scenario language and
//! one line where it is built.

mod any;
mod client_exit;
mod client_only;
mod entropy;
mod policy;
mod random;
mod server_exit;
mod server_only;

pub use any::AnyPolicy;
pub use client_exit::ClientExit;
pub use client_only::ClientOnly;
pub use entropy::EntropyThreshold;
pub use policy::{Answerer, DevicePart, Observation, Policy};
pub use random::RandomOffload;
pub use server_exit::ServerExit;
pub use server_only::ServerOnly;
