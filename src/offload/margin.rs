//! `margin: m`: the client exit's two likeliest classes are too close to call.
//!
//! The difference of the two largest probabilities as a measure of doubt is that of T. Scheffer,
//! C. Decomain and S. Wrobel, "Active hidden Markov models for information extraction", 2001.

use super::{Answerer, DevicePart, Observation, Policy};

/// Offloads iff the client exit's largest and second largest probability differ by less than the
/// margin: top1 − top2 < m.
#[derive(Debug, Clone, Copy)]
pub struct Margin {
    /// m in [0, 1].
    pub margin: f64,
}

impl Policy for Margin {
    fn device_part(&self) -> DevicePart {
        DevicePart::PhiAndKappa
    }

    /// # Panics
    /// If the answers carry no probabilities: a scenario with stated outcomes cannot choose this
    /// policy.
    fn decide(&mut self, seen: &Observation) -> Answerer {
        let exit = seen.confidence();
        Answerer::server_if(f64::from(exit.top1) - f64::from(exit.top2) < self.margin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offload::Confidence;
    use crate::offload::policy::seeing;

    #[test]
    fn two_classes_that_differ_by_the_margin_are_told_apart_on_the_device() {
        // 0.75 − 0.25 = 0.5, exactly in binary
        let decide = |margin| {
            let exit = Confidence { entropy: 0.6, top1: 0.75, top2: 0.25 };
            Margin { margin }.decide(&seeing(Some(exit)))
        };
        assert_eq!(decide(0.5), Answerer::Client);
        assert_eq!(decide(0.5_f64.next_up()), Answerer::Server);
        assert_eq!(decide(0.0), Answerer::Client, "no difference is below 0");
    }
}
