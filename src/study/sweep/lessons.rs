//! Which cells would learn the same, so that one of them learns for all.

use crate::scenario::{OutcomeSpec, Scenario};
use xxhash_rust::xxh3::xxh3_128;

/// A hash of what the learning of a scenario depends on, its network left out; `None` if it learns
/// nothing. Where losses on the network make two scenarios of one lesson learn differently after
/// all, the second one trains too.
pub(super) fn lesson(scenario: &Scenario) -> Option<u128> {
    let training = scenario.training.as_ref()?;
    let clients: Vec<_> = scenario.fleet.iter().map(|entry| (&entry.name, entry.count)).collect();
    let learned = scenario.inference.as_ref().filter(|i| i.outcomes == OutcomeSpec::Learned);
    let ood = learned.map(|inference| inference.ood);
    let (seed, model, data) = (scenario.seed, &scenario.model, &scenario.data);
    let evaluate = &scenario.evaluate;
    let text = format!("{seed} {model:?} {data:?} {clients:?} {training:?} {evaluate:?} {ood:?}");
    Some(xxh3_128(text.as_bytes()))
}

/// The `cells`, by their places, in two parts: first those that learn something that none before
/// them does, then all others.
pub(super) fn learners_first(cells: &[usize], lessons: &[Option<u128>]) -> [Vec<usize>; 2] {
    let mut known = Vec::new();
    let (first, others) = cells.iter().partition(|&&cell| match lessons[cell] {
        Some(lesson) if !known.contains(&lesson) => {
            known.push(lesson);
            true
        }
        _ => false,
    });
    [first, others]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_of_each_lesson_comes_first() {
        let lessons = [None, Some(7), Some(7), Some(8), None, Some(8)];
        let parts = learners_first(&[0, 1, 2, 3, 4, 5], &lessons);
        assert_eq!(parts, [vec![1, 3], vec![0, 2, 4, 5]]);
        assert_eq!(learners_first(&[2, 5], &lessons), [vec![2, 5], vec![]]);
    }
}
