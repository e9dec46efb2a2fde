//! The memory that real training takes on the machine that simulates.

use super::config::LearningConfig;
use super::error::LearningError;
use crate::cost::PartCost;

/// Activations of one mini-batch, of 4 bytes each: 8 GiB in each thread.
const MAX_ACTIVATIONS: u64 = 1 << 31;

/// Parameters of all clients' models, of 4 bytes each: 64 GiB.
const MAX_PARAMETERS: u64 = 1 << 34;

/// Refuses training that would not fit into any machine it is meant for; `largest_batch` is the
/// largest mini-batch of a client.
pub(super) fn check(config: &LearningConfig, largest_batch: u64) -> Result<(), LearningError> {
    let cost = PartCost::of(config.model.layers());
    let clients = u64::from(config.client_count());
    let checks = [
        ("activations of a mini-batch", cost.activations, largest_batch, MAX_ACTIVATIONS),
        ("parameters of all clients", cost.parameters, clients, MAX_PARAMETERS),
    ];
    for (what, one, count, limit) in checks {
        let values = one.saturating_mul(count);
        if values > limit {
            return Err(LearningError::TooLarge { what, values, limit });
        }
    }
    Ok(())
}
