//! `client-only`: the device answers with the full model.

use super::{Answerer, DevicePart, Observation, Policy};

/// The device computes φ and θ and answers everything.
#[derive(Debug, Clone, Copy)]
pub struct ClientOnly;

impl Policy for ClientOnly {
    fn device_part(&self) -> DevicePart {
        DevicePart::PhiAndTheta
    }

    fn decide(&mut self, _seen: &Observation) -> Answerer {
        Answerer::Client
    }
}
