//! One simulated quantity against its closed form.

use super::{Effort, Estimate, Load};
use std::fmt;

/// What a number measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// Seconds, shown in milliseconds.
    Time,
    /// A share of customers.
    Share,
    /// Customers a second.
    Rate,
}

impl Quantity {
    /// `value` in this quantity's unit.
    pub(crate) fn show(self, value: f64) -> String {
        match self {
            Self::Time => format!("{:.6} ms", value * 1e3),
            Self::Share => format!("{value:.6}"),
            Self::Rate => format!("{value:.4} /s"),
        }
    }
}

/// A simulated quantity and what theory expects of it.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    /// What is compared, such as `mean wait`.
    pub(crate) what: String,
    /// What the numbers measure.
    pub(crate) quantity: Quantity,
    /// The load it was simulated at.
    pub(crate) load: Load,
    /// The closed form.
    pub(crate) formula: &'static str,
    /// Its value.
    pub(crate) expected: f64,
    /// The simulated value.
    pub(crate) simulated: Estimate,
}

impl Comparison {
    /// Whether the simulation agrees with theory: it is as precise as `effort` asks, and the
    /// expected value lies in the 99.9 % interval. (Of many 95 % intervals, one in twenty misses
    /// by right; a seed without misses would be one chosen for it.) What is exact must be equal.
    ///
    /// # Errors
    /// What is wrong, with all numbers.
    pub(crate) fn check(&self, effort: Effort) -> Result<(), String> {
        if self.simulated.half_width > effort.precision() * self.expected {
            return Err(format!("too imprecise: {self}"));
        }
        if !self.simulated.covers_widely(self.expected) {
            return Err(format!("outside its 99.9 % interval: {self}"));
        }
        Ok(())
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, load, formula, .. } = self;
        let [expected, simulated, half, wide] = [
            self.expected,
            self.simulated.mean,
            self.simulated.half_width,
            self.simulated.wide_half_width,
        ]
        .map(|value| self.quantity.show(value));
        write!(
            f,
            "{what} at load {load}: {formula} = {expected}, simulated {simulated} ± {half} (95 %), \
             ± {wide} (99.9 %)"
        )
    }
}
