//! A mapping of the document with known keys, and how a key is required, defaulted or taken from a
//! profile.

use super::decode::Cursor;
use super::vocabulary::{Vocabulary, nearest};

/// A mapping whose keys are known words.
#[derive(Debug)]
pub(super) struct Section<'a> {
    cursor: Cursor<'a>,
    vocabulary: &'a Vocabulary,
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

impl<'a> Section<'a> {
    /// The section at `cursor`, whose keys were held against `vocabulary`.
    pub(super) fn new(cursor: Cursor<'a>, vocabulary: &'a Vocabulary) -> Self {
        Self { cursor, vocabulary }
    }

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

    /// Notes that `key` is missing, unless a misspelt key was refused in its place.
    fn missing<T>(&self, key: &str) -> Option<T> {
        let known = self.vocabulary.known;
        let is_misspelt =
            |given: &str| !known.contains(&given) && nearest(given, known) == Some(key);
        self.cursor.refuse_missing(key, is_misspelt)
    }
}
