//! Stochastic gradient descent: its step size over rounds, and its momentum.

use dfdx::prelude::{Momentum, SgdConfig};

/// How models step along their gradients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sgd {
    /// η over the rounds.
    pub rate: LearningRate,
    /// μ in [0, 1): v ← μ·v + gradient, w ← w − η·v (Polyak, 1964). v is a client's and of one
    /// round: it starts every local round at 0, because the models that it belongs to were averaged
    /// since. At 0 there is no v.
    pub momentum: f64,
}

/// The step size η_t = initial / (1 + inverse · t) of all steps in round t, counted from 0: the decay
/// that convergence proofs ask for, Σ η_t = ∞ and Σ η_t² < ∞ (Robbins and Monro, 1951).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearningRate {
    /// η_0, positive.
    pub initial: f64,
    /// How much 1/η grows with each round, in units of 1/η_0, not negative; 0 for a constant rate.
    pub inverse: f64,
}

impl Sgd {
    /// Plain SGD with the same step size in all rounds.
    pub const fn constant(rate: f64) -> Self {
        Self { rate: LearningRate::constant(rate), momentum: 0.0 }
    }

    /// Whether each parameter has a v.
    pub fn has_momentum(self) -> bool {
        self.momentum > 0.0
    }

    /// As the networks' library takes it, for `round`.
    pub(super) fn in_round(self, round: u32) -> SgdConfig {
        let momentum = self.has_momentum().then_some(Momentum::Classic(self.momentum));
        SgdConfig { lr: self.rate.at(round), momentum, weight_decay: None }
    }
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
    use crate::learning::tensor::{Gradient, Parameter, Workspace};
    use dfdx::prelude::Cpu;

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

    /// Where a parameter that begins at 0 is after two steps along a gradient of 1.
    fn after_two_steps(sgd: Sgd) -> f32 {
        let mut parameter = Parameter::new(vec![0.0], &Cpu::default());
        for _ in 0..2 {
            let mut gradients = Gradient::leaky();
            parameter.set_gradient(vec![1.0], &mut gradients);
            parameter.step(&sgd.in_round(0), &mut gradients, &Workspace::default());
        }
        parameter.values[0]
    }

    #[test]
    fn momentum_adds_what_is_left_of_earlier_gradients() {
        let sgd = Sgd::constant(0.5);
        // −0.5·(1 + 1) without, −0.5·(1 + (0.5·1 + 1)) with a momentum of a half
        assert_eq!(after_two_steps(sgd), -1.0);
        assert_eq!(after_two_steps(Sgd { momentum: 0.5, ..sgd }), -1.25);
    }
}
