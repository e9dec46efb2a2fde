//! The models of one client, part by part.

use super::method::Layout;
use super::weights::Weights;
use std::sync::Arc;

/// φ, κ and θ as one client uses them.
#[derive(Debug, Clone)]
pub(super) struct Models {
    pub(super) phi: Arc<Weights>,
    /// If there is a client exit.
    pub(super) kappa: Option<Arc<Weights>>,
    pub(super) theta: Arc<Weights>,
}

impl Models {
    /// The personalised aggregate: λ · own + (1−λ) · mean of each part on the device; θ on the server
    /// is the mean. At λ = 0 everything is, and shared.
    pub(super) fn mix(&self, means: &Self, lambda: f32, layout: Layout) -> Self {
        if lambda == 0.0 {
            return means.clone();
        }
        let mix = |own: &Arc<Weights>, mean: &Arc<Weights>| Arc::new(own.mix(mean, lambda));
        let kappas = self.kappa.as_ref().zip(means.kappa.as_ref());
        Self {
            phi: mix(&self.phi, &means.phi),
            kappa: kappas.map(|(own, mean)| mix(own, mean)),
            theta: match layout {
                Layout::TwoExits | Layout::ServerExit => Arc::clone(&means.theta),
                Layout::Full => mix(&self.theta, &means.theta),
            },
        }
    }
}
