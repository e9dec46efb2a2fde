//! `oracle`: what a policy could reach at most.

use super::{Answerer, DevicePart};

/// Who would be right: what only a simulation can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hindsight {
    /// Whether the device's answer is right.
    pub client_correct: bool,
    /// Whether the server's answer is right.
    pub server_correct: bool,
}

/// Offloads iff only the server is right. No policy that computes φ and κ on the device is more
/// accurate on the same requests, and none that is as accurate offloads fewer of them. It is not
/// a [`Policy`](super::Policy): those see nothing of the truth.
#[derive(Debug, Clone, Copy)]
pub struct Oracle;

impl Oracle {
    /// What the device computes before the decision.
    pub fn device_part(self) -> DevicePart {
        DevicePart::PhiAndKappa
    }

    /// Who answers.
    pub fn decide(self, hindsight: Hindsight) -> Answerer {
        Answerer::server_if(hindsight.server_correct && !hindsight.client_correct)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_asked_only_for_what_the_device_gets_wrong_and_the_server_right() {
        let offloads = |client_correct, server_correct| {
            let hindsight = Hindsight { client_correct, server_correct };
            Oracle.decide(hindsight) == Answerer::Server
        };
        let all = [(true, true), (true, false), (false, true), (false, false)];
        assert_eq!(all.map(|(c, s)| offloads(c, s)), [false, false, true, false]);
    }
}
