//! Which scenarios are meant.

use std::fs;
use std::path::{Path, PathBuf};

/// A scenario to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its file.
    pub(super) path: PathBuf,
    /// Whether it was named itself, not the folder that it is in.
    pub(super) is_named: bool,
}

/// The scenarios at `paths`: each file itself, of each folder the `.yaml` and `.yml` files directly in
/// it by name. What is named twice is checked once.
pub(super) fn listed(paths: &[PathBuf]) -> Result<Vec<Listed>, String> {
    let mut scenarios: Vec<Listed> = Vec::new();
    for path in paths {
        let found = if path.is_dir() {
            let inside = in_folder(path)
                .map_err(|error| format!("error: {} cannot be read: {error}", path.display()))?;
            if inside.is_empty() {
                return Err(format!("error: there is no .yaml or .yml file in {}", path.display()));
            }
            inside.into_iter().map(|path| Listed { path, is_named: false }).collect()
        } else {
            vec![Listed { path: path.clone(), is_named: true }]
        };
        for scenario in found {
            match scenarios.iter_mut().find(|known| known.path == scenario.path) {
                Some(known) => known.is_named |= scenario.is_named,
                None => scenarios.push(scenario),
            }
        }
    }
    Ok(scenarios)
}

fn in_folder(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    let is_yaml = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
    };
    paths.retain(|path| is_yaml(path) && path.is_file());
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_means_its_own_scenarios_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.yml", "a.yaml", "a.check.json", "notes.txt"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(folder.path().join("paper")).unwrap();
        fs::write(folder.path().join("paper/c.yaml"), "").unwrap();
        let at = |name: &str| folder.path().join(name);
        let scenarios = listed(&[folder.path().to_owned(), at("b.yml")]).unwrap();
        assert_eq!(
            scenarios,
            [
                Listed { path: at("a.yaml"), is_named: false },
                Listed { path: at("b.yml"), is_named: true }
            ]
        );
        assert!(listed(&[at("paper/none")]).unwrap()[0].is_named, "a missing file is told later");
        fs::remove_file(at("paper/c.yaml")).unwrap();
        assert!(listed(&[at("paper")]).is_err());
    }
}
