//! `server-exit`: the server always answers, through the cut; κ is not computed.

use super::{Answerer, DevicePart, Observation, Policy};

/// The server exit answers everything.
#[derive(Debug, Clone, Copy)]
pub struct ServerExit;

impl Policy for ServerExit {
    fn device_part(&self) -> DevicePart {
        DevicePart::Phi
    }

    fn decide(&mut self, _seen: &Observation) -> Answerer {
        Answerer::Server
    }
}
