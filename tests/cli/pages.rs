//! The documentation's pages: their links lead somewhere, and their tables are complete.

use crate::support::{SMALL, Workplace};
use std::path::{Path, PathBuf};

/// A page in Markdown.
pub(crate) struct Page {
    /// Where it is.
    path: PathBuf,
    /// All of it.
    pub(crate) text: String,
}

/// The README, and all pages of `docs/`, `scenarios/` and `data/`.
pub(crate) fn pages() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![root.join("README.md")];
    for folder in ["docs", "scenarios", "data"] {
        let files = std::fs::read_dir(root.join(folder)).unwrap();
        paths.extend(files.map(|file| file.unwrap().path()));
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    let read = |path: PathBuf| Page { text: std::fs::read_to_string(&path).unwrap(), path };
    paths.into_iter().map(read).collect()
}

impl Page {
    /// Where its links and images lead to, outside of blocks of code.
    fn links(&self) -> impl Iterator<Item = &str> {
        let prose = self.text.split("```").step_by(2);
        let targets = prose.flat_map(|prose| prose.split("](").skip(1));
        targets.filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
    }

    /// The anchors of its headings, as GitHub makes them.
    fn anchors(&self) -> Vec<String> {
        let prose = self.text.split("```").step_by(2);
        let headings = prose.flat_map(str::lines).filter_map(|line| {
            let heading = line.trim_start_matches('#').strip_prefix(' ')?;
            line.starts_with('#').then_some(heading)
        });
        let anchor = |heading: &str| {
            let kept =
                |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
            heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
        };
        headings.map(anchor).collect()
    }
}

#[test]
fn every_link_leads_to_a_file_and_every_anchor_to_a_heading() {
    let pages = pages();
    let mut links = 0;
    for page in &pages {
        for link in page.links().filter(|link| !link.starts_with("https://")) {
            let place = page.path.display();
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => page.path.clone(),
                file => page.path.parent().unwrap().join(file),
            };
            assert!(target.exists(), "{place} links to {link}, which is not there");
            if !anchor.is_empty() {
                let target = target.canonicalize().unwrap();
                let is_target = |page: &&Page| page.path.canonicalize().unwrap() == target;
                let target = pages.iter().find(is_target).expect("an anchor is in a page");
                let anchors = target.anchors();
                assert!(
                    anchors.iter().any(|known| known == anchor),
                    "{place} links to {link}; the headings there are {anchors:?}"
                );
            }
            links += 1;
        }
    }
    assert!(links > 80, "only {links} links were found");
}

#[test]
fn every_page_is_linked_from_another_one() {
    let pages = pages();
    for page in pages.iter().filter(|page| !page.path.ends_with("README.md")) {
        let name = page.path.file_name().unwrap().to_str().unwrap();
        let mut others = pages.iter().filter(|other| other.path != page.path);
        let is_linked = others.any(|other| other.links().any(|link| link.contains(name)));
        assert!(is_linked, "nothing links to {}", page.path.display());
    }
}

#[test]
fn every_column_of_a_run_is_explained() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    let outcome = place.run(&["run", "small.yaml", "--out", "out/small"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let pages = pages();
    let results = pages.iter().find(|page| page.path.ends_with("docs/results.md")).unwrap();
    for file in ["requests.csv", "rounds.csv", "accuracy.csv"] {
        let table = std::fs::read_to_string(place.path().join("out/small").join(file)).unwrap();
        for column in table.lines().next().unwrap().split(',') {
            let is_told = results.text.contains(&format!("`{column}`"));
            assert!(is_told, "docs/results.md does not explain {column} of {file}");
        }
    }
}

#[test]
fn every_scenario_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let pages = pages();
    let list = pages.iter().find(|page| page.path.ends_with("scenarios/README.md")).unwrap();
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let is_told = !name.ends_with(".yaml") || list.links().any(|link| link == name);
        assert!(is_told, "scenarios/README.md does not list {name}");
    }
}
