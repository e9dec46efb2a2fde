//! The trait of an offloading policy.

/// What the device computes before the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DevicePart {
    /// φ alone.
    Phi,
    /// φ and κ, as one service.
    PhiAndKappa,
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
    /// The client exit, on the device.
    Client,
    /// The server exit: the smashed data is sent.
    Server,
}

/// An offloading policy of one client.
pub trait Policy {
    /// What the device computes before [`Policy::decide`].
    fn device_part(&self) -> DevicePart;

    /// Who answers this request.
    fn decide(&mut self, seen: &Observation) -> Answerer;
}
