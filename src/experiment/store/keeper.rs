//! Keeps what a training learns while it goes on.

use super::entry::Entry;
use super::notice::StoreNotice;
use crate::experiment::training::RoundLosses;
use crate::learning::{FederationState, OutcomeTable};
use std::io;
use std::num::NonZeroU32;

/// Writes checkpoints and outcomes of one training. A disk that fails ends the keeping, not the
/// training.
#[derive(Debug)]
pub(in crate::experiment) struct Keeper {
    entry: Entry,
    every: NonZeroU32,
    failure: Option<io::Error>,
}

impl Keeper {
    /// Keeps in `entry`, with a checkpoint every so many rounds.
    pub(in crate::experiment) fn new(entry: Entry, every: NonZeroU32) -> Self {
        Self { entry, every, failure: None }
    }

    /// Whether a checkpoint is due after `rounds` of `of` rounds: after the last one all is done.
    pub(in crate::experiment) fn is_due(&self, rounds: u32, of: u32) -> bool {
        rounds.is_multiple_of(self.every.get()) && rounds < of
    }

    /// Keeps the models after as many rounds as there are `losses`.
    pub(in crate::experiment) fn checkpoint(
        &mut self,
        losses: &[Option<RoundLosses>],
        models: FederationState,
    ) {
        self.attempt(|entry| entry.keep_checkpoint(losses, models));
    }

    /// Keeps all clients' outcomes after `round` rounds.
    pub(in crate::experiment) fn outcomes(&mut self, round: u32, table: &OutcomeTable) {
        self.attempt(|entry| entry.keep_outcomes(round, table));
    }

    /// The training is finished and all its outcomes are kept.
    pub(in crate::experiment) fn finish(&mut self, losses: &[Option<RoundLosses>]) {
        self.attempt(|entry| entry.finish(losses));
    }

    /// What went wrong, if anything.
    pub(in crate::experiment) fn complaint(&self) -> Option<StoreNotice> {
        let reason = self.failure.as_ref()?.to_string();
        Some(StoreNotice::NotKept { folder: self.entry.folder().to_owned(), reason })
    }

    /// What is kept of `of` rounds if the training has not ended, if anything is.
    pub(in crate::experiment) fn kept(&self, of: u32) -> Option<StoreNotice> {
        let (rounds, folder) = (self.entry.checkpoint()?, self.entry.folder().to_owned());
        Some(StoreNotice::Kept { folder, rounds, of })
    }

    fn attempt(&mut self, keep: impl FnOnce(&Entry) -> io::Result<()>) {
        if self.failure.is_none() {
            self.failure = keep(&self.entry).err();
        }
    }
}
