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
//!                            ├─ Document ─ decode: Cursor, Section ─ sections/* ─ Scenario
//! text ─ tree (serde_yaml) ──┘  ↑                                              + SourceMap
//!                            other values at key paths (`sweep`)
//! ```

mod band;
mod decimal;
mod decode;
mod document;
mod errors;
mod expectation;
mod hardware;
mod measure;
mod model;
mod numbers;
mod overrides;
mod positions;
mod profiles;
mod schema;
mod section;
mod sections;
mod source;
mod sweep;
mod traffic;
mod tree;
mod units;
mod vocabulary;

#[cfg(test)]
mod tests;

pub use band::{Band, FigureKind};
pub use document::Document;
pub use errors::{Position, ScenarioError, ScenarioErrors};
pub use expectation::Expectation;
pub use hardware::{DrawnFigure, Figure};
pub use measure::{Measure, SiValue};
pub use model::*;
pub use profiles::{NamedDevice, NamedLink, device_profiles, link_profiles};
pub use schema::{json_schema, reference};
pub use source::SourceMap;
pub use sweep::{Sweep, SweptValue};
pub use traffic::*;
pub use vocabulary::{nearest, unknown};

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
    /// The grid around the scenario, if it has one.
    pub sweep: Option<Sweep>,
    /// What its results are expected to be, in the order of the file.
    pub expectations: Vec<Expectation>,
}

/// Reads and validates the scenario in the file at `path`. Relative paths in it are taken from
/// that file's folder.
///
/// # Errors
/// If the file cannot be read, is larger than [`MAX_FILE_BYTES`], is not UTF-8 or is not a valid
/// scenario.
pub fn load(path: &Path) -> Result<LoadedScenario, ScenarioErrors> {
    Document::load(path)?.decode()
}

/// Validates the scenario in `text`. `file_name` appears in errors, and relative paths in the
/// scenario are taken from its folder.
///
/// # Errors
/// If `text` is larger than [`MAX_FILE_BYTES`] or is not a valid scenario: all independent errors,
/// in the order of their lines.
pub fn parse(text: &str, file_name: &str) -> Result<LoadedScenario, ScenarioErrors> {
    Document::parse(text, file_name)?.decode()
}
