//! How much an update weighs that is aggregated as it arrives.

/// The weights of asynchronous aggregation (Xie, Koyejo, Gupta, "Asynchronous Federated
/// Optimization", 2019): the global models become (1 − α_d) x + α_d x_k with α_d = α · s(d).
///
/// The staleness d counts the updates that were aggregated between the sending of a client's models
/// and its update: 0 if nobody else's was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixing {
    /// α: the weight of an update that is not stale, in (0, 1].
    pub alpha: f64,
    /// s: how much less a stale one weighs.
    pub staleness: Staleness,
}

/// s(d), in \[0, 1\] and never growing with d.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Staleness {
    /// 1.
    Constant,
    /// (1 + d)^−a with this a ≥ 0.
    Polynomial(f64),
    /// 1 up to d = `after`, then 1 / (1 + slope · (d − after)).
    Hinge {
        /// The largest d without effect.
        after: u32,
        /// How fast the weight falls then, at least 0.
        slope: f64,
    },
}

impl Mixing {
    /// α_d for an update of staleness d.
    #[expect(clippy::cast_precision_loss, reason = "a number of updates")]
    pub fn weight(&self, staleness: u64) -> f64 {
        let d = staleness as f64;
        let factor = match self.staleness {
            Staleness::Constant => 1.0,
            Staleness::Polynomial(a) => (1.0 + d).powf(-a),
            Staleness::Hinge { after, slope } => {
                1.0 / (1.0 + slope * (d - f64::from(after)).max(0.0))
            }
        };
        self.alpha * factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(staleness: Staleness) -> [f64; 4] {
        [0, 1, 3, 8].map(|d| Mixing { alpha: 0.6, staleness }.weight(d))
    }

    #[test]
    fn a_weight_is_alpha_times_the_function_of_staleness() {
        assert_eq!(weights(Staleness::Constant), [0.6; 4]);
        // (1 + d)^−0.5: 1, 1/√2, 1/2, 1/3
        let expected = [0.6, 0.6 / 2.0_f64.sqrt(), 0.3, 0.2];
        for (weight, expected) in weights(Staleness::Polynomial(0.5)).into_iter().zip(expected) {
            assert!((weight - expected).abs() < 1e-15, "{weight} for {expected}");
        }
        // 1 up to 1; 1 / (1 + 2·(3 − 1)) = 1/5; 1 / (1 + 2·(8 − 1)) = 1/15
        let expected = [0.6, 0.6, 0.12, 0.04];
        let hinge = Staleness::Hinge { after: 1, slope: 2.0 };
        for (weight, expected) in weights(hinge).into_iter().zip(expected) {
            assert!((weight - expected).abs() < 1e-15, "{weight} for {expected}");
        }
    }
}
