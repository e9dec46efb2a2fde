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
        theta: mean(|update| Some(&update.theta))?,
    })
}
