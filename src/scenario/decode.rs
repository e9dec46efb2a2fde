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
use super::source::SourceMap;
use super::vocabulary::{Vocabulary, not_simulated_yet, shorten};
use serde_yaml::Value;
use std::cell::RefCell;

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

/// A mapping whose keys are known words.
#[derive(Debug)]
pub(super) struct Section<'a> {
    cursor: Cursor<'a>,
}

/// One of several named alternatives: `client-exit`, or `random: 0.3` with an argument.
#[derive(Debug)]
pub(super) struct Variant<'a> {
    /// Its name, one of the known words that were asked for.
    pub(super) name: &'static str,
    whole: Cursor<'a>,
    argument: Option<Cursor<'a>>,
}

/// What a key that a profile may fill falls back on.
#[derive(Debug)]
pub(super) enum Base<T> {
    /// No profile was named: every key that has no default must be given.
    Absent,
    /// The profile's values.
    Profile(T),
    /// A profile was named, but there is none of that name: which keys are missing is not known.
    Invalid,
}

impl<'a> Cursor<'a> {
    /// The whole document.
    pub(super) fn root(value: &'a Value, sink: &'a Sink<'a>) -> Self {
        Self { value, spot: sink.source.root(), path: String::new(), sink }
    }

    /// Notes that this value is wrong.
    pub(super) fn refuse<T>(&self, message: impl Into<String>) -> Option<T> {
        self.sink.note(self.spot.value, &self.path, message.into());
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

    /// The line of this value.
    pub(super) fn line(&self) -> u32 {
        self.spot.value.line
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
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

    /// A mapping with the keys of `vocabulary`. Keys that are no word of it are noted, and the
    /// others can still be decoded.
    pub(super) fn section(&self, vocabulary: &Vocabulary) -> Option<Section<'a>> {
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
        Some(Section { cursor: self.clone() })
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
        if self.value.is_mapping() {
            let allowed = vocabulary.known.join(", ");
            return self.refuse(format!(
                "expected one {}, got a mapping of another length (allowed: {allowed})",
                vocabulary.kind
            ));
        }
        let name = self.word(vocabulary)?;
        Some(Variant { name, whole: self.clone(), argument: None })
    }

    /// Whether this is a mapping whose first key is a planned word of `forms`; that is noted.
    pub(super) fn is_planned_form(&self, forms: &Vocabulary) -> bool {
        let Some(mapping) = self.value.as_mapping() else { return false };
        let planned = mapping.keys().any(|key| forms.planned.contains(&key_text(key).as_str()));
        if planned {
            self.refuse::<()>(not_simulated_yet("this mapping", "form of the value"));
        }
        planned
    }

    /// The value of `key`, if this is a mapping that has it.
    pub(super) fn entry(&self, key: &str) -> Option<Self> {
        self.value.as_mapping()?.get(key).map(|value| self.child(key, value))
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

impl<'a> Section<'a> {
    /// The value of `key`, if it is given.
    pub(super) fn get(&self, key: &str) -> Option<Cursor<'a>> {
        self.cursor.entry(key)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The section as a value, for errors that concern it as a whole.
    pub(super) fn cursor(&self) -> &Cursor<'a> {
        &self.cursor
    }

    /// The value of a key that must be given.
    pub(super) fn required<T>(
        &self,
        key: &str,
        decode: impl FnOnce(Cursor<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.get(key) {
            Some(cursor) => decode(cursor),
            None => self.missing(key),
        }
    }

    /// The value of a key that may be left out.
    pub(super) fn or<T>(
        &self,
        key: &str,
        default: T,
        decode: impl FnOnce(Cursor<'a>) -> Option<T>,
    ) -> Option<T> {
        self.get(key).map_or(Some(default), decode)
    }

    /// The value of a key without default: `Some(None)` if it is left out.
    #[expect(clippy::option_option, reason = "the outer one says whether an error was noted")]
    pub(super) fn optional<T>(
        &self,
        key: &str,
        decode: impl FnOnce(Cursor<'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        self.get(key).map_or(Some(None), |cursor| decode(cursor).map(Some))
    }

    /// The profile named by `profile`, which the section's other keys override.
    pub(super) fn base<T>(&self, decode: impl FnOnce(Cursor<'a>) -> Option<T>) -> Base<T> {
        match self.get("profile") {
            None => Base::Absent,
            Some(cursor) => decode(cursor).map_or(Base::Invalid, Base::Profile),
        }
    }

    /// The value of a key that must be given unless a profile has it.
    pub(super) fn required_over<T, B>(
        &self,
        base: &Base<B>,
        key: &str,
        of_base: impl FnOnce(&B) -> T,
        decode: impl FnOnce(Cursor<'a>) -> Option<T>,
    ) -> Option<T> {
        match (self.get(key), base) {
            (Some(cursor), _) => decode(cursor),
            (None, Base::Profile(base)) => Some(of_base(base)),
            (None, Base::Absent) => self.missing(key),
            (None, Base::Invalid) => None,
        }
    }

    /// The value of a key that has a default where neither it nor a profile is given.
    pub(super) fn or_over<T, B>(
        &self,
        base: &Base<B>,
        key: &str,
        of_base: impl FnOnce(&B) -> T,
        default: T,
        decode: impl FnOnce(Cursor<'a>) -> Option<T>,
    ) -> Option<T> {
        match base {
            Base::Profile(base) => self.or(key, of_base(base), decode),
            Base::Absent | Base::Invalid => self.or(key, default, decode),
        }
    }

    fn missing<T>(&self, key: &str) -> Option<T> {
        let path = join(&self.cursor.path, key);
        self.cursor.sink.note(self.cursor.spot.value, &path, "is missing".to_owned());
        None
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
