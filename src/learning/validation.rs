//! Which of a client's test samples thresholds may be fitted on.

use super::test_set::ClientTestSet;
use rand::Rng;
use rand::seq::SliceRandom as _;

/// One sample of this many is for validation.
const VALIDATION_ONE_OF: usize = 5;

/// For each sample of `tests` in order whether it belongs to the validation part: a fifth of the
/// main samples and a fifth of the OOD ones, rounded down, drawn at random.
pub(super) fn validation_part(tests: &ClientTestSet, stream: &mut impl Rng) -> Vec<bool> {
    let main = tests.main().len();
    let ood = tests.samples().count() - main;
    let mut part = |count: usize| {
        let mut drawn: Vec<bool> = (0..count).map(|i| i < count / VALIDATION_ONE_OF).collect();
        drawn.shuffle(stream);
        drawn
    };
    let mut validation = part(main);
    validation.extend(part(ood));
    validation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::Dataset;
    use crate::random::Streams;

    #[test]
    fn a_fifth_of_the_main_and_of_the_ood_samples_is_for_validation() {
        let streams = Streams::new(1, 0);
        let main: Vec<bool> = (0..10).map(|class| class < 2).collect();
        let test = Dataset::digits().test;
        let mut ood = streams.stream("pi/0", "ood");
        let tests = ClientTestSet::new("pi/0", &test, &main, 0.5, &mut ood).unwrap();
        let part = validation_part(&tests, &mut streams.stream("pi/0", "validation"));
        let (n, count) = (tests.main().len(), |part: &[bool]| part.iter().filter(|v| **v).count());
        assert_eq!(part.len(), n + n / 2);
        assert_eq!((count(&part[..n]), count(&part[n..])), (n / 5, n / 2 / 5));
        let again = validation_part(&tests, &mut streams.stream("pi/0", "validation"));
        assert_eq!(part, again, "it depends on its stream alone");
    }
}
