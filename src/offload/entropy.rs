//! `entropy: E_th`: SplitGP's rule (Han et al., INFOCOM 2023).

use super::{Answerer, DevicePart, Observation, Policy};

/// Offloads iff the client exit's entropy H exceeds the threshold: H > E_th.
#[derive(Debug, Clone, Copy)]
pub struct EntropyThreshold {
    /// E_th in nats.
    pub threshold: f64,
}

impl Policy for EntropyThreshold {
    fn device_part(&self) -> DevicePart {
        DevicePart::PhiAndKappa
    }

    /// # Panics
    /// If the answers carry no entropy: a scenario with stated probabilities cannot choose this
    /// policy.
    fn decide(&mut self, seen: &Observation) -> Answerer {
        Answerer::server_if(seen.confidence().entropy > self.threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offload::policy::{of_entropy, seeing};

    #[test]
    fn an_entropy_at_the_threshold_stays_on_the_device() {
        let mut policy = EntropyThreshold { threshold: 1.2 };
        let mut decide = |entropy| policy.decide(&seeing(of_entropy(entropy)));
        assert_eq!(decide(1.2), Answerer::Client);
        assert_eq!(decide(1.2_f64.next_up()), Answerer::Server);
    }

    #[test]
    fn a_zero_threshold_keeps_only_certain_answers() {
        let mut policy = EntropyThreshold { threshold: 0.0 };
        assert_eq!(policy.decide(&seeing(of_entropy(0.0))), Answerer::Client);
        assert_eq!(policy.decide(&seeing(of_entropy(1e-300))), Answerer::Server);
    }
}
