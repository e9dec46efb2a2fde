//! The memory that real training takes on the machine that simulates.

use super::config::LearningConfig;
use super::error::LearningError;
use crate::cost::{PartCost, SplitModel};

/// Activations of one mini-batch, of 4 bytes each: 8 GiB in each thread.
const MAX_ACTIVATIONS: u64 = 1 << 31;

/// Parameters of all clients' models, of 4 bytes each: 64 GiB.
const MAX_PARAMETERS: u64 = 1 << 34;

/// Activations of the samples that are evaluated at once, of 4 bytes each: 1 GiB in each thread.
const MAX_EVALUATED: u64 = 1 << 28;

/// Samples that are evaluated at once where they are small: enough for the matrix products to run at
/// full speed.
const EVALUATED_AT_ONCE: u64 = 64;

/// How many samples are evaluated at once: fewer of those that leave many activations, and at least
/// one, which takes no more memory than a mini-batch.
pub(super) fn evaluated_at_once(model: &SplitModel) -> usize {
    let fitting = MAX_EVALUATED / PartCost::of(model.layers()).activations.max(1);
    usize::try_from(fitting.clamp(1, EVALUATED_AT_ONCE)).expect("few samples")
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Layer, LayerKind, ModelPreset, Shape};

    #[test]
    fn samples_that_leave_many_activations_are_evaluated_few_at_once() {
        let preset = |preset, cut| SplitModel::preset(preset, cut).unwrap();
        assert_eq!(evaluated_at_once(&preset(ModelPreset::DigitsCnn, "conv2")), 64);
        assert_eq!(evaluated_at_once(&preset(ModelPreset::PaperCnn, "conv4")), 64);
        let wide = |side| {
            let conv = LayerKind::Conv2d { out_channels: 16, kernel: 1, padding: 0, stride: 1 };
            let input = Shape { channels: 1, height: side, width: side };
            let phi = vec![Layer::new("conv1", conv, true, input)];
            let (kappa, theta) = (Vec::new(), Vec::new());
            SplitModel { phi, kappa, theta, ..preset(ModelPreset::DigitsCnn, "conv2") }
        };
        // 2²⁸/(16·1024²) = 16; 2²⁸/(16·8192²) < 1
        assert_eq!(evaluated_at_once(&wide(1024)), 16);
        assert_eq!(evaluated_at_once(&wide(8192)), 1);
    }
}
