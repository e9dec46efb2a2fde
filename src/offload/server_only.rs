//! `server-only`: the server answers with the full model; the raw input is sent.

use super::{Answerer, DevicePart, Observation, Policy};

/// The device computes nothing, the server φ and θ.
#[derive(Debug, Clone, Copy)]
pub struct ServerOnly;

impl Policy for ServerOnly {
    fn device_part(&self) -> DevicePart {
        DevicePart::Nothing
    }

    fn decide(&mut self, _seen: &Observation) -> Answerer {
        Answerer::Server
    }
}
