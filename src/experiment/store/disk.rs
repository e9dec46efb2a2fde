//! Files that are either there as a whole or not at all, whatever happens while they are written.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::Path;

/// How the names of files begin that this process has not completed. Another one's are left to it: it
/// may be writing them.
pub(super) fn partial_prefix() -> String {
    format!(".partial-{}-", std::process::id())
}

/// Writes `folder/name` with `content`, waits until it is on the disk, and only then gives it its
/// name. After a crash an older file of that name is still there, and at worst a partial one beside
/// it.
///
/// # Errors
/// If `content` or the disk fails.
pub(super) fn write_durably(
    folder: &Path,
    name: &str,
    content: impl FnOnce(BufWriter<File>) -> io::Result<BufWriter<File>>,
) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // Two processes, or two threads of one, may learn the same thing at the same time.
    let thread = std::thread::current().id();
    let partial = folder.join(format!("{}{thread:?}-{name}", partial_prefix()));
    let written = File::create(&partial)
        .and_then(|file| content(BufWriter::new(file)))
        .and_then(|writer| writer.into_inner().map_err(io::IntoInnerError::into_error))
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&partial, folder.join(name)));
    if written.is_err() {
        // The first failure is the one to report; that there may be nothing to remove is none.
        let _ = fs::remove_file(&partial);
    }
    written.and_then(|()| sync_folder(folder))
}

/// Waits until the names in `folder` are on the disk.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A folder cannot be opened here, and its names are written with the files.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes `path`, if it is there.
///
/// # Errors
/// If it is there and cannot be removed.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_failing_writer_leaves_the_older_file_and_no_partial_one() {
        let root = tempfile::tempdir().unwrap();
        let write = |text: &'static [u8], fails: bool| {
            write_durably(root.path(), "a.npz", |mut out| {
                out.write_all(text)?;
                if fails { Err(io::Error::other("disk full")) } else { Ok(out) }
            })
        };
        write(b"old", false).unwrap();
        assert_eq!(write(b"half", true).unwrap_err().to_string(), "disk full");
        assert_eq!(fs::read(root.path().join("a.npz")).unwrap(), b"old");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
        write(b"new", false).unwrap();
        assert_eq!(fs::read(root.path().join("a.npz")).unwrap(), b"new");
    }
}
