//! Keeping a folder to one process.

use crate::report::ReportError;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// Locks the folder at `path` until the returned file is dropped or the process ends, however it does.
/// `None` where the file system has no locks (some network drives): results are then kept apart by
/// their folders alone.
///
/// # Errors
/// If another process has locked it.
pub(super) fn lock(path: &Path) -> Result<Option<File>, ReportError> {
    let Ok(file) = open(path) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(ReportError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// The folder itself, so that no file is left behind.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// A folder cannot be opened here; a file in it stands for it.
#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::create(path.join(".splitgp-sim-lock"))
}
