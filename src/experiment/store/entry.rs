//! One training in the store.

use super::disk::{partial_prefix, remove, write_durably};
use super::progress::Progress;
use crate::experiment::training::RoundLosses;
use crate::learning::{
    ArrayError, Federation, FederationState, Outcome, OutcomeFileError, OutcomeTable,
};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};
use thiserror::Error;
use xxhash_rust::xxh3::xxh3_128;

/// Losses and models of a finished training.
const FINISHED: &str = "training.npz";

/// What the key is the hash of, for people.
const INPUTS: &str = "inputs.txt";

/// What was learned up to some round.
#[derive(Debug, Default)]
pub(in crate::experiment) struct Recalled {
    /// Losses of each finished round.
    pub(in crate::experiment) losses: Vec<Option<RoundLosses>>,
    /// All clients' outcomes by the number of rounds finished before.
    pub(in crate::experiment) outcomes: BTreeMap<u32, Vec<Vec<Outcome>>>,
    /// The models after the last of these rounds; `None` once nothing more is to be learned.
    pub(in crate::experiment) models: Option<FederationState>,
}

/// What is to be learned, and what it is to be held against.
#[derive(Debug, Clone, Copy)]
pub(in crate::experiment) struct Wanted<'a> {
    pub(in crate::experiment) federation: &'a Federation,
    pub(in crate::experiment) clients: u32,
    pub(in crate::experiment) rounds: u32,
    /// Numbers of finished rounds after which accuracy is evaluated, ascending.
    pub(in crate::experiment) evaluated: &'a [u32],
}

/// A file of the store that cannot be used.
#[derive(Debug, Error)]
#[error("{}: {fault}", path.display())]
pub struct Damaged {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: String,
}

/// The folder of one training.
#[derive(Debug, Clone)]
pub(in crate::experiment) struct Entry {
    folder: PathBuf,
    inputs: String,
}

impl Recalled {
    /// The gradient norm after `rounds_done` rounds, if it was measured.
    pub(in crate::experiment) fn gradient_norm(&self, rounds_done: u32) -> Option<f64> {
        let round = rounds_done.checked_sub(1)? as usize;
        (*self.losses.get(round)?)?.gradient_norm
    }

    /// Whether nothing of a training of `rounds` rounds is left to learn.
    pub(in crate::experiment) fn is_all_of(&self, rounds: u32) -> bool {
        self.losses.len() as u64 == u64::from(rounds) && self.models.is_none()
    }
}

impl Entry {
    /// The entry below `store` for what `inputs`, a canonical text, says: its folder's name is
    /// the text's XXH3-128 hash. Touches no file.
    pub(in crate::experiment) fn new(store: &Path, inputs: String) -> Self {
        let folder = store.join(format!("{:032x}", xxh3_128(inputs.as_bytes())));
        Self { folder, inputs }
    }

    /// Where it is.
    pub(in crate::experiment) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The hash of everything that the learning depends on.
    pub(in crate::experiment) fn key(&self) -> Vec<u8> {
        xxh3_128(self.inputs.as_bytes()).to_be_bytes().to_vec()
    }

    /// The finished training, if it is there.
    ///
    /// # Errors
    /// If it is there and a file of it is damaged.
    pub(in crate::experiment) fn finished(
        &self,
        wanted: &Wanted<'_>,
    ) -> Result<Option<Recalled>, Damaged> {
        let path = self.folder.join(FINISHED);
        if !path.is_file() {
            return Ok(None);
        }
        let Progress { losses, .. } = self.progress(&path, wanted.rounds, &[])?;
        let outcomes =
            wanted.evaluated.iter().map(|&round| Ok((round, self.outcomes(round, wanted)?)));
        let outcomes = outcomes.collect::<Result<_, Damaged>>()?;
        Ok(Some(Recalled { losses, outcomes, models: None }))
    }

    /// The number of rounds after which the newest checkpoint was taken, if there is one.
    pub(in crate::experiment) fn checkpoint(&self) -> Option<u32> {
        self.checkpoints().into_iter().max()
    }

    /// The training up to the checkpoint taken after `rounds` rounds.
    ///
    /// # Errors
    /// If a file of it is damaged.
    pub(in crate::experiment) fn unfinished(
        &self,
        rounds: u32,
        wanted: &Wanted<'_>,
    ) -> Result<Recalled, Damaged> {
        let path = self.folder.join(checkpoint_name(rounds));
        let parts = wanted.federation.state_parts();
        let Progress { losses, models } = self.progress(&path, rounds, &parts)?;
        let fits = |state: &FederationState| wanted.federation.fits_state(state);
        let fault = match models.as_ref().map(fits) {
            Some(Ok(())) if rounds <= wanted.rounds => None,
            Some(Ok(())) => Some(format!("is after {rounds} of {} rounds", wanted.rounds)),
            Some(Err(error)) => Some(error.to_string()),
            None => Some("has no models".to_owned()),
        };
        if let Some(fault) = fault {
            return Err(Damaged { path, fault });
        }
        let mut outcomes = BTreeMap::new();
        for &round in wanted.evaluated.iter().take_while(|round| **round <= rounds) {
            // The last evaluation may not have ended before the run did; it is done again.
            if round < rounds || self.folder.join(outcomes_name(round)).is_file() {
                outcomes.insert(round, self.outcomes(round, wanted)?);
            }
        }
        Ok(Recalled { losses, outcomes, models })
    }

    /// Keeps the models after as many rounds as there are `losses`. A checkpoint of more rounds,
    /// which another run has left, is worth more.
    ///
    /// # Errors
    /// If the disk fails.
    pub(in crate::experiment) fn keep_checkpoint(
        &self,
        losses: &[Option<RoundLosses>],
        models: FederationState,
    ) -> io::Result<()> {
        let rounds = u32::try_from(losses.len()).expect("rounds are u32");
        if self.checkpoints().iter().any(|&other| other > rounds) {
            return Ok(());
        }
        self.describe()?;
        let progress = Progress { losses: losses.to_vec(), models: Some(models) };
        write_durably(&self.folder, &checkpoint_name(rounds), |out| progress.write(out))
    }

    /// Keeps all clients' outcomes after `round` rounds.
    ///
    /// # Errors
    /// If the disk fails.
    pub(in crate::experiment) fn keep_outcomes(
        &self,
        round: u32,
        table: &OutcomeTable,
    ) -> io::Result<()> {
        self.describe()?;
        write_durably(&self.folder, &outcomes_name(round), |out| table.write(out))
    }

    /// Marks the training as finished and removes what only an unfinished one needs.
    ///
    /// # Errors
    /// If the disk fails.
    pub(in crate::experiment) fn finish(&self, losses: &[Option<RoundLosses>]) -> io::Result<()> {
        let progress = Progress { losses: losses.to_vec(), models: None };
        write_durably(&self.folder, FINISHED, |out| progress.write(out))?;
        for name in self.names() {
            if checkpoint_rounds(&name).is_some() || name.starts_with(&partial_prefix()) {
                remove(&self.folder.join(name))?;
            }
        }
        Ok(())
    }

    /// Removes the checkpoint taken after `rounds` rounds.
    ///
    /// # Errors
    /// If the disk fails.
    pub(in crate::experiment) fn drop_checkpoint(&self, rounds: u32) -> io::Result<()> {
        remove(&self.folder.join(checkpoint_name(rounds)))
    }

    /// Removes the checkpoints taken after fewer than `rounds` rounds.
    ///
    /// # Errors
    /// If the disk fails.
    pub(in crate::experiment) fn drop_checkpoints_before(&self, rounds: u32) -> io::Result<()> {
        let mut earlier = self.checkpoints().into_iter().filter(|&other| other < rounds);
        earlier.try_for_each(|other| self.drop_checkpoint(other))
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// If the disk fails.
    pub(in crate::experiment) fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Says for people what is learned here; all else is written after that.
    ///
    /// # Errors
    /// If the disk fails.
    pub(in crate::experiment) fn describe(&self) -> io::Result<()> {
        if self.folder.join(INPUTS).is_file() {
            return Ok(());
        }
        write_durably(&self.folder, INPUTS, |mut out| {
            out.write_all(self.inputs.as_bytes()).map(|()| out)
        })
    }

    fn progress(
        &self,
        path: &Path,
        rounds: u32,
        parts: &[(String, usize)],
    ) -> Result<Progress, Damaged> {
        let damaged = |fault: String| Damaged { path: path.to_owned(), fault };
        let file = File::open(path).map_err(|error| damaged(error.to_string()))?;
        Progress::read(BufReader::new(file), rounds, parts)
            .map_err(|error: ArrayError| damaged(error.to_string()))
    }

    /// The outcomes after `round` rounds, which must be about the very samples that `wanted` tests.
    fn outcomes(&self, round: u32, wanted: &Wanted<'_>) -> Result<Vec<Vec<Outcome>>, Damaged> {
        let path = self.folder.join(outcomes_name(round));
        let damaged = |fault: String| Damaged { path: path.clone(), fault };
        let file = File::open(&path).map_err(|error| damaged(error.to_string()))?;
        let table = OutcomeTable::read(BufReader::new(file))
            .map_err(|error: OutcomeFileError| damaged(error.to_string()))?;
        let fits = table.clients.len() as u64 == u64::from(wanted.clients)
            && (0..).zip(&table.clients).all(|(client, outcomes)| {
                let samples = outcomes.iter().map(|outcome| outcome.sample);
                wanted.federation.test_set(client).samples().eq(samples)
            });
        if fits && table.source == self.key() {
            Ok(table.clients)
        } else {
            Err(damaged("is about other test samples".to_owned()))
        }
    }

    fn checkpoints(&self) -> Vec<u32> {
        self.names().iter().filter_map(|name| checkpoint_rounds(name)).collect()
    }

    /// The names of its files; none if there is no such folder.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }
}

fn outcomes_name(round: u32) -> String {
    format!("outcomes-{round}.npz")
}

fn checkpoint_name(rounds: u32) -> String {
    format!("checkpoint-{rounds}.npz")
}

fn checkpoint_rounds(name: &str) -> Option<u32> {
    name.strip_prefix("checkpoint-")?.strip_suffix(".npz")?.parse().ok()
}
