//! `client-exit`: the device always answers.

use super::{Answerer, DevicePart, Observation, Policy};

/// The client exit answers everything.
#[derive(Debug, Clone, Copy)]
pub struct ClientExit;

impl Policy for ClientExit {
    fn device_part(&self) -> DevicePart {
        DevicePart::PhiAndKappa
    }

    fn decide(&mut self, _seen: &Observation) -> Answerer {
        Answerer::Client
    }
}
