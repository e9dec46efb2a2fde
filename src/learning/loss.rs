//! Cross entropy of a batch.

use super::tensor::Activations;
use dfdx::prelude::{
    Cpu, HasShape as _, Rank0, Tape, Tensor, TensorFromVec as _, cross_entropy_with_logits_loss,
};

/// The mean over the batch of −ln softmax(logits)\[label\], in nats.
pub(super) fn cross_entropy<T: Tape<f32, Cpu>>(
    logits: Activations<T>,
    labels: &[u8],
) -> Tensor<Rank0, f32, Cpu, T> {
    let (batch, classes) = *logits.shape();
    let mut targets = vec![0.0; batch * classes];
    for (target, &label) in targets.chunks_exact_mut(classes).zip(labels) {
        target[usize::from(label)] = 1.0;
    }
    let targets = logits.device().clone().tensor_from_vec(targets, (batch, classes));
    cross_entropy_with_logits_loss(logits, targets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dfdx::prelude::AsArray as _;

    #[test]
    fn cross_entropy_is_the_mean_surprise_in_nats() {
        let logits = Cpu::default().tensor_from_vec(vec![0.0, 0.0, 2.0, 1.0], (2, 2));
        let loss = cross_entropy(logits, &[1, 0]).array();
        // (ln 2 + ln(1 + e⁻¹))/2
        let expected = f32::midpoint(2.0_f32.ln(), (-1.0_f32).exp().ln_1p());
        assert!((loss - expected).abs() < 1e-6, "{loss} against {expected}");
    }
}
