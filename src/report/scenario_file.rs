//! The scenario beside its results.

use super::saved_file::text;
use super::{OutputFolder, ReportError};
use std::path::{Path, PathBuf};

/// The file of a run's or a sweep's folder that holds the text of its scenario.
pub const SCENARIO_FILE: &str = "scenario.yaml";

/// Keeps the scenario's `text` in the folder of its results, byte for byte, and returns the file's
/// path.
///
/// # Errors
/// If the file cannot be written.
pub fn write_scenario(text: &str, folder: &OutputFolder) -> Result<PathBuf, ReportError> {
    folder.write(SCENARIO_FILE, |out| out.write_all(text.as_bytes()))
}

/// The scenario whose results are in `folder`; `None` if it was not kept.
///
/// # Errors
/// If it is there and cannot be read.
pub(super) fn read_scenario(folder: &Path) -> Result<Option<String>, ReportError> {
    text(folder, SCENARIO_FILE)
}
