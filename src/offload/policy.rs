//! The trait of an offloading policy.

use crate::time::{SimDuration, SimTime};

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

/// How sure the client exit is of its answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    /// Shannon entropy of its softmax in nats, in [0, ln classes].
    pub entropy: f64,
    /// Its largest probability.
    pub top1: f32,
    /// Its second largest probability.
    pub top2: f32,
}

/// What a device knows when it decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The present time on its clock.
    pub now: SimTime,
    /// How long ago the request arrived: what it waited for the device and was computed there.
    pub elapsed: SimDuration,
    /// Jobs that wait for the device or are being computed by it, this request not counted.
    pub queue: u64,
    /// How sure the client exit is; `None` where answers are stated probabilities.
    pub confidence: Option<Confidence>,
}

impl Observation {
    /// How sure the client exit is.
    ///
    /// # Panics
    /// If answers are stated probabilities: such a scenario cannot choose a policy that asks.
    pub(super) fn confidence(&self) -> Confidence {
        self.confidence.expect("policies that look at the client exit run on learned outcomes")
    }
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerer {
    /// The device.
    Client,
    /// The server: the smashed data is sent, or the raw input if nothing was computed.
    Server,
}

impl Answerer {
    /// The server iff `offloads`.
    pub(super) fn server_if(offloads: bool) -> Self {
        if offloads { Self::Server } else { Self::Client }
    }
}

/// An offloading policy of one client. It knows what its device can know, and nothing of other
/// devices, of the server's queue or of the true class.
pub trait Policy {
    /// What the device computes before [`Policy::decide`].
    fn device_part(&self) -> DevicePart;

    /// Who answers this request.
    fn decide(&mut self, seen: &Observation) -> Answerer;

    /// An answer of the server has arrived at `now`, `took` after its request was sent. Dropped and
    /// lost requests are measured by nobody.
    fn measured(&mut self, now: SimTime, took: SimDuration) {
        let _ = (now, took);
    }
}

/// What the tests of policies see.
#[cfg(test)]
pub(super) fn seeing(confidence: Option<Confidence>) -> Observation {
    Observation { now: SimTime::ZERO, elapsed: SimDuration::ZERO, queue: 0, confidence }
}

/// Nothing but an entropy.
#[cfg(test)]
pub(super) fn of_entropy(entropy: f64) -> Option<Confidence> {
    Some(Confidence { entropy, top1: 0.5, top2: 0.25 })
}
