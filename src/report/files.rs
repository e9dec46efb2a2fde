//! The folder that a run's files go to. No file in it is ever half written.

use super::ReportError;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What a file is called until it is complete. The prefix keeps its extension, by which the image
/// encoder knows its format.
const PARTIAL_PREFIX: &str = ".partial-";

/// A folder that was proved writable.
#[derive(Debug, Clone)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Creates the folder at `path` if it is missing and proves by a probe file that it can be
    /// written to, so that hours of simulation are not lost to a wrong path.
    ///
    /// # Errors
    /// If it cannot be created or written to; the error names the folder and the cause.
    pub fn prepare(path: impl Into<PathBuf>) -> Result<Self, ReportError> {
        let path = path.into();
        let probe = path.join(format!("{PARTIAL_PREFIX}probe"));
        fs::create_dir_all(&path)
            .and_then(|()| fs::write(&probe, b"probe"))
            .and_then(|()| fs::remove_file(&probe))
            .map_err(|cause| ReportError::Folder { path: path.clone(), cause })?;
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file `name` with what `content` puts into the writer, and returns its path. The
    /// file appears under its name only when it is complete; an older one stays until then.
    ///
    /// # Errors
    /// If `content` or the disk fails; the error names the file. Nothing is left behind.
    pub fn write(
        &self,
        name: &str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<PathBuf, ReportError> {
        self.write_at(name, |partial| {
            let mut writer = BufWriter::new(File::create(partial)?);
            content(&mut writer)?;
            writer.flush()
        })
    }

    /// Removes the file `name`, if it is there.
    ///
    /// # Errors
    /// If it is there and cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), ReportError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                Err(ReportError::File { path, cause })
            }
            _ => Ok(()),
        }
    }

    /// As [`Self::write`], for a `content` that opens the file itself. The path it is given has
    /// the extension of `name`.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_at(
        &self,
        name: &str,
        content: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<PathBuf, ReportError> {
        let path = self.path.join(name);
        let partial = self.path.join(format!("{PARTIAL_PREFIX}{name}"));
        match content(&partial).and_then(|()| fs::rename(&partial, &path)) {
            Ok(()) => Ok(path),
            Err(cause) => {
                // The first failure is the one to report; that there may be nothing to remove is
                // none.
                let _ = fs::remove_file(&partial);
                Err(ReportError::File { path, cause })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn preparing_creates_nested_folders_and_leaves_no_probe() {
        let root = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(root.path().join("out/quickstart")).unwrap();
        assert!(folder.path().is_dir());
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }

    #[test]
    fn a_folder_that_is_a_file_is_refused_by_name_before_anything_runs() {
        let root = tempfile::tempdir().unwrap();
        let taken = root.path().join("taken");
        fs::write(&taken, "a file").unwrap();
        for path in [taken.clone(), taken.join("below")] {
            let message = OutputFolder::prepare(&path).unwrap_err().to_string();
            assert!(message.starts_with("the output folder "), "{message}");
            assert!(message.contains("taken"), "{message}");
        }
    }

    #[test]
    fn a_failing_writer_leaves_the_older_file_and_no_partial_one() {
        let root = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(root.path()).unwrap();
        folder.write("summary.json", |out| out.write_all(b"old")).unwrap();
        let error = folder
            .write("summary.json", |out| {
                out.write_all(b"half")?;
                Err(io::Error::other("disk full"))
            })
            .unwrap_err();
        assert!(error.to_string().ends_with("summary.json cannot be written: disk full"));
        assert_eq!(fs::read_to_string(root.path().join("summary.json")).unwrap(), "old");
        assert_eq!(names(root.path()), ["summary.json"]);
    }

    #[test]
    fn a_complete_file_replaces_an_older_one() {
        let root = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(root.path()).unwrap();
        for content in ["old and long", "new"] {
            let path = folder.write("rounds.csv", |out| out.write_all(content.as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(path).unwrap(), content);
        }
    }
}
