//! The one way to decode a document: a [`Cursor`] at a value, a [`Section`] at a mapping.
//!
//! Every decoding function takes a cursor and returns an `Option`: `None` means that the value was
//! refused and its error noted. A section decodes all its keys before it gives up, so that one run
//! reports all independent errors:
//!
//! ```text
//! let rounds = section.required("rounds", |c| integer(&c, 1..=MAX_ROUNDS));
//! let gamma  = section.required("gamma", share);
//! Some(TrainingSpec { rounds: rounds?, gamma: gamma? })
//! ```

use super::errors::{MAX_ERRORS, Position, ScenarioError};
use super::positions::{Duplicate, Spot, join};
use super::section::Section;
use super::source::SourceMap;
use super::vocabulary::{Vocabulary, shorten};
use serde_yaml::Value;
use std::cell::RefCell;
use std::path::Path;

/// Gathers the errors of one document.
#[derive(Debug)]
pub(super) struct Sink<'a> {
    source: &'a SourceMap,
    errors: RefCell<Vec<ScenarioError>>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(source: &'a SourceMap) -> Self {
        Self { source, errors: RefCell::default() }
    }

    pub(super) fn into_errors(self) -> Vec<ScenarioError> {
        self.errors.into_inner()
    }

    pub(super) fn duplicate_key(&self, duplicate: &Duplicate) {
        let Position { line, column } = duplicate.first;
        let message = format!("is given twice; it stands at {line}:{column} already");
        self.note(duplicate.position, &duplicate.key_path, message);
    }

    fn is_full(&self) -> bool {
        self.errors.borrow().len() >= MAX_ERRORS
    }

    fn note(&self, position: Position, key_path: &str, message: String) {
        if !self.is_full() {
            let error = self.source.error_at(position, key_path, message);
            self.errors.borrow_mut().push(error);
        }
    }
}

/// A value of the document that knows where it stands.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    value: &'a Value,
    spot: &'a Spot,
    path: String,
    sink: &'a Sink<'a>,
}

/// One of several named alternatives: `client-exit`, or `random: 0.3` with an argument.
#[derive(Debug)]
pub(super) struct Variant<'a> {
    /// Its name, one of the known words that were asked for.
    pub(super) name: &'static str,
    whole: Cursor<'a>,
    argument: Option<Cursor<'a>>,
}

impl<'a> Cursor<'a> {
    /// The whole document.
    pub(super) fn root(value: &'a Value, sink: &'a Sink<'a>) -> Self {
        Self { value, spot: sink.source.root(), path: String::new(), sink }
    }

    /// Notes that this value is wrong.
    pub(super) fn refuse<T>(&self, message: impl Into<String>) -> Option<T> {
        self.sink.note(self.spot.place(), &self.path, message.into());
        None
    }

    /// Notes that this value is none of what is `allowed` here.
    pub(super) fn refuse_kind<T>(&self, allowed: &str) -> Option<T> {
        self.refuse(format!("expected {allowed}, got {}", self.describe()))
    }

    /// The value for an error message.
    pub(super) fn describe(&self) -> String {
        match self.value {
            Value::Null => "nothing".to_owned(),
            Value::Bool(value) => format!("`{value}`"),
            Value::Number(value) => format!("`{value}`"),
            Value::String(text) => format!("`{}`", shorten(text)),
            Value::Sequence(_) => "a list".to_owned(),
            Value::Mapping(_) | Value::Tagged(_) => "a mapping".to_owned(),
        }
    }

    /// The folder of the scenario's file, from which relative paths are taken.
    pub(super) fn folder(&self) -> &'a Path {
        Path::new(self.sink.source.file()).parent().unwrap_or(Path::new(""))
    }

    /// The line of this value.
    pub(super) fn line(&self) -> u32 {
        self.spot.place().line
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    /// Where this value, its key and its children stand.
    pub(super) fn spot(&self) -> &'a Spot {
        self.spot
    }

    /// Notes that this value's key is wrong.
    pub(super) fn refuse_key<T>(&self, message: impl Into<String>) -> Option<T> {
        self.sink.note(self.spot.key, &self.path, message.into());
        None
    }

    /// The word or text here, if it is one; no error is noted.
    pub(super) fn as_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// Text, such as a name.
    pub(super) fn text(&self) -> Option<&'a str> {
        match self.value {
            Value::Number(_) | Value::Bool(_) => {
                self.refuse(format!("expected text, got {0}; write it as \"…\"", self.describe()))
            }
            _ => self.as_text().or_else(|| self.refuse_kind("text")),
        }
    }

    /// One of the words of `vocabulary`.
    pub(super) fn word(&self, vocabulary: &Vocabulary) -> Option<&'static str> {
        let Some(word) = self.as_text() else {
            return self.refuse_kind(&format!(
                "a {} (allowed: {})",
                vocabulary.kind,
                vocabulary.known.join(", ")
            ));
        };
        vocabulary.recognise(word).map_or_else(|message| self.refuse(message), Some)
    }

    /// The items of a list.
    pub(super) fn items(&self, what: &str) -> Option<impl Iterator<Item = Cursor<'a>>> {
        let Value::Sequence(items) = self.value else {
            return self.refuse_kind(&format!("a list of {what}"));
        };
        let parent = self.clone();
        Some(items.iter().enumerate().map(move |(index, value)| Cursor {
            value,
            spot: parent.spot.item(index).unwrap_or(parent.spot),
            path: format!("{}[{index}]", parent.path),
            sink: parent.sink,
        }))
    }

    /// The entries of a mapping whose keys are no fixed words.
    pub(super) fn entries(
        &self,
        what: &str,
    ) -> Option<impl Iterator<Item = (String, Cursor<'a>)> + use<'a>> {
        let Value::Mapping(mapping) = self.value else {
            return self.refuse_kind(&format!("a mapping of {what}"));
        };
        let parent = self.clone();
        Some(mapping.iter().map(move |(key, value)| {
            let key = key_text(key);
            let child = parent.child(&key, value);
            (key, child)
        }))
    }

    /// A mapping with the keys of `vocabulary`. Keys that are no word of it are noted, and the
    /// others can still be decoded.
    pub(super) fn section(&self, vocabulary: &'a Vocabulary) -> Option<Section<'a>> {
        let Value::Mapping(mapping) = self.value else {
            let allowed = vocabulary.known.join(", ");
            return self.refuse_kind(&format!("a mapping with the keys {allowed}"));
        };
        for key in mapping.keys() {
            if self.sink.is_full() {
                break;
            }
            let child = self.child(&key_text(key), key);
            if let Err(message) = vocabulary.recognise(&key_text(key)) {
                child.sink.note(child.spot.key, &child.path, message);
            }
        }
        Some(Section::new(self.clone(), vocabulary))
    }

    /// One of the alternatives of `vocabulary`: a word, or a mapping of one word to its argument.
    pub(super) fn variant(&self, vocabulary: &Vocabulary) -> Option<Variant<'a>> {
        let single = self.value.as_mapping().filter(|mapping| mapping.len() == 1);
        if let Some((key, value)) = single.and_then(|mapping| mapping.iter().next()) {
            let argument = self.child(&key_text(key), value);
            return match vocabulary.recognise(&key_text(key)) {
                Ok(name) => Some(Variant { name, whole: self.clone(), argument: Some(argument) }),
                Err(message) => {
                    self.sink.note(argument.spot.key, &self.path, message);
                    None
                }
            };
        }
        if let Value::Mapping(mapping) = self.value {
            return self.refuse(format!(
                "expected one {}, got a mapping of {} keys (allowed: {})",
                vocabulary.kind,
                mapping.len(),
                vocabulary.known.join(", ")
            ));
        }
        let name = self.word(vocabulary)?;
        Some(Variant { name, whole: self.clone(), argument: None })
    }

    /// The value of `key`, if this is a mapping that has it.
    pub(super) fn entry(&self, key: &str) -> Option<Self> {
        self.value.as_mapping()?.get(key).map(|value| self.child(key, value))
    }

    /// Notes that this mapping lacks `key`, unless one of its keys `is_misspelt` for it.
    pub(super) fn refuse_missing<T>(
        &self,
        key: &str,
        is_misspelt: impl Fn(&str) -> bool,
    ) -> Option<T> {
        let mut given = self.value.as_mapping().into_iter().flat_map(|mapping| mapping.keys());
        // A full sink would drop the error, and looking at a million keys would take its time.
        if !self.sink.is_full() && !given.any(|given| is_misspelt(&key_text(given))) {
            let path = join(&self.path, key);
            self.sink.note(self.spot.place(), &path, "is missing".to_owned());
        }
        None
    }

    fn child(&self, key: &str, value: &'a Value) -> Self {
        Self {
            value,
            spot: self.spot.entry(key).unwrap_or(self.spot),
            path: join(&self.path, key),
            sink: self.sink,
        }
    }
}

impl<'a> Variant<'a> {
    /// The argument; `example` shows how the variant is written with one.
    pub(super) fn argument(&self, example: &str) -> Option<&Cursor<'a>> {
        self.argument.as_ref().or_else(|| {
            self.whole.refuse(format!("`{}` needs a value, for example `{example}`", self.name))
        })
    }

    /// The variant that has no argument.
    pub(super) fn bare<T>(&self, value: T) -> Option<T> {
        match &self.argument {
            None => Some(value),
            Some(argument) => {
                argument.refuse(format!("`{}` takes no value; write the word alone", self.name))
            }
        }
    }
}

/// A key as text; keys that YAML reads as something else appear as they are shown.
fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) => text.clone(),
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => {
            unreachable!("keys that are no words were refused with the positions")
        }
    }
}
