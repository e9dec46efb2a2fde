//! The scenario language: YAML text → a validated [`Scenario`].
//!
//! A file is read in two passes over the same text. The first walks the parser's marked events:
//! it refuses what the language leaves out (aliases, tags, deep nesting, several documents) before
//! anything recursive runs, notes where every key and value stands, and finds duplicate keys. The
//! second decodes the document tree section by section. Decoding goes on after an error, so that
//! all independent errors of a file are reported at once, each with file, line, column and key
//! path.
//!
//! ```text
//! text ─ positions (events) ─┐
//!                            ├─ decode: Cursor, Section ─ sections/* ─ Scenario + SourceMap
//! text ─ tree (serde_yaml) ──┘
//! ```

mod decimal;
mod decode;
mod errors;
mod hardware;
mod model;
mod numbers;
mod positions;
mod profiles;
mod section;
mod sections;
mod source;
mod traffic;
mod tree;
mod units;
mod vocabulary;

#[cfg(test)]
mod tests;

pub use errors::{Position, ScenarioError, ScenarioErrors};
pub use hardware::{DrawnFigure, Figure};
pub use model::*;
pub use profiles::{NamedDevice, NamedLink, device_profiles, link_profiles};
pub use source::SourceMap;
pub use traffic::*;

use decode::{Cursor, Sink};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// The largest scenario that is read. A fleet of ten thousand classes fits.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// A valid scenario together with where its values stand in the file.
#[derive(Debug, Clone)]
pub struct LoadedScenario {
    /// What to simulate.
    pub scenario: Scenario,
    /// Where each key stands, for errors that only a later stage can find.
    pub source: SourceMap,
}

/// Reads and validates the scenario in the file at `path`. Relative paths in it are taken from
/// that file's folder.
///
/// # Errors
/// If the file cannot be read, is larger than [`MAX_FILE_BYTES`], is not UTF-8 or is not a valid
/// scenario.
pub fn load(path: &Path) -> Result<LoadedScenario, ScenarioErrors> {
    let file_name = path.display().to_string();
    let refuse = |reason: String| ScenarioErrors::from(ScenarioError::of_file(&file_name, reason));
    let bytes = read_limited(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(refuse(too_large()));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        refuse(format!("is not UTF-8 text: byte {valid} (from 0) begins no valid character"))
    })?;
    parse(&text, &file_name)
}

/// Validates the scenario in `text`. `file_name` appears in errors, and relative paths in the
/// scenario are taken from its folder.
///
/// # Errors
/// If `text` is larger than [`MAX_FILE_BYTES`] or is not a valid scenario: all independent errors,
/// in the order of their lines.
pub fn parse(text: &str, file_name: &str) -> Result<LoadedScenario, ScenarioErrors> {
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(ScenarioError::of_file(file_name, too_large()).into());
    }
    // A byte order mark is not part of the text, and would shift the first line's columns.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let refuse = |flaw: positions::Flaw| {
        ScenarioErrors::from(ScenarioError::at(file_name, text, flaw.position, "", flaw.message))
    };
    let layout = positions::read(text).map_err(refuse)?;
    let tree = tree::read(text).map_err(refuse)?;
    let source = SourceMap::new(file_name, text, layout.root);
    let sink = Sink::new(&source);
    for duplicate in layout.duplicates {
        sink.duplicate_key(&duplicate);
    }
    let folder = Path::new(file_name).parent().unwrap_or(Path::new(""));
    let scenario = sections::root::decode(&Cursor::root(&tree, &sink), folder);
    let errors = sink.into_errors();
    match scenario {
        Some(scenario) if errors.is_empty() => Ok(LoadedScenario { scenario, source }),
        None if errors.is_empty() => unreachable!("a value is refused only with an error"),
        _ => Err(ScenarioErrors::sorted(errors)),
    }
}

/// At most one byte more than allowed, so that an endless file is noticed and not read.
fn read_limited(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_large() -> String {
    format!("is too large: a scenario has at most {MAX_FILE_BYTES} bytes")
}
