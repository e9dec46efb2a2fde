//! The folder that a run's files go to. No file in it is ever half written, files that belong together
//! appear together, and two runs do not mix.

mod claim;

use super::ReportError;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How the names of files and folders begin that are not complete yet. The prefix keeps a file's
/// extension, by which the image encoder knows its format.
const PARTIAL_PREFIX: &str = ".splitgp-sim-partial-";

/// A folder that was proved writable.
#[derive(Debug, Clone)]
pub struct OutputFolder {
    path: PathBuf,
    /// Where complete files stand: in the folder itself, or in one within it until all are there.
    stage: PathBuf,
    /// Keeps other processes out while any clone lives.
    #[expect(dead_code, reason = "it is held, and never looked at")]
    claim: Option<Arc<File>>,
}

impl OutputFolder {
    /// Creates the folder at `path` if it is missing and proves by a probe file that it can be
    /// written to, so that hours of simulation are not lost to a wrong path. Others may write to it
    /// meanwhile.
    ///
    /// # Errors
    /// If it cannot be created or written to; the error names the folder and the cause.
    pub fn prepare(path: impl Into<PathBuf>) -> Result<Self, ReportError> {
        let path = path.into();
        let probe = path.join(format!("{PARTIAL_PREFIX}{}-probe", std::process::id()));
        fs::create_dir_all(&path)
            .and_then(|()| fs::write(&probe, b"probe"))
            .and_then(|()| fs::remove_file(&probe))
            .map_err(|cause| {
                // On a full disk the probe is there, and empty.
                let _ = fs::remove_file(&probe);
                ReportError::Folder { path: path.clone(), cause }
            })?;
        Ok(Self { stage: path.clone(), path, claim: None })
    }

    /// As [`Self::prepare`], and keeps the folder from every other process that claims it until this
    /// value and its clones are dropped. What a process that was killed has left half written is
    /// removed.
    ///
    /// # Errors
    /// As [`Self::prepare`], and if another process has claimed it.
    pub fn claim(path: impl Into<PathBuf>) -> Result<Self, ReportError> {
        let folder = Self::prepare(path)?;
        let claim = claim::lock(&folder.path)?;
        if claim.is_some() {
            folder.remove_partial();
        }
        Ok(Self { claim: claim.map(Arc::new), ..folder })
    }

    /// Claims the folder at `path` too, which may be the same one.
    ///
    /// # Errors
    /// As [`Self::claim`].
    pub fn claim_beside(&self, path: impl Into<PathBuf>) -> Result<Self, ReportError> {
        let other = Self::prepare(path)?;
        match (other.path.canonicalize(), self.path.canonicalize()) {
            (Ok(other), Ok(own)) if other == own => Ok(self.clone()),
            _ => Self::claim(other.path),
        }
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
        let partial = self.stage.join(format!("{PARTIAL_PREFIX}{}-{name}", std::process::id()));
        match content(&partial).and_then(|()| fs::rename(&partial, self.stage.join(name))) {
            Ok(()) => Ok(path),
            Err(cause) => {
                // The first failure is the one to report; that there may be nothing to remove is
                // none.
                let _ = fs::remove_file(&partial);
                Err(ReportError::File { path, cause })
            }
        }
    }

    /// Writes files that belong together, all that `write` returns the paths of: none of them appears
    /// before the last one is complete, so that a full disk leaves an earlier set whole.
    ///
    /// # Errors
    /// If a file cannot be written; the error names it, and the earlier set is untouched.
    pub fn write_together(
        &self,
        write: impl FnOnce(&Self) -> Result<Vec<PathBuf>, ReportError>,
    ) -> Result<Vec<PathBuf>, ReportError> {
        let stage = self.path.join(format!("{PARTIAL_PREFIX}{}", std::process::id()));
        fs::create_dir(&stage)
            .map_err(|cause| ReportError::Folder { path: self.path.clone(), cause })?;
        let staged = Self { stage: stage.clone(), ..self.clone() };
        let written = write(&staged).and_then(|paths| staged.publish(&paths).map(|()| paths));
        // Empty after success; what is left of a failure is of no use.
        let _ = fs::remove_dir_all(&stage);
        written
    }

    /// Gives the files at `paths`, which are complete on the stage, their places in the folder.
    fn publish(&self, paths: &[PathBuf]) -> Result<(), ReportError> {
        let failed = |path: &Path, cause| ReportError::File { path: path.to_owned(), cause };
        if let Some(taken) = paths.iter().find(|path| path.is_dir()) {
            return Err(failed(taken, io::ErrorKind::IsADirectory.into()));
        }
        paths.iter().try_for_each(|path| {
            let name = path.file_name().unwrap_or_default();
            fs::rename(self.stage.join(name), path).map_err(|cause| failed(path, cause))
        })
    }

    /// The names of what is in the folder, in no order; none if it cannot be listed.
    pub(super) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    /// Removes what other processes have left half written. Nobody reads it, so that it may stay if it
    /// cannot be removed.
    fn remove_partial(&self) {
        for name in self.names().iter().filter(|name| name.starts_with(PARTIAL_PREFIX)) {
            let path = self.path.join(name);
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
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

    #[test]
    fn files_that_belong_together_appear_together_or_not_at_all() {
        let root = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(root.path()).unwrap();
        let set = |content: &'static str, fails: bool| {
            folder.write_together(|stage| {
                let first = stage.write("a.csv", |out| out.write_all(content.as_bytes()))?;
                let second = stage.write("b.csv", |out| {
                    out.write_all(content.as_bytes())?;
                    if fails { Err(io::Error::other("disk full")) } else { Ok(()) }
                })?;
                Ok(vec![first, second])
            })
        };
        let read = |name: &str| fs::read_to_string(root.path().join(name)).unwrap();
        assert_eq!(set("old", false).unwrap(), ["a.csv", "b.csv"].map(|n| root.path().join(n)));
        let error = set("new", true).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("{} cannot be written: disk full", root.path().join("b.csv").display())
        );
        assert_eq!((read("a.csv"), read("b.csv")), ("old".into(), "old".into()));
        assert_eq!(names(root.path()).len(), 2, "no stage is left");
    }

    #[test]
    #[cfg(unix)]
    fn a_claimed_folder_is_refused_to_others_until_it_is_given_back() {
        let root = tempfile::tempdir().unwrap();
        let claimed = OutputFolder::claim(root.path()).unwrap();
        let clone = claimed.clone();
        drop(claimed);
        let message = OutputFolder::claim(root.path()).unwrap_err().to_string();
        assert!(message.contains("is in use by another run"), "{message}");
        assert_eq!(clone.claim_beside(root.path().join(".")).unwrap().path(), clone.path());
        drop(clone);
        OutputFolder::claim(root.path()).unwrap();
        assert_eq!(names(root.path()), Vec::<String>::new(), "a claim leaves no file");
    }

    #[test]
    fn a_claim_removes_what_a_killed_process_left_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(format!("{PARTIAL_PREFIX}1"))).unwrap();
        fs::write(root.path().join(format!("{PARTIAL_PREFIX}1-a.svg")), "half").unwrap();
        fs::write(root.path().join(".partial-of-others"), "").unwrap();
        OutputFolder::claim(root.path()).unwrap();
        assert_eq!(names(root.path()), [".partial-of-others"]);
    }
}
