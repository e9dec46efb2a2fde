//! One global aggregation: the mean of the clients' models by their numbers of samples.

use super::local_round::LocalUpdate;
use super::parts::Models;
use super::weights::Weights;
use std::sync::Arc;

/// Σ a_k · (φ_k, κ_k, θ_k) with a_k = n_k / Σ n over the clients that arrived, summed in the order of
/// `updates`; `samples` gives n_k. `None` if nobody arrived.
pub(super) fn means(updates: &[LocalUpdate], samples: impl Fn(u32) -> u64) -> Option<Models> {
    let total: u64 = updates.iter().map(|update| samples(update.client)).sum();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "numbers of samples are small, and weights are single precision"
    )]
    let share = |update: &LocalUpdate| (samples(update.client) as f64 / total as f64) as f32;
    let mean = |part: fn(&LocalUpdate) -> Option<&Weights>| {
        let parts: Option<Vec<_>> =
            updates.iter().map(|update| Some((share(update), part(update)?))).collect();
        parts.map(|parts| Arc::new(Weights::weighted_sum(parts)))
    };
    if updates.is_empty() {
        return None;
    }
    Some(Models {
        phi: mean(|update| Some(&update.phi))?,
        kappa: mean(|update| update.kappa.as_ref()),
        theta: match updates {
            // Clients that trained one θ together have nothing to average.
            [first, others @ ..] if others.iter().all(|o| Arc::ptr_eq(&o.theta, &first.theta)) => {
                Arc::clone(&first.theta)
            }
            _ => mean(|update| Some(&update.theta))?,
        },
    })
}

impl LocalUpdate {
    /// (1 − weight) · `models` + weight · this update, part by part.
    #[expect(clippy::cast_possible_truncation, reason = "weights are single precision")]
    pub(super) fn mixed_into(&self, models: &Models, weight: f64) -> Models {
        let mix = |own: &Weights, global: &Weights| Arc::new(own.mix(global, weight as f32));
        Models {
            phi: mix(&self.phi, &models.phi),
            kappa: self.kappa.as_ref().zip(models.kappa.as_ref()).map(|(own, mean)| mix(own, mean)),
            theta: mix(&self.theta, &models.theta),
        }
    }
}
