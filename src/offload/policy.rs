//! The trait of an offloading policy.

/// What the device computes before the decision; the server computes what is left of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DevicePart {
    /// Nothing: the raw input is what it can send.
    Nothing,
    /// φ alone.
    Phi,
    /// φ and κ, as one service.
    PhiAndKappa,
    /// φ and θ, as one service: the full model, which leaves nothing to the server.
    PhiAndTheta,
}

/// What a device knows when it decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Shannon entropy of the client exit's softmax in nats; `None` where answers are stated
    /// probabilities.
    pub entropy: Option<f64>,
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerer {
    /// The device.
    Client,
    /// The server: the smashed data is sent, or the raw input if nothing was computed.
    Server,
}

/// An offloading policy of one client.
pub trait Policy {
    /// What the device computes before [`Policy::decide`].
    fn device_part(&self) -> DevicePart;

    /// Who answers this request.
    fn decide(&mut self, seen: &Observation) -> Answerer;
}
