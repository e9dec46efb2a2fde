//! Offloading policies: who answers a request, decided on what a device can know at that moment.
//!
//! A new policy is one file here with an `impl Policy`, one variant in the scenario language and
//! one line where it is built; `docs/policies.md` goes through it.

mod adaptive;
mod any;
mod client_exit;
mod client_only;
mod deadline;
mod entropy;
mod gain_curve;
mod margin;
mod oracle;
mod policy;
mod random;
mod round_trips;
mod server_exit;
mod server_only;

pub use adaptive::{Adaptive, LazyGain};
pub use any::AnyPolicy;
pub use client_exit::ClientExit;
pub use client_only::ClientOnly;
pub use deadline::Deadline;
pub use entropy::EntropyThreshold;
pub use gain_curve::{GainCurve, Judged};
pub use margin::Margin;
pub use oracle::{Hindsight, Oracle};
pub use policy::{Answerer, Confidence, DevicePart, Observation, Policy};
pub use random::RandomOffload;
pub use round_trips::RoundTrips;
pub use server_exit::ServerExit;
pub use server_only::ServerOnly;
