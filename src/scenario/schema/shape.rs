//! What a key takes: the words that the table of keys is written in.

use super::super::units::Dimension;
use super::super::vocabulary::Vocabulary;

/// One key of a section: what the reference and the JSON schema say of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) name: &'static str,
    /// What it means, with its unit where the shape does not tell; Markdown.
    pub(super) about: &'static str,
    pub(super) shape: Shape,
    /// A value, as YAML.
    pub(super) example: &'static str,
    /// The value that holds where the key is left out, as YAML, if it is always the same.
    pub(super) default: Option<&'static str>,
}

impl Key {
    /// The same key, which may be left out and is `default` then.
    pub(super) const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }
}

/// A key without a default.
pub(super) const fn key(
    name: &'static str,
    about: &'static str,
    shape: Shape,
    example: &'static str,
) -> Key {
    Key { name, about, shape, example, default: None }
}

/// A mapping with known keys.
#[derive(Debug)]
pub(super) struct SectionTable {
    /// Its name among the schema's definitions.
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The decoder's words: only keys that it knows are in the schema.
    pub(super) vocabulary: &'static Vocabulary,
    pub(super) keys: &'static [Key],
    /// Keys that are always there.
    pub(super) required: &'static [&'static str],
    /// Sets of keys one of which is there; empty if that goes without saying.
    pub(super) one_of: &'static [&'static [&'static str]],
}

/// What a value may be. Nothing that the decoder takes is left out; rules that join several values
/// (an order, a unit in common, a name that exists) are the decoder's alone.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Text of at least one character: a path, a name of another file's.
    Text,
    /// Text that a regular expression matches, and what to tell if it does not.
    Pattern(&'static str, &'static str),
    /// An integer, both ends included.
    Integer(u64, u64),
    /// A number without dimension.
    Number(Bounds),
    /// A share: a number from 0 to 1, or a percentage.
    Share,
    /// `true` or `false`.
    Truth,
    /// A number with a unit.
    Measure(&'static Dimension),
    /// A figure, or the distribution it is drawn from once for each device.
    Drawn(&'static Shape),
    /// One of the decoder's words.
    Word(&'static Vocabulary),
    /// The name of a built-in profile.
    Profile(fn() -> Vec<&'static str>),
    /// A mapping with known keys.
    Section(&'static SectionTable),
    /// One of several named alternatives.
    Choice(&'static Choice),
    /// A list of so many items.
    List(&'static Shape, usize, usize),
    /// A list of items that differ.
    Tuple(&'static [Shape]),
    /// Any of several forms.
    AnyOf(&'static [Shape]),
    /// Key paths to what they take.
    Paths(&'static Shape),
    /// Anything: what may stand here depends on another key.
    Anything,
}

/// The ends of a number's range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) low: f64,
    /// Whether `low` itself is left out.
    pub(super) above: bool,
    /// `None` for all numbers from `low` on.
    pub(super) high: Option<f64>,
    /// Whether `high` itself is left out.
    pub(super) below: bool,
}

/// From `low` to `high`, both included.
pub(super) const fn from_to(low: f64, high: f64) -> Shape {
    Shape::Number(Bounds { low, above: false, high: Some(high), below: false })
}

/// Above `low`, at most `high`.
pub(super) const fn above_to(low: f64, high: f64) -> Shape {
    Shape::Number(Bounds { low, above: true, high: Some(high), below: false })
}

/// From `low` on.
pub(super) const fn from(low: f64) -> Shape {
    Shape::Number(Bounds { low, above: false, high: None, below: false })
}

/// From `low` to below `high`.
pub(super) const fn from_below(low: f64, high: f64) -> Shape {
    Shape::Number(Bounds { low, above: false, high: Some(high), below: true })
}

/// Named alternatives: a word alone, or a mapping of the word to its argument.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) vocabulary: &'static Vocabulary,
    pub(super) alternatives: &'static [Alternative],
}

/// One of several named alternatives.
#[derive(Debug)]
pub(super) struct Alternative {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) form: Form,
}

/// How an alternative is written.
#[derive(Debug)]
pub(super) enum Form {
    /// As the word alone.
    Bare,
    /// As the word with an argument.
    Argument(Shape),
    /// As a mapping that has the word among its keys.
    Section(&'static SectionTable),
}

/// The alternative that is a word alone.
pub(super) const fn bare(name: &'static str, about: &'static str) -> Alternative {
    Alternative { name, about, form: Form::Bare }
}

/// The alternative with an argument.
pub(super) const fn with(name: &'static str, about: &'static str, argument: Shape) -> Alternative {
    Alternative { name, about, form: Form::Argument(argument) }
}
