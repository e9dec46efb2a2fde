//! By what a finished cell is known.

use crate::experiment::TRAJECTORY_REVISION;
use crate::learning::LEARNING_REVISION;
use crate::scenario::{ArrivalSpec, DataSource, ModelSource, OutcomeSpec, Scenario};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

/// Bytes of a file that are looked at: more than any of them is read of.
const MAX_BYTES: u64 = 1 << 30;

/// Files that a folder of data may have to be looked at; no data set has as many.
const MAX_FILES: usize = 1000;

/// What changes results without a scenario's doing: the package's version with the revisions of
/// trajectories and of learning, such as `0.1.0+1.1`.
pub(super) fn version() -> String {
    format!("{}+{TRAJECTORY_REVISION}.{LEARNING_REVISION}", env!("CARGO_PKG_VERSION"))
}

/// The keys of a sweep's cells. Cells name the same files, which are read once.
#[derive(Default)]
pub(super) struct Keys {
    files: BTreeMap<PathBuf, u128>,
}

impl Keys {
    /// A hash of all that the result of `scenario` depends on: the program's [`version`], the
    /// validated scenario, so that comments and spelling do not matter, and the content of the files
    /// that it names; of a folder of images the files' names and sizes. A file that cannot be read
    /// fails when the cell runs.
    pub(super) fn of(&mut self, scenario: &Scenario) -> String {
        let mut hash = Xxh3::new();
        hash.update(version().as_bytes());
        hash.update(format!("{scenario:?}").as_bytes());
        for path in files(scenario) {
            let content = *self
                .files
                .entry(path.to_owned())
                .or_insert_with(|| content(path).unwrap_or_default());
            hash.update(&content.to_le_bytes());
        }
        format!("{:032x}", hash.digest128())
    }
}

/// Whether `key` is written as [`Keys`] write them.
pub(super) fn is_key(key: &str) -> bool {
    key.len() == 32 && key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The files and folders that are read when the scenario runs.
fn files(scenario: &Scenario) -> Vec<&Path> {
    let mut files: Vec<&Path> = Vec::new();
    if let ModelSource::Costs(costs) = &scenario.model.source {
        files.push(&costs.path);
    }
    match scenario.data.as_ref().map(|data| &data.source) {
        Some(
            DataSource::FashionMnist(path)
            | DataSource::Mnist(path)
            | DataSource::Cifar10(path)
            | DataSource::Npz { path, .. },
        ) => files.push(path),
        Some(DataSource::Digits) | None => {}
    }
    if let Some(inference) = &scenario.inference {
        if let ArrivalSpec::Trace(path) = &inference.arrivals {
            files.push(path);
        }
        if let OutcomeSpec::Replayed(path) = &inference.outcomes {
            files.push(path);
        }
    }
    files
}

/// A hash of what the file or folder at `path` holds.
fn content(path: &Path) -> io::Result<u128> {
    let mut hash = Xxh3::new();
    if path.is_dir() {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(path)?.take(MAX_FILES) {
            let entry = entry?;
            entries.push((entry.file_name(), entry.metadata()?.len()));
        }
        entries.sort();
        hash.update(format!("{entries:?}").as_bytes());
        return Ok(hash.digest128());
    }
    let mut file = File::open(path)?.take(MAX_BYTES);
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.digest128()),
            count => hash.update(&buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(folder: &Path) -> String {
        let text = "\
name: t
model: { costs: layers.csv, cut: a, input: 100 B }
fleet: [{ name: pi, count: 1, device: raspberry-pi-4b, access: wifi-home }]
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { trace: arrivals.csv }
  duration: 60 s
  outcomes: { client_accuracy: 1, server_accuracy: 1, offload: 1 }
";
        let file = folder.join("t.yaml");
        let loaded = crate::scenario::parse(text, file.to_str().unwrap()).unwrap();
        Keys::default().of(&loaded.scenario)
    }

    #[test]
    fn a_key_changes_with_the_content_of_every_file_that_is_named() {
        let root = tempfile::tempdir().unwrap();
        let mut keys = vec![key(root.path())];
        for (file, content) in
            [("layers.csv", "1"), ("arrivals.csv", "1"), ("layers.csv", "2"), ("arrivals.csv", "2")]
        {
            std::fs::write(root.path().join(file), content).unwrap();
            keys.push(key(root.path()));
        }
        assert!(keys.iter().all(|key| is_key(key)));
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 5, "each change is noticed");
    }

    #[test]
    fn an_endless_file_is_no_trap() {
        let hash = content(Path::new("/dev/null")).unwrap();
        assert_eq!(hash, Xxh3::new().digest128(), "an empty one");
        assert!(content(Path::new("/nowhere/at/all")).is_err());
    }

    #[test]
    fn what_is_no_key_is_told_apart() {
        assert!(!is_key("../../somewhere") && !is_key("") && !is_key(&"G".repeat(32)));
    }
}
