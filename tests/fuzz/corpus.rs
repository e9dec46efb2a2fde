//! The inputs that mutations begin from.

use std::fs;
use std::path::{Path, PathBuf};

/// The repository's root.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The good inputs of `target`, and those in which something was found, in the order of their names.
pub(crate) fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut paths = files(&root().join("tests/fuzz/corpus").join(target));
    match target {
        "scenario" | "validate" => {
            let shipped = files(&root().join("scenarios"));
            paths.extend(shipped.into_iter().filter(|path| has_extension(path, "yaml")));
        }
        "costs" => paths.extend(files(&root().join("scenarios/costs"))),
        "outcomes" => paths.extend(files(&root().join("scenarios/outcomes"))),
        _ => {}
    }
    assert!(!paths.is_empty(), "`{target}` has nothing to begin from");
    paths
        .into_iter()
        .map(|path| {
            let bytes = fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect()
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// The files in `folder`; none if there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths
}
