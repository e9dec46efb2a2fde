//! Keeps what a training learns while it goes on.

use super::entry::Entry;
use super::notice::StoreNotice;
use crate::experiment::training::RoundLosses;
use crate::learning::{FederationState, OutcomeTable};
use std::io;
use std::num::NonZeroU32;

/// Evaluations that wait for a disk that fails. With more of them the training is not kept: they
/// take memory, and what is learned later is worth nothing without them.
const MAX_WAITING: usize = 8;

/// Writes checkpoints and outcomes of one training. A disk that fails ends neither the training nor
/// the keeping: what could not be written is tried again with the next checkpoint or outcomes.
pub(in crate::experiment) struct Keeper {
    entry: Entry,
    every: NonZeroU32,
    notify: Box<dyn FnMut(StoreNotice)>,
    /// Outcomes that are not written yet.
    waiting: Vec<(u32, OutcomeTable)>,
    /// The last checkpoint, while no round was trained from it.
    untested: Option<u32>,
    is_failing: bool,
    has_given_up: bool,
}

impl Keeper {
    /// Keeps in `entry`, with a checkpoint every so many rounds, and tells `notify` when that fails:
    /// now, if nothing can be written at all.
    pub(in crate::experiment) fn new(
        entry: Entry,
        every: NonZeroU32,
        notify: Box<dyn FnMut(StoreNotice)>,
    ) -> Self {
        let mut keeper = Self {
            entry,
            every,
            notify,
            waiting: Vec::new(),
            untested: None,
            is_failing: false,
            has_given_up: false,
        };
        keeper.attempt(Entry::describe);
        keeper
    }

    /// Whether a checkpoint is due after `rounds` of `of` rounds: after the last one all is done.
    pub(in crate::experiment) fn is_due(&self, rounds: u32, of: u32) -> bool {
        rounds.is_multiple_of(self.every.get()) && rounds < of
    }

    /// Keeps the models after as many rounds as there are `losses`, beside the earlier ones until
    /// [`Self::tested`].
    pub(in crate::experiment) fn checkpoint(
        &mut self,
        losses: &[Option<RoundLosses>],
        models: FederationState,
    ) {
        if self.attempt(|entry| entry.keep_checkpoint(losses, models)) {
            self.untested = u32::try_from(losses.len()).ok();
        }
    }

    /// A round has begun from the last models with losses that are finite: if these are kept, earlier
    /// ones need not be.
    pub(in crate::experiment) fn tested(&mut self) {
        if let Some(rounds) = self.untested.take() {
            self.attempt(|entry| entry.drop_checkpoints_before(rounds));
        }
    }

    /// The models after `rounds` rounds have led nowhere: the last good ones are those before.
    pub(in crate::experiment) fn diverged(&mut self, rounds: u32) {
        self.attempt(|entry| entry.drop_checkpoint(rounds));
        if let Some(rounds) = self.entry.checkpoint() {
            (self.notify)(StoreNotice::LastGood { folder: self.entry.folder().to_owned(), rounds });
        }
    }

    /// Keeps all clients' outcomes after `round` rounds.
    pub(in crate::experiment) fn outcomes(&mut self, round: u32, table: OutcomeTable) {
        self.waiting.push((round, table));
        self.attempt(|_| Ok(()));
        if self.waiting.len() > MAX_WAITING {
            self.waiting.clear();
            self.has_given_up = true;
        }
    }

    /// The training is finished and all its outcomes are kept.
    pub(in crate::experiment) fn finish(&mut self, losses: &[Option<RoundLosses>]) {
        self.attempt(|entry| entry.finish(losses));
    }

    /// Tells what is kept of `of` rounds now that the training has ended early, if anything is.
    pub(in crate::experiment) fn tell_kept(&mut self, of: u32) {
        if let Some(rounds) = self.entry.checkpoint() {
            (self.notify)(StoreNotice::Kept { folder: self.entry.folder().to_owned(), rounds, of });
        }
    }

    /// Writes what waits, then does what `keep` does, and returns whether all that succeeded. Of
    /// failures in a row the first one is told.
    fn attempt(&mut self, keep: impl FnOnce(&Entry) -> io::Result<()>) -> bool {
        if self.has_given_up {
            return false;
        }
        let kept = self.write_waiting().and_then(|()| keep(&self.entry));
        let has_failed = std::mem::replace(&mut self.is_failing, kept.is_err());
        if let (Err(error), false) = (&kept, has_failed) {
            let folder = self.entry.folder().to_owned();
            (self.notify)(StoreNotice::NotKept { folder, reason: error.to_string() });
        }
        kept.is_ok()
    }

    fn write_waiting(&mut self) -> io::Result<()> {
        while let Some((round, table)) = self.waiting.first() {
            self.entry.keep_outcomes(*round, table)?;
            self.waiting.remove(0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;
    use std::rc::Rc;

    /// A keeper below `store`, and what it told.
    fn keeper(store: &Path) -> (Keeper, Rc<RefCell<Vec<String>>>) {
        let told = Rc::new(RefCell::new(Vec::new()));
        let heard = Rc::clone(&told);
        let notify = move |notice: StoreNotice| heard.borrow_mut().push(notice.to_string());
        let entry = Entry::new(store, "rounds=9".to_owned());
        (Keeper::new(entry, NonZeroU32::MIN, Box::new(notify)), told)
    }

    fn models() -> FederationState {
        FederationState { weights: BTreeMap::new(), unmixed: Vec::new() }
    }

    fn table() -> OutcomeTable {
        OutcomeTable { classes: 10, source: vec![1], clients: vec![], validation: vec![] }
    }

    fn names(keeper: &Keeper) -> Vec<String> {
        let entries = fs::read_dir(keeper.entry.folder()).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_checkpoint_replaces_the_one_before_once_a_round_was_trained_from_it() {
        let root = tempfile::tempdir().unwrap();
        let (mut keeper, told) = keeper(root.path());
        keeper.checkpoint(&[None], models());
        keeper.checkpoint(&[None; 2], models());
        assert_eq!(names(&keeper), ["checkpoint-1.npz", "checkpoint-2.npz", "inputs.txt"]);
        keeper.tested();
        assert_eq!(names(&keeper), ["checkpoint-2.npz", "inputs.txt"]);
        keeper.checkpoint(&[None; 3], models());
        keeper.diverged(3);
        assert_eq!(names(&keeper), ["checkpoint-2.npz", "inputs.txt"], "nothing led on from 3");
        let told = told.borrow();
        assert!(told.len() == 1 && told[0].contains("after 2 rounds"), "{told:?}");
    }

    #[test]
    fn a_store_that_cannot_be_written_is_told_at_once_and_tried_again() {
        let root = tempfile::tempdir().unwrap();
        let store = root.path().join("store");
        fs::write(&store, "a file where the folder should be").unwrap();
        let (mut keeper, told) = keeper(&store);
        assert!(told.borrow()[0].contains("cannot be kept"), "before anything is learned");
        keeper.outcomes(1, table());
        keeper.checkpoint(&[None], models());
        assert_eq!(told.borrow().len(), 1, "the same failure is told once");
        fs::remove_file(&store).unwrap();
        keeper.checkpoint(&[None; 2], models());
        assert_eq!(names(&keeper), ["checkpoint-2.npz", "inputs.txt", "outcomes-1.npz"]);
    }

    #[test]
    fn outcomes_that_wait_for_a_disk_are_bounded() {
        let root = tempfile::tempdir().unwrap();
        let store = root.path().join("store");
        fs::write(&store, "").unwrap();
        let (mut keeper, told) = keeper(&store);
        (1..100).for_each(|round| keeper.outcomes(round, table()));
        assert!(keeper.waiting.is_empty());
        fs::remove_file(&store).unwrap();
        keeper.finish(&[None]);
        assert!(!store.exists(), "without all its outcomes it is not finished");
        assert_eq!(told.borrow().len(), 1);
    }
}
