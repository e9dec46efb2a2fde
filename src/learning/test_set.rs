//! Which test samples a client is asked about at each OOD level ρ.

use super::dataset::Samples;
use super::error::LearningError;
use crate::random::Stream;
use rand::seq::SliceRandom as _;

/// OOD samples for `main` main samples at level `rho`: ⌊ρ · main⌋. A decimal ρ whose product
/// falls short of an integer by no more than rounding reaches it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "counts of samples are small, and a float-to-integer cast saturates"
)]
pub(super) fn ood_count(rho: f64, main: usize) -> usize {
    (rho * main as f64 + 1e-9).floor() as usize
}

/// A client's test samples, as indices into the test set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientTestSet {
    main: Vec<u32>,
    ood: Vec<u32>,
}

impl ClientTestSet {
    /// All test samples of the client's main classes, then the first ⌊`max_ood` · n_main⌋ of one
    /// random permutation of the others: sets at smaller ρ are contained in those at larger ones.
    ///
    /// # Errors
    /// If there is no main sample, or fewer others than asked for.
    pub(super) fn new(
        client: &str,
        test: &Samples,
        main_classes: &[bool],
        max_ood: f64,
        stream: &mut Stream,
    ) -> Result<Self, LearningError> {
        let is_main = |&index: &u32| main_classes[usize::from(test.labels[index as usize])];
        let (main, mut ood): (Vec<u32>, Vec<u32>) = (0..).take(test.len()).partition(is_main);
        if main.is_empty() {
            return Err(LearningError::NoMainSamples { client: client.to_owned() });
        }
        let (needed, available) = (ood_count(max_ood, main.len()), ood.len());
        if needed > available {
            #[expect(clippy::cast_precision_loss, reason = "counts of samples are small")]
            let largest = (available as f64 / main.len() as f64 * 1e3).floor() / 1e3;
            let (client, asked) = (client.to_owned(), max_ood);
            return Err(LearningError::TooFewOod { client, asked, needed, available, largest });
        }
        ood.shuffle(stream);
        ood.truncate(needed);
        Ok(Self { main, ood })
    }

    /// Test samples of the client's main classes, ascending.
    pub fn main(&self) -> &[u32] {
        &self.main
    }

    /// The OOD samples at level `rho`.
    ///
    /// # Panics
    /// If `rho` exceeds the level that the set was built for.
    pub fn ood(&self, rho: f64) -> &[u32] {
        &self.ood[..ood_count(rho, self.main.len())]
    }

    /// All of its samples: the main ones, then the OOD ones in their fixed order.
    pub fn samples(&self) -> impl Iterator<Item = u32> + '_ {
        self.main.iter().chain(&self.ood).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::Dataset;
    use crate::random::Streams;

    fn set(main: &[u8], max_ood: f64) -> Result<ClientTestSet, LearningError> {
        let classes: Vec<bool> = (0..10).map(|class| main.contains(&class)).collect();
        let mut stream = Streams::new(1, 0).stream("pi/4", "ood");
        ClientTestSet::new("pi/4", &Dataset::digits().test, &classes, max_ood, &mut stream)
    }

    #[test]
    fn main_samples_are_all_of_the_main_classes_and_ood_samples_of_the_others() {
        let test = Dataset::digits().test;
        let set = set(&[3, 7], 1.0).unwrap();
        let label = |&index: &u32| test.labels[index as usize];
        assert!(set.main().iter().all(|index| [3, 7].contains(&label(index))));
        assert!(set.ood(1.0).iter().all(|index| ![3, 7].contains(&label(index))));
        let in_main = test.labels.iter().filter(|label| [3, 7].contains(*label)).count();
        assert_eq!(set.main().len(), in_main);
    }

    #[test]
    fn ood_sets_are_nested_and_as_large_as_rho_asks() {
        let set = set(&[3, 7], 1.0).unwrap();
        let n = set.main().len();
        for (rho, expected) in [(0.0, 0), (0.5, n / 2), (1.0, n)] {
            assert_eq!(set.ood(rho).len(), expected);
            assert_eq!(set.ood(rho), &set.ood(1.0)[..expected]);
        }
        assert_eq!(set.samples().count(), 2 * n);
    }

    #[test]
    fn a_decimal_level_is_not_lost_to_binary_rounding() {
        // 0.29 · 100 = 28.999999999999996 in binary
        assert_eq!(ood_count(0.29, 100), 29);
        assert_eq!(ood_count(0.4, 94), 37);
    }

    #[test]
    fn too_high_a_level_names_the_client_and_the_largest_possible() {
        let message = set(&[0, 1, 2, 3, 4, 5, 6, 7], 1.0).unwrap_err().to_string();
        assert!(message.starts_with("pi/4: ρ = 1 needs"), "{message}");
        assert!(message.contains("largest possible ρ: 0.2"), "{message}");
    }

    #[test]
    fn a_client_without_a_main_test_sample_is_refused() {
        assert_eq!(set(&[], 1.0), Err(LearningError::NoMainSamples { client: "pi/4".to_owned() }));
    }
}
