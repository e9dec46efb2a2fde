//! How long cases are simulated.

/// How sure a verification has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For every run of the tests: half-widths of at most 3 % of the mean.
    Quick,
    /// For a release: at most 1 %.
    Thorough,
}

impl Effort {
    /// The largest accepted half-width of a 95 % interval, as a share of the mean.
    pub(crate) fn precision(self) -> f64 {
        match self {
            Self::Quick => 0.03,
            Self::Thorough => 0.01,
        }
    }

    /// Customers to simulate in all replications together: `base` · (3 % / precision)² ·
    /// `difficulty`, since a half-width shrinks with the root of the number of customers. The
    /// difficulty says how a case's relative variance grows with its load.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a run length, far below 2⁵³"
    )]
    pub(crate) fn customers(self, base: f64, difficulty: f64) -> u64 {
        let finer = 0.03 / self.precision();
        (base * finer * finer * difficulty) as u64
    }
}
