//! The record of a scenario's runs, and its files.

use super::cpu;
use super::ingredients::Ingredients;
use super::log::EventLog;
use super::log_file;
use crate::experiment::RunResult;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// What the files' layout is called; another one is refused.
const FORMAT: u32 = 1;

/// Bytes that a record's files may have: many times what is ever written.
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// Figures by their keys in `summary.json`.
pub type FigureTable = IndexMap<String, Value>;

/// What is committed beside a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    format: u32,
    /// The version of the program that recorded it.
    pub version: String,
    /// The family of processors that it was recorded on: learned numbers depend on it.
    pub cpu: String,
    /// All that the scenario states, by key path.
    pub scenario: IndexMap<String, String>,
    /// Hashes of the files that it names.
    pub files: IndexMap<String, String>,
    /// Its runs: each training method's, or the only one, called `run`.
    pub runs: IndexMap<String, RunRecord>,
    /// The runs' first events.
    #[serde(skip)]
    pub logs: IndexMap<String, EventLog>,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The hash of its trajectory.
    pub fingerprint: String,
    /// Handled events; of all replications if there are several.
    pub events: u64,
    /// What the fingerprint is made of; the first replication's if there are several.
    pub ingredients: Ingredients,
    /// Its main figures.
    pub figures: FigureTable,
}

/// Where a scenario's record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPaths {
    /// Fingerprint, ingredients and figures.
    pub record: PathBuf,
    /// The first events.
    pub events: PathBuf,
}

/// A record that is there and cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the record {} cannot be read: {cause}", path.display())]
pub struct RecordError {
    path: PathBuf,
    cause: io::Error,
}

impl RecordPaths {
    /// Beside the scenario at `path`.
    pub fn beside(path: &Path) -> Self {
        Self {
            record: path.with_extension("check.json"),
            events: path.with_extension("check.events.gz"),
        }
    }

    /// Whether there is a record.
    pub fn exist(&self) -> bool {
        self.record.exists()
    }
}

impl RunRecord {
    /// The record of `run`.
    pub fn of(run: &RunResult, ingredients: Ingredients, figures: FigureTable) -> Self {
        let fingerprint = format!("{:032x}", run.fingerprint);
        Self { fingerprint, events: run.events, ingredients, figures }
    }
}

impl Record {
    /// A record of these runs, made by this program on this machine.
    pub fn new(
        scenario: IndexMap<String, String>,
        files: IndexMap<String, String>,
        runs: IndexMap<String, RunRecord>,
        logs: IndexMap<String, EventLog>,
    ) -> Self {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Self { format: FORMAT, version, cpu: cpu::family(), scenario, files, runs, logs }
    }

    /// Reads the record at `paths`; `None` if there is none.
    ///
    /// # Errors
    /// If its files cannot be read, are damaged or of another layout.
    pub fn read(paths: &RecordPaths) -> Result<Option<Self>, RecordError> {
        let RecordPaths { record, events } = paths;
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |cause| RecordError { path, cause }
        };
        let text = match read_limited(record) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(failed(record))?,
        };
        let parsed = serde_json::from_slice(&text).map_err(io::Error::other);
        let mut read: Self = parsed.map_err(failed(record))?;
        if read.format != FORMAT {
            let found = read.format;
            let message = format!("its format is {found}, this program reads {FORMAT}");
            return Err(failed(record)(io::Error::other(message)));
        }
        let packed = read_limited(events).and_then(|packed| log_file::unpack(&packed));
        read.logs = packed.map_err(failed(events))?;
        Ok(Some(read))
    }

    /// The content of its two files: the record, and its events.
    ///
    /// # Errors
    /// Never in practice: they are made in memory.
    pub fn to_files(&self) -> io::Result<[Vec<u8>; 2]> {
        let mut record = serde_json::to_vec_pretty(self)?;
        record.push(b'\n');
        Ok([record, log_file::pack(&self.logs)?])
    }
}

fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::other(format!("it has more than {MAX_FILE_BYTES} bytes")));
    }
    Ok(bytes)
}
