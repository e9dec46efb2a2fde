//! Where a run comes from: the scenario's text, how to repeat it, what it assumes.

use crate::report::ReportError;
use crate::report::assumptions::ASSUMPTIONS_FILE;
use crate::report::saved_file::text;
use crate::report::scenario_file::{SCENARIO_FILE, read_scenario};
use maud::{Markup, html};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::Path;

/// The most bytes of a scenario that a page shows.
const LONGEST_SHOWN: usize = 256 << 10;

/// The command that gives the same results again.
#[derive(Debug, Clone, Copy)]
pub(super) enum Command {
    /// `run`, of one method or several.
    Run { seed: u64, interrupted: bool },
    /// `sweep`.
    Sweep,
}

impl Command {
    fn line(self) -> String {
        match self {
            Self::Run { seed, interrupted: false } => {
                format!("splitgp-sim run {SCENARIO_FILE} --seed {seed}")
            }
            Self::Run { seed, interrupted: true } => {
                format!("splitgp-sim run {SCENARIO_FILE} --seed {seed} --resume")
            }
            Self::Sweep => format!("splitgp-sim sweep {SCENARIO_FILE}"),
        }
    }
}

/// The scenario's text with its hash, and how to run it again.
///
/// # Errors
/// If it is there and cannot be read.
pub(super) fn scenario(folder: &Path, command: Command) -> Result<Markup, ReportError> {
    let Some(scenario) = read_scenario(folder)? else {
        return Ok(html! {
            p {
                "The folder of these results holds no " code { (SCENARIO_FILE) }
                ": they were written by an older version, or it was removed."
            }
        });
    };
    let shown = shown(&scenario);
    Ok(html! {
        p { "To get the same numbers and the same fingerprint again, with the same version:" }
        pre tabindex="0" aria-label="Command" { code { (command.line()) } }
        @if matches!(command, Command::Run { interrupted: true, .. }) {
            p { "It goes on from the last checkpoint to the end that this run did not reach." }
        }
        p {
            "The scenario as it was run is " code { (SCENARIO_FILE) } " in the folder of the results, "
            "SHA-256 " code { (hash(&scenario)) }
            ". Relative paths in it are taken from the folder that it was run from."
        }
        pre.scenario tabindex="0" aria-label="Text of the scenario" { code { (shown) } }
        @if shown.len() < scenario.len() {
            p.left-out {
                "Shown: the first " (shown.len()) " of " (scenario.len()) " bytes."
            }
        }
    })
}

/// As much of the text as a page shows, up to the end of a line if it has several.
fn shown(text: &str) -> &str {
    if text.len() <= LONGEST_SHOWN {
        return text;
    }
    let start = &text[..text.floor_char_boundary(LONGEST_SHOWN)];
    start.rfind('\n').map_or(start, |end| &start[..=end])
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("a string takes everything");
        digits
    })
}

/// The paragraphs of the model's assumptions; nothing if the folder holds none.
///
/// # Errors
/// If they are there and cannot be read.
pub(super) fn assumptions(folder: &Path) -> Result<Markup, ReportError> {
    let Some(text) = text(folder, ASSUMPTIONS_FILE)? else { return Ok(html!()) };
    let paragraphs =
        shown(&text).split("\n\n").map(str::trim).filter(|paragraph| !paragraph.starts_with('#'));
    Ok(html! {
        div.assumptions { @for paragraph in paragraphs { p { (marked_up(paragraph)) } } }
    })
}

/// A paragraph with its first words strong, and code, as Markdown marks them.
fn marked_up(paragraph: &str) -> Markup {
    let (strong, rest) = paragraph
        .strip_prefix("**")
        .and_then(|marked| marked.split_once("**"))
        .unwrap_or(("", paragraph));
    html! {
        @if !strong.is_empty() { strong { (strong) } }
        @for (index, part) in rest.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_one_that_sha256sum_prints() {
        // FIPS 180-2, appendix B.1
        let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash("abc"), digits);
    }

    #[test]
    fn a_long_text_is_cut_at_the_end_of_a_line() {
        let text = "ρ: 0.4\n".repeat(LONGEST_SHOWN / 4);
        let shown = shown(&text);
        assert!(shown.len() <= LONGEST_SHOWN && shown.ends_with('\n'));
        assert!(super::shown(&"ρ".repeat(LONGEST_SHOWN)).len() <= LONGEST_SHOWN);
    }

    #[test]
    fn what_stands_between_marks_is_strong_or_code_and_never_markup() {
        assert_eq!(marked_up("**A & b.** C.").0, "<strong>A &amp; b.</strong> C.");
        assert_eq!(marked_up("a `<b>` c").0, "a <code>&lt;b&gt;</code> c");
    }
}
