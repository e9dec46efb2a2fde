//! Files that earlier runs have left, read within bounds.

use super::ReportError;
use serde::de::DeserializeOwned;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// The most bytes of a file that is read: `summary.json` of a million clients has fewer.
const LARGEST_FILE: u64 = 1 << 30;

/// The bytes of the file at `path`.
///
/// # Errors
/// If it cannot be read or is larger than 1 GiB.
pub(super) fn bounded(path: &Path) -> Result<Vec<u8>, ReportError> {
    let read = || {
        let length = fs::metadata(path)?.len();
        if length > LARGEST_FILE {
            return Err(io::Error::other("it is larger than 1 GiB"));
        }
        let mut content = Vec::new();
        File::open(path)?.take(LARGEST_FILE).read_to_end(&mut content)?;
        Ok(content)
    };
    read().map_err(|cause| ReportError::Unreadable { path: path.to_owned(), cause })
}

/// The rows of the CSV file at `path`, which has a header.
///
/// # Errors
/// If it cannot be read or holds something else; the error names file and line.
pub(super) fn rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, ReportError> {
    let content = bounded(path)?;
    let rows: Result<Vec<T>, csv::Error> =
        csv::Reader::from_reader(&*content).deserialize().collect();
    rows.map_err(|cause| {
        let cause = io::Error::other(cause);
        ReportError::Unreadable { path: path.to_owned(), cause }
    })
}

/// The text in the file `name` of `folder`; `None` if there is no such file.
///
/// # Errors
/// If it cannot be read, or is no text.
pub(super) fn text(folder: &Path, name: &str) -> Result<Option<String>, ReportError> {
    let path = folder.join(name);
    if !path.is_file() {
        return Ok(None);
    }
    let text = String::from_utf8(bounded(&path)?);
    text.map(Some).map_err(|cause| ReportError::Unreadable { path, cause: io::Error::other(cause) })
}
