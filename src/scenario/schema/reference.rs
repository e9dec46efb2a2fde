//! From the table of keys to its reference in Markdown.

mod gather;
mod takes;

use super::super::units::DIMENSIONS;
use super::shape::{Choice, Form, Key, SectionTable};
use gather::{Place, choices, sections};
use takes::{code, either, takes};

/// What stands above the sections.
const BEGINNING: &str = "\
# The scenario file, key by key

Written by `splitgp-sim schema --format markdown > docs/scenario.md` from the table that the program itself reads
scenarios with; a test holds the two against one another. Each section has a table of its keys: what a key means, what it
takes, what it is if it is left out, and an example. `validate` knows the rest: what several keys have to do with one another.

";

/// What stands before the table of units.
const UNITS: &str = "
## Units

A number with a dimension carries its unit; there is none to be assumed. 1 kB = 1000 B, 1 KiB = 1024 B; links count bits.

| what | units | for example |
|---|---|---|
";

/// How a figure is drawn, which many keys say alike.
const DRAWN: &str = "
## Drawn for each device

Where a figure may be drawn, each device of the group draws its own once, from the scenario's seed:
`{ uniform: [LOWEST, HIGHEST] }` or `{ lognormal: { median: FIGURE, sigma: σ } }`, with σ of the figure's logarithm, 0 to 10.
";

/// The whole reference of the document that `root` describes.
pub(super) fn document(root: &'static SectionTable) -> String {
    let mut text = BEGINNING.to_owned();
    for (table, places) in sections(root) {
        text.push_str(&section(table, &places));
    }
    text.push_str(DRAWN);
    text.push_str(UNITS);
    for dimension in &DIMENSIONS {
        let units: Vec<String> = dimension.units.iter().map(|(unit, _)| code(unit)).collect();
        let example = code(dimension.example);
        text.push_str(&format!("| {} | {} | {example} |\n", dimension.name, units.join(", ")));
    }
    text
}

/// A section: where it stands, what it needs, its keys and their alternatives.
fn section(table: &SectionTable, places: &[Place]) -> String {
    let mut text = format!("## {}\n\n{}", table.name, table.about);
    if !places.is_empty() {
        let places: Vec<String> = places.iter().map(|place| code(place)).collect();
        text.push_str(&format!(" Stands at {}.", places.join(", ")));
    }
    if !table.one_of.is_empty() {
        let sets = table
            .one_of
            .iter()
            .map(|keys| keys.iter().map(|key| code(key)).collect::<Vec<_>>().join(" and "));
        text.push_str(&format!(" It needs {}.", either(sets)));
    }
    text.push_str("\n\n| key | meaning | takes | default | example |\n|---|---|---|---|---|\n");
    let known = || table.keys.iter().filter(|key| table.vocabulary.known.contains(&key.name));
    for key in known() {
        text.push_str(&row(key, table.required.contains(&key.name)));
    }
    let mut told: Vec<(&[&str], String)> = Vec::new();
    for key in known() {
        for choice in choices(&key.shape) {
            // Keys that take the same alternatives are told together.
            match told.iter_mut().find(|(words, _)| *words == choice.vocabulary.known) {
                Some((_, names)) => names.push_str(&format!(", {}", code(key.name))),
                None => told.push((choice.vocabulary.known, code(key.name))),
            }
        }
    }
    for (words, names) in told {
        let of_key =
            |key: &Key| choices(&key.shape).into_iter().find(|c| c.vocabulary.known == words);
        let choice = known().find_map(of_key).expect("told of one of the keys");
        text.push_str(&format!("\n{names}:\n\n{}", alternatives(choice)));
    }
    text.push('\n');
    text
}

fn row(key: &Key, is_required: bool) -> String {
    let default = match key.default {
        Some(default) => code(default),
        None if is_required => "*required*".to_owned(),
        None => String::new(),
    };
    // A bar within a cell would end it.
    let cells = [key.about.to_owned(), takes(&key.shape), default, code(key.example)]
        .map(|cell| cell.replace('|', r"\|"));
    format!("| {} | {} |\n", code(key.name), cells.join(" | "))
}

/// A list of the words, with what each means and what stands behind it.
fn alternatives(choice: &Choice) -> String {
    let known = |name: &str| choice.vocabulary.known.contains(&name);
    let lines = choice.alternatives.iter().filter(|alternative| known(alternative.name));
    let lines = lines.map(|alternative| match &alternative.form {
        Form::Bare => format!("- {}: {}\n", code(alternative.name), alternative.about),
        Form::Argument(shape) => {
            let word = code(&format!("{}:", alternative.name));
            format!("- {word} {}. {}\n", takes(shape), alternative.about)
        }
        Form::Section(table) => {
            format!(
                "- {}, a key of [{2}](#{2}): {1}\n",
                code(alternative.name),
                alternative.about,
                table.name
            )
        }
    });
    lines.collect()
}
