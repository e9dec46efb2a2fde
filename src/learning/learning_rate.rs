//! The step size of SGD over rounds.

/// The step size η_t = initial / (1 + inverse · t) in every step of round t, counted from 0: the decay
/// that convergence proofs ask for, Σ η_t = ∞ and Σ η_t² < ∞ (Robbins and Monro, 1951).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearningRate {
    /// η_0, positive.
    pub initial: f64,
    /// How much 1/η grows with each round, in units of 1/η_0, not negative; 0 for a constant rate.
    pub inverse: f64,
}

impl LearningRate {
    /// The same rate in all rounds.
    pub const fn constant(rate: f64) -> Self {
        Self { initial: rate, inverse: 0.0 }
    }

    /// η of `round`, counted from 0.
    pub fn at(self, round: u32) -> f64 {
        self.initial / (1.0 + self.inverse * f64::from(round))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_rate_is_itself_to_the_bit() {
        assert!((0..10).all(|round| LearningRate::constant(0.05).at(round) == 0.05));
    }

    #[test]
    fn an_inverse_decay_starts_with_the_initial_rate_and_halves_it_after_1_over_inverse_rounds() {
        let rate = LearningRate { initial: 0.05, inverse: 0.01 };
        // 0.05/(1 + 0.01·0), 0.05/(1 + 0.01·100) = 0.05/2, 0.05/(1 + 0.01·300) = 0.05/4
        assert_eq!([0, 100, 300].map(|round| rate.at(round)), [0.05, 0.025, 0.0125]);
    }
}
