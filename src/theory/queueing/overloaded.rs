//! Models without a steady state.

use thiserror::Error;

/// As much work arrives as the servers can do, or more: the queue grows for ever.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("a load of {load} has no steady state: it must be below 1")]
pub struct Overloaded {
    /// Arrival rate · mean service time / servers.
    pub load: f64,
}

/// `load` if there is a steady state.
pub(super) fn steady(load: f64) -> Result<f64, Overloaded> {
    if load < 1.0 { Ok(load) } else { Err(Overloaded { load }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_of_one_is_too_much() {
        assert_eq!(steady(0.999), Ok(0.999));
        assert_eq!(steady(1.0), Err(Overloaded { load: 1.0 }));
        assert!(steady(f64::NAN).is_err());
    }
}
