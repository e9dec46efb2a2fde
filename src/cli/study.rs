//! What the commands that run many scenarios have in common.

use super::exit::Failure;
use crate::report::ReportError;
use crate::scenario::Document;
use crate::study::{StudyError, StudySettings};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Reads the scenario's document at `path`.
pub(super) fn document(path: &Path) -> Result<Document, Failure> {
    Document::load(path).map_err(|errors| Failure::BadInput(errors.to_string()))
}

/// Where the results of the scenario `name` go unless said otherwise.
pub(super) fn default_folder(name: &str) -> PathBuf {
    PathBuf::from("out").join(name)
}

/// So many threads, or one for each core; what is learned is kept in `cache`.
pub(super) fn settings(threads: Option<u16>, cache: &Path) -> StudySettings {
    let threads = threads
        .and_then(|threads| NonZeroUsize::new(threads.into()))
        .or_else(|| std::thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN);
    StudySettings { threads, learned: Some(cache.to_owned()) }
}

/// A study that stopped.
pub(super) fn failed(error: StudyError) -> Failure {
    match error {
        StudyError::Scenario(errors) => Failure::BadInput(errors.to_string()),
        error if error.is_bad_input() => Failure::BadInput(format!("error: {error}")),
        error => Failure::Run(format!("error: the run failed: {error}")),
    }
}

/// Results that could not be written.
pub(super) fn lost(error: ReportError) -> Failure {
    Failure::Run(format!("error: {error}"))
}
