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

/// How a simulated quantity stands to its expected value.
///
/// Of many 95 % intervals one in twenty misses by right, and a seed without misses would be one
/// chosen for it. So a test fails only outside of the 99.9 % interval, and a table tells both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The expected value lies in the 95 % interval; what is exact is equal.
    Agrees,
    /// It lies only in the 99.9 % interval.
    AgreesWidely,
    /// It lies outside.
    Disagrees,
    /// The interval is wider than asked for.
    TooImprecise,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agrees => "agrees",
            Self::AgreesWidely => "agrees (99.9 %)",
            Self::Disagrees => "DISAGREES",
            Self::TooImprecise => "TOO IMPRECISE",
        })
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
    /// Whether the simulation agrees with theory and is as precise as `effort` asks.
    pub(crate) fn verdict(&self, effort: Effort) -> Verdict {
        if self.simulated.half_width > effort.precision() * self.expected {
            Verdict::TooImprecise
        } else if self.simulated.covers(self.expected) {
            Verdict::Agrees
        } else if self.simulated.covers_widely(self.expected) {
            Verdict::AgreesWidely
        } else {
            Verdict::Disagrees
        }
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
