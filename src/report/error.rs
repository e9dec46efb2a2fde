//! What can go wrong between a result and the disk.

use std::io;
use std::path::PathBuf;

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The output folder cannot be created or written to.
    #[error("the output folder {} is not usable: {cause}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Another process writes its results there.
    #[error(
        "the output folder {} is in use by another run; wait until it ends, or give another folder \
         with --out", path.display()
    )]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// A file of the output folder cannot be written.
    #[error("{} cannot be written: {cause}", path.display())]
    File {
        /// The file, by its final name.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A file of an earlier run cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Folders of runs do not hold what was asked for.
    #[error("{0}")]
    Runs(String),
    /// The parts of a sweep do not make a whole.
    #[error("{0}")]
    Parts(String),
}
