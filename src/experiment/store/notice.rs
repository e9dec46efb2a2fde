//! What a user should know of the store while a run begins.

use super::entry::Damaged;
use std::path::PathBuf;
use thiserror::Error;

/// What a user should know of the store.
#[derive(Debug, Error)]
pub enum StoreNotice {
    /// There is a checkpoint that was not asked for.
    #[error(
        "note: an unfinished training of this scenario ({rounds} of {of} rounds) is in {}; \
         --resume would go on with it; training begins anew", folder.display()
    )]
    Unfinished {
        /// The training's folder.
        folder: PathBuf,
        /// Rounds it has finished.
        rounds: u32,
        /// Rounds of the scenario.
        of: u32,
    },
    /// The training goes on from a checkpoint.
    #[error("training goes on after round {rounds} of {of}, from {}", folder.display())]
    Resumed {
        /// The training's folder.
        folder: PathBuf,
        /// Rounds finished before.
        rounds: u32,
        /// Rounds of the scenario.
        of: u32,
    },
    /// The training has ended early.
    #[error(
        "note: the models after {rounds} of {of} rounds are kept in {}; --resume goes on from \
         there", folder.display()
    )]
    Kept {
        /// The training's folder.
        folder: PathBuf,
        /// Rounds it has finished.
        rounds: u32,
        /// Rounds of the scenario.
        of: u32,
    },
    /// The training has diverged.
    #[error(
        "note: the models after {rounds} rounds, the last from which a round could be trained, are \
         in {}", folder.display()
    )]
    LastGood {
        /// The training's folder.
        folder: PathBuf,
        /// Rounds they have finished.
        rounds: u32,
    },
    /// There is nothing to go on with.
    #[error("note: there is no checkpoint of this training in {}; it begins anew", folder.display())]
    NothingToResume {
        /// The training's folder.
        folder: PathBuf,
    },
    /// A file is there and cannot be used.
    #[error("warning: what was learned before cannot be used: {0}; training begins anew")]
    Damaged(Damaged),
    /// What is learned cannot be kept.
    #[error("warning: what is learned cannot be kept: {}: {reason}", folder.display())]
    NotKept {
        /// The training's folder.
        folder: PathBuf,
        /// Why.
        reason: String,
    },
}
