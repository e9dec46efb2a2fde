//! The README's commands run as they stand: the files that they name are there, and are good.

use crate::pages::pages;
use crate::support::Workplace;
use std::path::Path;

const README: &str = include_str!("../../README.md");

/// What the README's reader puts into a file of their own.
const OWN: &str = "my-fleet.yaml";

/// The blocks of a language in `text`.
fn blocks<'a>(text: &'a str, language: &str) -> impl Iterator<Item = &'a str> {
    let parts = text.split("```");
    parts
        .skip(1)
        .step_by(2)
        .filter_map(move |block| block.strip_prefix(language)?.strip_prefix('\n'))
}

/// Each command with its arguments, without comments.
fn commands(text: &str) -> Vec<Vec<String>> {
    let lines = blocks(text, "sh").flat_map(str::lines);
    let commands = lines.filter_map(|line| {
        let line = line.split(" #").next().unwrap_or(line).trim();
        let arguments =
            line.strip_prefix("cargo run --release -- ").or(line.strip_prefix("splitgp-sim "))?;
        // Quoted arguments are no files here.
        let unquoted = arguments.split('"').step_by(2).collect::<String>();
        Some(unquoted.split_whitespace().map(str::to_owned).collect())
    });
    commands.collect()
}

/// The files that a command reads: what it is to write stands behind an option.
fn inputs(command: &[String]) -> Vec<&str> {
    let is_written = |index: usize| {
        matches!(command[index - 1].as_str(), "--out" | "--graph" | "--figures" | "--cache")
    };
    let is_file = |word: &str| [".yaml", ".csv", ".npz"].iter().any(|end| word.ends_with(end));
    let words = (1..command.len()).filter(|&index| !is_written(index));
    words.map(|index| command[index].as_str()).filter(|word| is_file(word)).collect()
}

#[test]
fn every_file_that_a_command_reads_exists_and_is_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = Workplace::new();
    let own = blocks(README, "yaml").find(|block| block.starts_with("name: my-fleet")).unwrap();
    place.put(OWN, own);
    let commands = commands(README);
    assert!(commands.len() > 10, "{commands:?}");
    for command in &commands {
        for input in inputs(command) {
            let path = if input == OWN { place.path().join(OWN) } else { root.join(input) };
            assert!(path.is_file(), "`{}` names {input}, which is not there", command.join(" "));
            let path = path.to_str().unwrap();
            let check =
                if path.ends_with(".csv") { ["calibrate", path] } else { ["validate", path] };
            let outcome = place.run(&check);
            assert_eq!(outcome.code, 0, "{}: {}", command.join(" "), outcome.stderr);
        }
    }
}

#[test]
fn every_command_of_the_documentation_exists() {
    let place = Workplace::new();
    let commands = pages().iter().flat_map(|page| commands(&page.text)).collect::<Vec<_>>();
    assert!(commands.len() > 30, "{commands:?}");
    let mut names: Vec<String> = commands.iter().map(|command| command[0].clone()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let outcome = place.run(&[&name, "--help"]);
        assert_eq!(outcome.code, 0, "{name}: {}", outcome.stderr);
    }
}
