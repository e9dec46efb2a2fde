//! A scenario's document, read but not yet decoded, so that other values can be put into it.

use super::decode::{Cursor, Sink};
use super::errors::{ScenarioError, ScenarioErrors};
use super::expectation;
use super::overrides::{self, Replacement};
use super::positions::{self, Duplicate, Flaw};
use super::source::SourceMap;
use super::sweep::{self, Sweep, SweptValue};
use super::{LoadedScenario, MAX_FILE_BYTES, sections, tree};
use serde_yaml::Value;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// A well-formed YAML document in which every value's place is known.
#[derive(Debug, Clone)]
pub struct Document {
    tree: Value,
    source: SourceMap,
    duplicates: Vec<Duplicate>,
}

impl Document {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// If it cannot be read, is larger than [`MAX_FILE_BYTES`], or is not UTF-8 or YAML.
    pub fn load(path: &Path) -> Result<Self, ScenarioErrors> {
        let file_name = path.display().to_string();
        let refuse =
            |reason: String| ScenarioErrors::from(ScenarioError::of_file(&file_name, reason));
        let bytes =
            read_limited(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(refuse(too_large()));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            refuse(format!("is not UTF-8 text: byte {valid} (from 0) begins no valid character"))
        })?;
        Self::parse(&text, &file_name)
    }

    /// Reads `text`; `file_name` appears in errors, and relative paths are taken from its folder.
    ///
    /// # Errors
    /// If `text` is larger than [`MAX_FILE_BYTES`] or is not YAML as the language has it.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, ScenarioErrors> {
        if text.len() as u64 > MAX_FILE_BYTES {
            return Err(ScenarioError::of_file(file_name, too_large()).into());
        }
        // A byte order mark is not part of the text, and would shift the first line's columns.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let refuse = |flaw: Flaw| {
            let Flaw { position, message } = flaw;
            ScenarioErrors::from(ScenarioError::at(file_name, text, position, "", message))
        };
        let layout = positions::read(text).map_err(refuse)?;
        let tree = tree::read(text).map_err(refuse)?;
        let source = SourceMap::new(file_name, text, layout.root);
        Ok(Self { tree, source, duplicates: layout.duplicates })
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// The validated scenario.
    ///
    /// # Errors
    /// All independent errors, in the order of their lines.
    pub fn decode(&self) -> Result<LoadedScenario, ScenarioErrors> {
        let sink = Sink::new(&self.source);
        for duplicate in &self.duplicates {
            sink.duplicate_key(duplicate);
        }
        let folder = Path::new(self.source.file()).parent().unwrap_or(Path::new(""));
        let root = Cursor::root(&self.tree, &sink);
        let scenario = sections::root::decode(&root, folder);
        let sweep = root.entry("sweep").and_then(|cursor| sweep::decode(&cursor));
        let expectations = root.entry("expect").and_then(|cursor| expectation::decode(&cursor));
        let errors = sink.into_errors();
        match scenario {
            Some(scenario) if errors.is_empty() => Ok(LoadedScenario {
                scenario,
                source: self.source.clone(),
                sweep,
                expectations: expectations.unwrap_or_default(),
            }),
            None if errors.is_empty() => unreachable!("a value is refused only with an error"),
            _ => Err(ScenarioErrors::sorted(errors)),
        }
    }

    /// The document of cell `index` of `sweep`: with that cell's values at the swept keys, and
    /// without the sweep itself.
    ///
    /// # Errors
    /// If a swept key leads nowhere.
    ///
    /// # Panics
    /// If the sweep has no cell of that index.
    pub fn cell(&self, sweep: &Sweep, index: usize) -> Result<Self, ScenarioErrors> {
        let mut cell = self.without_sweep();
        let mut errors = Vec::new();
        let mut values = sweep.values(index);
        values.sort_by_key(|(path, _)| overrides::is_policy_option(path));
        for (path, value) in values {
            let replacement =
                Replacement { value: value.value.clone(), spot: Some(value.spot.clone()) };
            let put = overrides::put(&mut cell.tree, cell.source.root_mut(), path, replacement);
            if let Err(message) = put {
                let key_path = format!("sweep.{path}");
                errors.push(self.source.error_at(value.spot.key, &key_path, message));
            }
        }
        if errors.is_empty() { Ok(cell) } else { Err(ScenarioErrors::sorted(errors)) }
    }

    /// The document with `value` at the key path `path`, such as `fleet.pi.count`. Errors about
    /// the value will point to what it replaces.
    ///
    /// # Errors
    /// If the path leads nowhere.
    pub fn with(&self, path: &str, value: &SweptValue) -> Result<Self, ScenarioErrors> {
        let mut changed = self.without_sweep();
        let replacement = Replacement { value: value.value.clone(), spot: None };
        overrides::put(&mut changed.tree, changed.source.root_mut(), path, replacement)
            .map_err(|message| ScenarioErrors::from(self.source.error(path, message)))?;
        Ok(changed)
    }

    /// What stands at the key path `path`, as the file states it; `None` if nothing does.
    pub fn value(&self, path: &str) -> Option<SweptValue> {
        overrides::find(&self.tree, path).map(|value| SweptValue::of(value.clone()))
    }

    /// Everything that the document states of what is simulated, as key paths with their values, in
    /// the order of the file: `fleet[0].count`, `6`. Comments, spelling, `sweep` and `expect` are
    /// none of it.
    pub fn statements(&self) -> Vec<(String, String)> {
        let mut statements = Vec::new();
        if let Value::Mapping(mapping) = &self.tree {
            let simulated =
                mapping.iter().filter(|(key, _)| !matches!(key.as_str(), Some("sweep" | "expect")));
            simulated.for_each(|(key, value)| state(&scalar(key), value, &mut statements));
        }
        statements
    }

    /// Where the document's values stand.
    pub fn source(&self) -> &SourceMap {
        &self.source
    }

    fn without_sweep(&self) -> Self {
        let mut copy = self.clone();
        if let Value::Mapping(mapping) = &mut copy.tree {
            mapping.shift_remove("sweep");
        }
        copy
    }
}

/// Notes what `value` at `path` states.
fn state(path: &str, value: &Value, statements: &mut Vec<(String, String)>) {
    match value {
        Value::Mapping(mapping) if !mapping.is_empty() => mapping
            .iter()
            .for_each(|(key, value)| state(&format!("{path}.{}", scalar(key)), value, statements)),
        Value::Sequence(items) if !items.is_empty() => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| state(&format!("{path}[{index}]"), value, statements)),
        value => statements.push((path.to_owned(), scalar(value))),
    }
}

/// A scalar as text; what holds nothing as YAML writes it.
fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(text) => text.clone(),
        Value::Sequence(_) => "[]".to_owned(),
        Value::Mapping(_) | Value::Tagged(_) => "{}".to_owned(),
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
