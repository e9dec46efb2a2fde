//! The course of a training: whose updates arrived in which round, or in which order.

use super::replay::{Learned, SimulatedTraining};
use super::run::RunSettings;
use super::single::run_single;
use super::{costing::Costing, error::ExperimentError, files::Files};
use crate::actors::{RoundJob, Training};
use crate::kernel::StopFlag;
use crate::scenario::Scenario;
use crate::time::SimTime;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use xxhash_rust::xxh3::Xxh3;

/// All that learning knows of devices and networks: whose updates each round's aggregation had; with
/// one θ for all also in which order mini-batches were served; and with updates that are merged as
/// they arrive their order, their weights and the models that they were made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Course {
    /// After each round a hash of all rounds so far.
    hashes: Vec<u128>,
    /// A hash of all that has happened so far.
    present: u128,
    /// Updates that were merged one by one.
    merged: u64,
    /// How many had been when a client was sent its models.
    versions: BTreeMap<u32, u64>,
}

/// What is told apart in a course.
const AGGREGATED: u64 = 0;
const SERVED: u64 = 1;
const MERGED: u64 = 2;

impl Course {
    /// A round was aggregated with the updates of the `arrived` clients.
    pub(super) fn aggregated(&mut self, arrived: &[u32]) {
        self.note(AGGREGATED, arrived.iter().copied().map(u64::from));
        self.round_over();
    }

    /// In the present round the mini-batches of these clients were served, in this order.
    pub(super) fn served(&mut self, order: &[u32]) {
        self.note(SERVED, order.iter().copied().map(u64::from));
    }

    /// A client was sent its models; that matters if others are merged before its update is.
    pub(super) fn sent(&mut self, client: u32) {
        self.versions.insert(client, self.merged);
    }

    /// A client's update was merged with this weight.
    pub(super) fn merged(&mut self, client: u32, weight: f64) {
        let version = self.versions.get(&client).copied().unwrap_or_default();
        self.note(MERGED, [u64::from(client), version, weight.to_bits()]);
        self.merged += 1;
    }

    /// A round is over.
    pub(super) fn round_over(&mut self) {
        self.hashes.push(self.present);
    }

    fn note(&mut self, what: u64, numbers: impl IntoIterator<Item = u64>) {
        let mut hash = Xxh3::new();
        hash.update(&self.present.to_le_bytes());
        hash.update(&what.to_le_bytes());
        numbers.into_iter().for_each(|number| hash.update(&number.to_le_bytes()));
        self.present = hash.digest128();
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
/// `None` if `stop` ended it on the way.
///
/// # Errors
/// If the run fails, as the real one would.
pub(super) fn rehearse(
    scenario: &Scenario,
    costing: &Costing,
    learned: Learned,
    stop: Option<StopFlag>,
) -> Result<Option<Course>, ExperimentError> {
    let alone = Scenario { inference: None, replications: 1, ..scenario.clone() };
    let backend = Rc::new(RefCell::new(Rehearsal::default()));
    let training = SimulatedTraining::Replayed(learned, Rc::clone(&backend));
    let settings = RunSettings { stop, ..RunSettings::default() };
    let run = run_single(&alone, costing, Some(&training), &Files::default(), 0, settings)?;
    let course = std::mem::take(&mut backend.borrow_mut().course);
    // Part of a course would be another training's.
    Ok((!run.interrupted).then_some(course))
}

/// A training in which nothing is computed and only its course is noted.
#[derive(Debug, Default)]
pub(super) struct Rehearsal {
    course: Course,
}

impl Training for Rehearsal {
    fn models_sent(&mut self, client: u32, _round: u32) {
        self.course.sent(client);
    }

    fn local_round(&mut self, _client: u32, _round: u32) -> RoundJob {
        nothing_to_do()
    }

    fn shared_round(&mut self, order: &[u32]) -> RoundJob {
        self.course.served(order);
        nothing_to_do()
    }

    /// A client that trains alone learns the same whatever the others do.
    fn keep(&mut self, _client: u32, _round: u32) {}

    fn aggregate(&mut self, arrived: &[u32]) {
        self.course.aggregated(arrived);
    }

    fn merge(&mut self, client: u32, weight: f64) {
        self.course.merged(client, weight);
    }

    fn merged_round(&mut self) {
        self.course.round_over();
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
        assert!(!course(&[&[0]]).begins(&whole));
        assert!(!course(&[&[0, 1], &[1], &[1]]).begins(&whole));
    }

    #[test]
    fn with_one_theta_the_order_of_mini_batches_is_part_of_the_course() {
        let course = |order: &[u32]| {
            let mut course = Course::default();
            course.served(order);
            course.aggregated(&[0, 1]);
            course.hash()
        };
        assert_eq!(course(&[0, 1, 0, 1]), course(&[0, 1, 0, 1]));
        assert_ne!(course(&[0, 1, 0, 1]), course(&[0, 1, 1, 0]));
    }

    #[test]
    fn merged_one_by_one_the_models_that_an_update_was_made_from_are_part_of_the_course() {
        // 0 is merged, then 1; it makes a difference whether 1 was sent its models before.
        let course = |sent_before: bool, weight: f64| {
            let mut course = Course::default();
            course.sent(0);
            if sent_before {
                course.sent(1);
            }
            course.merged(0, 0.5);
            if !sent_before {
                course.sent(1);
            }
            course.merged(1, weight);
            course.round_over();
            course.hash()
        };
        assert_eq!(course(true, 0.5), course(true, 0.5));
        assert_ne!(course(true, 0.5), course(false, 0.5));
        assert_ne!(course(true, 0.5), course(true, 0.4));
    }
}
