//! How much a client trains in a round.

/// A client's local work in each round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalWork {
    /// So many mini-batches, however many samples a client holds.
    Updates(u32),
    /// So many passes over its own samples, so that who holds more does more.
    Epochs(u32),
}

impl LocalWork {
    /// Mini-batches of min(`batch_size`, n_k) for a client that holds `samples` = n_k ≥ 1: those
    /// stated, or epochs · ⌈n_k / min(batch_size, n_k)⌉, the last of an epoch filled up from the
    /// beginning of the permutation.
    pub fn steps(self, samples: u64, batch_size: u32) -> u32 {
        match self {
            Self::Updates(updates) => updates,
            Self::Epochs(epochs) => {
                let batches = samples.div_ceil(u64::from(batch_size).min(samples).max(1));
                u32::try_from(batches).unwrap_or(u32::MAX).saturating_mul(epochs)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_takes_as_many_batches_as_cover_the_samples() {
        let two = LocalWork::Epochs(2);
        // 2·⌈134/16⌉ = 2·9, 2·⌈128/16⌉ = 2·8, and one batch of all where fewer are held
        assert_eq!([134, 128, 7].map(|samples| two.steps(samples, 16)), [18, 16, 2]);
        assert_eq!(LocalWork::Updates(10).steps(7, 16), 10);
    }
}
