//! One global aggregation: the mean of the clients' models by their numbers of samples.

use super::local_round::LocalUpdate;
use super::weights::Weights;

/// The mean of each part over the clients that arrived.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Means {
    pub(super) phi: Weights,
    pub(super) kappa: Weights,
    pub(super) theta: Weights,
}

/// Σ a_k · (φ_k, κ_k, θ_k) with a_k = n_k / Σ n, summed in the order of `updates`; `samples` gives
/// n_k. `None` if nobody arrived.
pub(super) fn means(updates: &[LocalUpdate], samples: impl Fn(u32) -> u64) -> Option<Means> {
    let total: u64 = updates.iter().map(|update| samples(update.client)).sum();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "numbers of samples are small, and weights are single precision"
    )]
    let share = |update: &LocalUpdate| (samples(update.client) as f64 / total as f64) as f32;
    let mean = |part: fn(&LocalUpdate) -> &Weights| {
        Weights::weighted_sum(updates.iter().map(|update| (share(update), part(update))))
    };
    (!updates.is_empty()).then(|| Means {
        phi: mean(|update| &update.phi),
        kappa: mean(|update| &update.kappa),
        theta: mean(|update| &update.theta),
    })
}
