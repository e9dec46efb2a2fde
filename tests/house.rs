//! The house: which part of the library may import which. Imports point down only.

use std::fs;
use std::path::{Path, PathBuf};

/// From the top floor to the ground; a part may import itself and what stands below it.
const FLOORS: [&str; 20] = [
    "main",
    "cli",
    "report",
    "study",
    "experiment",
    "scenario",
    "actors",
    "workload",
    "offload",
    "learning",
    "theory",
    "network",
    "station",
    "cost",
    "stats",
    "kernel",
    "distribution",
    "random",
    "quantity",
    "time",
];

/// Pairs that must not meet although one stands below the other: (importer, imported).
const APART: [(&str, &str); 6] = [
    ("actors", "learning"),
    ("scenario", "actors"),
    ("scenario", "kernel"),
    ("scenario", "station"),
    ("learning", "kernel"),
    ("report", "kernel"),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn floor(part: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| *floor == part)
}

/// The parts named by `crate::part` in `text`. Lists of parts, `crate::{…}`, are not used.
fn imports(text: &str) -> Vec<String> {
    let code: Vec<&str> =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let name =
        |piece: &str| piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    code.join("\n").split("crate::").skip(1).map(name).collect()
}

#[test]
fn imports_point_down_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut judged = 0;
    for path in sources(&src) {
        let inside = path.strip_prefix(&src).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
        let part = first.trim_end_matches(".rs").to_owned();
        if part == "lib" {
            continue;
        }
        let from = floor(&part).unwrap_or_else(|| panic!("'{part}' has no floor in the house"));
        for import in imports(&fs::read_to_string(&path).unwrap()) {
            // A macro or an item of the crate's root would have no floor: there is none.
            let to = floor(&import)
                .unwrap_or_else(|| panic!("{}: 'crate::{import}' has no floor", inside.display()));
            judged += 1;
            if to < from || APART.contains(&(part.as_str(), import.as_str())) {
                wrong.push(format!("{} imports {import}", inside.display()));
            }
        }
    }
    assert!(judged > 50, "only {judged} imports were found: the test reads sources wrongly");
    assert!(wrong.is_empty(), "imports that point up or join parts kept apart:\n{wrong:#?}");
}

#[test]
fn the_house_test_sees_uses_and_paths_but_no_comments() {
    let text = "use crate::time::SimTime;\nlet x = crate::stats::Tally; // crate::cli\n";
    assert_eq!(imports(text), ["time", "stats"]);
}

/// Parts that run inside of a simulation or decide on it: all floors from the studies down. There
/// neither the order of a hash table nor the machine's clock may show.
fn simulation() -> &'static [&'static str] {
    &FLOORS[floor("study").expect("it is a floor")..]
}

/// What makes two runs differ.
const UNREPEATABLE: [&str; 9] = [
    "HashMap",
    "HashSet",
    "RandomState",
    "SystemTime",
    "Instant",
    "thread_rng",
    "rand::rng",
    "from_os_rng",
    "StdRng",
];

/// Words of [`UNREPEATABLE`] in code, comments left out.
fn unrepeatable(text: &str) -> Vec<&'static str> {
    let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect();
    let code = code.join("\n");
    UNREPEATABLE.into_iter().filter(|word| code.contains(word)).collect()
}

#[test]
fn simulation_code_knows_neither_hash_order_nor_the_machines_clock() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut wrong, mut read) = (Vec::new(), 0);
    for path in sources(&src) {
        let inside = path.strip_prefix(&src).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
        if !simulation().contains(&first.trim_end_matches(".rs")) {
            continue;
        }
        read += 1;
        for word in unrepeatable(&fs::read_to_string(&path).unwrap()) {
            wrong.push(format!("{}: {word}", inside.display()));
        }
    }
    assert!(read > 100, "only {read} files were found: the test reads sources wrongly");
    assert!(wrong.is_empty(), "runs would not repeat:\n{wrong:#?}");
}

#[test]
fn the_repeatability_test_sees_code_and_no_comments() {
    assert_eq!(unrepeatable("let now = SystemTime::now(); // HashMap"), ["SystemTime"]);
    assert!(unrepeatable("use indexmap::IndexMap;").is_empty());
}
