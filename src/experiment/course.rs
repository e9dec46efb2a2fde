//! The course of a training: who began and who arrived in which round.

use super::replay::{Learned, SimulatedTraining};
use super::run::RunSettings;
use super::single::run_single;
use super::{costing::Costing, error::ExperimentError, files::Files};
use crate::actors::{RoundJob, Training};
use crate::kernel::StopFlag;
use crate::scenario::Scenario;
use crate::time::SimTime;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use xxhash_rust::xxh3::Xxh3;

/// Who began each round, and so was given its models, and whose updates its aggregation had: all
/// that learning knows of devices and networks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Course {
    /// After each round a hash of all rounds so far.
    hashes: Vec<u128>,
    /// Who has begun the present round.
    begun: BTreeSet<u32>,
}

impl Course {
    /// A client has been given its models and begins the present round.
    pub(super) fn begun(&mut self, client: u32) {
        self.begun.insert(client);
    }

    /// A round was aggregated with the updates of the `arrived` clients.
    pub(super) fn aggregated(&mut self, arrived: &[u32]) {
        let mut hash = Xxh3::new();
        hash.update(&self.hash().to_le_bytes());
        let begun = std::mem::take(&mut self.begun);
        // The length keeps who began apart from who arrived.
        hash.update(&(begun.len() as u64).to_le_bytes());
        begun.iter().chain(arrived).for_each(|client| hash.update(&client.to_le_bytes()));
        self.hashes.push(hash.digest128());
    }

    /// A hash of all rounds; 0 if clients train alone.
    pub(super) fn hash(&self) -> u128 {
        self.hashes.last().copied().unwrap_or(0)
    }

    /// Whether this is how `whole` begins.
    pub(super) fn begins(&self, whole: &Self) -> bool {
        let rounds = self.hashes.len();
        rounds <= whole.hashes.len() && self.hashes.last() == whole.hashes[..rounds].last()
    }
}

/// The course that the training of `scenario` will take with clients that are like those of
/// `learned`: its clock is run without computing anything. Who arrives when never depends on what
/// was learned, so that the real training takes the same course.
///
/// # Errors
/// If the run fails, as the real one would, or `stop` ends it.
pub(super) fn rehearse(
    scenario: &Scenario,
    costing: &Costing,
    learned: Learned,
    stop: Option<StopFlag>,
) -> Result<Course, ExperimentError> {
    let alone = Scenario { inference: None, replications: 1, ..scenario.clone() };
    let backend = Rc::new(RefCell::new(Rehearsal::default()));
    let training = SimulatedTraining::Replayed(learned, Rc::clone(&backend));
    let settings = RunSettings { stop, ..RunSettings::default() };
    run_single(&alone, costing, Some(&training), &Files::default(), 0, settings)?;
    let course = std::mem::take(&mut backend.borrow_mut().course);
    Ok(course)
}

/// A training in which nothing is computed and only its course is noted.
#[derive(Debug, Default)]
pub(super) struct Rehearsal {
    course: Course,
}

impl Training for Rehearsal {
    fn local_round(&mut self, client: u32, _round: u32) -> RoundJob {
        self.course.begun(client);
        nothing_to_do()
    }

    /// A client that trains alone learns the same whatever the others do.
    fn keep(&mut self, _client: u32, _round: u32) {}

    fn aggregate(&mut self, arrived: &[u32]) {
        self.course.aggregated(arrived);
    }

    fn evaluation(&mut self, _client: u32, _rounds_done: u32) -> RoundJob {
        nothing_to_do()
    }

    fn evaluated(&mut self, _rounds_done: u32, _time: SimTime) {}
}

/// The job for what is known already.
pub(super) fn nothing_to_do() -> RoundJob {
    Box::new(|| Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(rounds: &[&[u32]]) -> Course {
        let mut course = Course::default();
        rounds.iter().for_each(|arrived| course.aggregated(arrived));
        course
    }

    #[test]
    fn a_course_is_told_from_others_by_each_round() {
        let whole = course(&[&[0, 1], &[1]]);
        assert_eq!(whole, course(&[&[0, 1], &[1]]));
        assert_ne!(whole.hash(), course(&[&[0], &[1, 1]]).hash());
        assert_ne!(whole.hash(), course(&[&[0, 1], &[]]).hash());
        assert!(course(&[&[0, 1]]).begins(&whole) && Course::default().begins(&whole));
        // Who lost its update was given its models all the same, in whatever order.
        let mut lost = Course::default();
        [1, 0].into_iter().for_each(|client| lost.begun(client));
        lost.aggregated(&[0]);
        assert_ne!(lost.hash(), course(&[&[0]]).hash());
        assert!(!course(&[&[0]]).begins(&whole));
        assert!(!course(&[&[0, 1], &[1], &[1]]).begins(&whole));
    }
}
