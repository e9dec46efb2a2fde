//! What was learned, kept on disk: a finished training is not repeated, an interrupted one goes on
//! where its last checkpoint was taken.
//!
//! A training's folder is named by a hash of everything that its learning depends on: data, model,
//! partition, method, hyperparameters, seed, and who arrived in which round. The last of these is
//! all that learning knows of devices and networks; it is found by running the clock once without
//! computing, which takes a moment. So a study of latency on another network, with another server
//! or other traffic, finds what it needs, and a network that loses updates does not.

mod disk;
mod entry;
mod keeper;
mod notice;
mod progress;

pub use entry::Damaged;
pub(super) use entry::{Entry, Recalled, Wanted};
pub(super) use keeper::Keeper;
pub use notice::StoreNotice;

use std::num::NonZeroU32;
use std::path::PathBuf;

/// Where what is learned is kept, and what of it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreSettings {
    /// The folder of all trainings.
    pub folder: PathBuf,
    /// What of it is used.
    pub start: TrainingStart,
    /// Rounds from one checkpoint to the next; `None`: as many as take a while.
    pub checkpoint_every: Option<NonZeroU32>,
}

/// What a training begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrainingStart {
    /// With the finished training, if it is there; else anew.
    #[default]
    Reuse,
    /// With the finished training or else the last checkpoint, if it is there; else anew.
    Resume,
    /// Anew, and what is there is removed.
    Fresh,
}

/// How what was learned came about. It changes nothing about what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LearnedBy {
    /// In this run.
    Training,
    /// In an earlier run up to a checkpoint, the rest in this one.
    Resuming {
        /// Rounds of the earlier run.
        rounds: u32,
    },
    /// In an earlier run.
    Recalling,
}
