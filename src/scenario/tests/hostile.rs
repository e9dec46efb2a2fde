//! No text panics, hangs or exhausts memory.

use crate::scenario::{MAX_FILE_BYTES, load, parse};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::path::Path;

const SHIPPED: [&str; 5] = [
    include_str!("../../../scenarios/quickstart.yaml"),
    include_str!("../../../scenarios/fashion-mnist-small.yaml"),
    include_str!("../../../scenarios/latency-only.yaml"),
    include_str!("../../../scenarios/own-model.yaml"),
    include_str!("../../../scenarios/resnet-costs.yaml"),
];

/// Words that a mutation puts somewhere in a scenario.
const FRAGMENTS: [&str; 24] = [
    "",
    "~",
    "-",
    "{",
    "}",
    "[",
    "]",
    ":",
    "#",
    "&a",
    "*a",
    "!t",
    "<<",
    "\t",
    "\n",
    "---\n",
    "0",
    "-1",
    ".nan",
    ".inf",
    "1e999",
    "99999999999999999999999999",
    "'",
    "\"",
];

fn errors_of(text: &str) -> Vec<String> {
    let errors = parse(text, "t.yaml").unwrap_err();
    errors.as_slice().iter().map(ToString::to_string).collect()
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = parse(&text, "t.yaml").map_err(|errors| errors.to_string());
    }

    #[test]
    fn any_yaml_like_text_is_read_or_refused(text in "[ a-c0-2:,{}\\[\\]\\-#&*!|>'\"?%@\t\r\n.~]{0,80}") {
        let _ = parse(&text, "t.yaml").map_err(|errors| errors.to_string());
    }

    #[test]
    fn any_mutation_of_a_scenario_is_read_or_refused(
        which in 0..SHIPPED.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, 0..FRAGMENTS.len()), 1..4),
    ) {
        let mut text: Vec<char> = SHIPPED[which].chars().collect();
        for (place, removed, fragment) in edits {
            let start = place.index(text.len());
            let end = (start + removed).min(text.len());
            text.splice(start..end, FRAGMENTS[fragment].chars());
        }
        let text: String = text.into_iter().collect();
        let _ = parse(&text, "t.yaml").map_err(|errors| errors.to_string());
    }
}

#[test]
fn a_billion_laughs_are_refused() {
    let mut text = "a0: &a0 [x, x]\n".to_owned();
    for level in 1..40 {
        writeln!(text, "a{level}: &a{level} [*a{0}, *a{0}]", level - 1).unwrap();
    }
    assert!(errors_of(&text)[0].contains("aliases"));
}

#[test]
fn a_hundred_errors_are_kept_of_a_million() {
    let unknown: String = (0..100_000).fold(String::new(), |mut text, i| {
        writeln!(text, "k{i}: 0").unwrap();
        text
    });
    assert_eq!(errors_of(&unknown).len(), 100);
    let duplicates = "a: 0\n".repeat(100_000);
    assert_eq!(errors_of(&duplicates).len(), 100);
    let groups = format!("fleet: [{}]", "{},".repeat(100_000));
    assert_eq!(errors_of(&groups).len(), 100);
}

#[test]
fn a_file_that_is_too_large_or_no_text_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s.yaml");
    let refused = |content: &[u8]| {
        std::fs::write(&file, content).unwrap();
        load(&file).unwrap_err().as_slice()[0].message().to_owned()
    };
    let limit = usize::try_from(MAX_FILE_BYTES).unwrap();
    assert!(refused(&vec![b'#'; limit]).contains("empty"), "the limit itself is allowed");
    assert!(refused(&vec![b'#'; limit + 1]).contains("too large"));
    assert!(refused(b"name: \xff").contains("not UTF-8 text: byte 6"));
    assert!(load(Path::new("no/such/file")).unwrap_err().to_string().contains("cannot be read"));
    assert!(load(folder.path()).unwrap_err().to_string().contains("cannot be read"));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read() {
    let text = format!("\u{feff}{}", SHIPPED[0].replace('\n', "\r\n"));
    assert_eq!(
        parse(&text, "s.yaml").unwrap().scenario,
        parse(SHIPPED[0], "s.yaml").unwrap().scenario
    );
}

#[test]
fn a_long_key_cannot_make_long_paths() {
    let text = format!("{}: 1", "k".repeat(101));
    assert!(errors_of(&text)[0].contains("a key has at most 100 characters"));
}
