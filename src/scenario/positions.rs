//! Where every key and value of a document stands, from the parser's marked events.
//!
//! This pass also bounds what the recursive parser sees later: nesting is limited and aliases are
//! refused, so no document grows when it is read.

use super::errors::{MAX_ERRORS, Position};
use indexmap::IndexMap;
use indexmap::map::Entry;
use saphyr_parser::{Event, Marker, Parser, ScanError};

/// How deep mappings and lists may nest; the language itself needs six.
const MAX_DEPTH: usize = 64;

/// The longest key: key paths repeat keys, so an unbounded one would multiply.
const MAX_KEY_CHARS: usize = 100;

/// Why a text is no document of the language.
#[derive(Debug)]
pub(super) struct Flaw {
    pub(super) position: Position,
    pub(super) message: String,
}

/// A key's second occurrence in one mapping.
#[derive(Debug, Clone)]
pub(super) struct Duplicate {
    pub(super) key_path: String,
    pub(super) position: Position,
    pub(super) first: Position,
}

/// What the events tell.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) root: Spot,
    pub(super) duplicates: Vec<Duplicate>,
}

/// Where a value, its key and its children stand.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// Where its key stands; for list items and the root, where the value does.
    pub(super) key: Position,
    /// Where the value stands.
    value: Position,
    children: Children,
}

#[derive(Debug, Clone)]
enum Children {
    None,
    Items(Vec<Spot>),
    // Boxed, since most spots are scalars and a map's header is large.
    Entries(Box<IndexMap<String, Spot>>),
}

impl Spot {
    fn new(key: Position, value: Position, children: Children) -> Self {
        Self { key, value, children }
    }

    /// Where an error about the value is shown: at a scalar itself, and at the key of a mapping or
    /// list, since a block begins only with its first entry.
    pub(super) fn place(&self) -> Position {
        match self.children {
            Children::None => self.value,
            Children::Items(_) | Children::Entries(_) => self.key,
        }
    }

    /// The spot of `key` in this mapping.
    pub(super) fn entry(&self, key: &str) -> Option<&Self> {
        match &self.children {
            Children::Entries(entries) => entries.get(key),
            _ => None,
        }
    }

    /// A scalar that stands in for one of the file, all of it at one place.
    pub(super) fn scalar(at: Position) -> Self {
        Self::new(at, at, Children::None)
    }

    /// A mapping without entries that stands in for one of the file.
    pub(super) fn mapping(at: Position) -> Self {
        Self::new(at, at, Children::Entries(Box::default()))
    }

    /// The same value under a key that stands elsewhere.
    pub(super) fn under_key(self, key: Position) -> Self {
        Self { key, ..self }
    }

    /// Puts `spot` under `key` into this mapping, in place of what may stand there.
    pub(super) fn set_entry(&mut self, key: &str, spot: Self) {
        if let Children::Entries(entries) = &mut self.children {
            entries.insert(key.to_owned(), spot);
        }
    }

    /// The spot of `key` in this mapping, to be changed.
    pub(super) fn entry_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.children {
            Children::Entries(entries) => entries.get_mut(key),
            _ => None,
        }
    }

    /// The spot of item `index` of this list, to be changed.
    pub(super) fn item_mut(&mut self, index: usize) -> Option<&mut Self> {
        match &mut self.children {
            Children::Items(items) => items.get_mut(index),
            _ => None,
        }
    }

    /// The spot of item `index` of this list.
    pub(super) fn item(&self, index: usize) -> Option<&Self> {
        match &self.children {
            Children::Items(items) => items.get(index),
            _ => None,
        }
    }
}

/// Reads the positions of the single document in `text`.
pub(super) fn read(text: &str) -> Result<Layout, Flaw> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| syntax_flaw(text, &error))?;
        builder.handle(&event, position(span.start))?;
    }
    let root = builder.root.ok_or(Flaw {
        position: Position { line: 1, column: 1 },
        message: "the file is empty; a scenario is a mapping that begins, for example, with \
                  `name: quickstart`"
            .to_owned(),
    })?;
    Ok(Layout { root, duplicates: builder.duplicates })
}

/// A mapping or list that is still open.
#[derive(Debug)]
struct Frame {
    spot: Spot,
    /// In a mapping: the key whose value comes next.
    key: Option<(String, Position)>,
}

/// Puts spots together from events, without recursion.
#[derive(Debug, Default)]
struct Builder {
    open: Vec<Frame>,
    root: Option<Spot>,
    duplicates: Vec<Duplicate>,
}

impl Builder {
    fn handle(&mut self, event: &Event<'_>, at: Position) -> Result<(), Flaw> {
        let refuse = |message: &str| Err(Flaw { position: at, message: message.to_owned() });
        match event {
            Event::Alias(_) => refuse("aliases (`*name`) are not part of the language"),
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => {
                refuse("tags (`!name`) are not part of the language")
            }
            Event::DocumentStart(_) if self.root.is_some() => {
                refuse("a second document begins here; a file holds one scenario")
            }
            Event::Scalar(text, ..) if self.expects_key() => self.begin_entry(text, at),
            Event::SequenceStart(..) | Event::MappingStart(..) if self.expects_key() => {
                refuse("a key must be a plain word, not a list or mapping")
            }
            Event::Scalar(..) => {
                self.close(Spot::new(at, at, Children::None));
                Ok(())
            }
            Event::SequenceStart(..) => self.begin(at, Children::Items(Vec::new())),
            Event::MappingStart(..) => self.begin(at, Children::Entries(Box::default())),
            Event::SequenceEnd | Event::MappingEnd => {
                let frame = self.open.pop().expect("the parser balances starts and ends");
                self.close(frame.spot);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|frame| {
            frame.key.is_none() && matches!(frame.spot.children, Children::Entries(_))
        })
    }

    fn begin(&mut self, at: Position, children: Children) -> Result<(), Flaw> {
        if self.open.len() == MAX_DEPTH {
            let message = format!("is nested deeper than {MAX_DEPTH} levels");
            return Err(Flaw { position: at, message });
        }
        self.open.push(Frame { spot: Spot::new(at, at, children), key: None });
        Ok(())
    }

    fn begin_entry(&mut self, key: &str, at: Position) -> Result<(), Flaw> {
        if key == "<<" {
            let message = "merge keys (`<<`) are not part of the language".to_owned();
            return Err(Flaw { position: at, message });
        }
        if key.chars().nth(MAX_KEY_CHARS).is_some() {
            let message = format!("a key has at most {MAX_KEY_CHARS} characters");
            return Err(Flaw { position: at, message });
        }
        let frame = self.open.last_mut().expect("a key stands in an open mapping");
        frame.key = Some((key.to_owned(), at));
        Ok(())
    }

    /// Files a finished spot with its parent. Of duplicate keys the first one stays.
    fn close(&mut self, mut spot: Spot) {
        let Some(Frame { spot: parent, key }) = self.open.last_mut() else {
            self.root = Some(spot);
            return;
        };
        match &mut parent.children {
            Children::Items(items) => items.push(spot),
            Children::Entries(entries) => {
                let (key, at) = key.take().expect("a mapping's value follows its key");
                spot.key = at;
                match entries.entry(key) {
                    Entry::Vacant(entry) => {
                        entry.insert(spot);
                    }
                    Entry::Occupied(entry) => {
                        let (key, first) = (entry.key().clone(), entry.get().key);
                        self.note_duplicate(&key, at, first);
                    }
                }
            }
            Children::None => unreachable!("only lists and mappings are open"),
        }
    }

    fn note_duplicate(&mut self, key: &str, position: Position, first: Position) {
        if self.duplicates.len() < MAX_ERRORS {
            let key_path = join(&self.open_path(), key);
            self.duplicates.push(Duplicate { key_path, position, first });
        }
    }

    /// The key path of the innermost open mapping or list.
    fn open_path(&self) -> String {
        let parents = &self.open[..self.open.len() - 1];
        parents.iter().fold(String::new(), |path, frame| match (&frame.key, &frame.spot.children) {
            (Some((key, _)), _) => join(&path, key),
            (None, Children::Items(items)) => format!("{path}[{}]", items.len()),
            (None, _) => path,
        })
    }
}

/// `path.key`, or `key` alone at the top.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn position(marker: Marker) -> Position {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Position { line: count(marker.line()).max(1), column: count(marker.col()).saturating_add(1) }
}

fn syntax_flaw(text: &str, error: &ScanError) -> Flaw {
    let position = position(*error.marker());
    let line = text.lines().nth(position.line as usize - 1).unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    let hint = if indent.contains('\t') { " (indent with spaces, not with tabs)" } else { "" };
    Flaw { position, message: format!("is not valid YAML: {}{hint}", error.info()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(text: &str) -> (u32, u32, String) {
        let flaw = read(text).unwrap_err();
        (flaw.position.line, flaw.position.column, flaw.message)
    }

    #[test]
    fn keys_and_values_have_their_own_positions() {
        let layout = read("a: 1\nb:\n  - { c: x, d: [1, 22] }\n").unwrap();
        let item = layout.root.entry("b").unwrap().item(0).unwrap();
        let d = item.entry("d").unwrap();
        assert_eq!((d.key.line, d.key.column), (3, 13));
        assert_eq!((d.value.line, d.value.column), (3, 16));
        let second = d.item(1).unwrap();
        assert_eq!((second.value.line, second.value.column), (3, 20));
    }

    #[test]
    fn a_duplicate_is_found_with_both_positions_and_its_key_path() {
        let layout = read("a:\n  - x: 1\n  - b: 1\n    c: { d: 0 }\n    b: 2\n").unwrap();
        let [duplicate] = layout.duplicates.as_slice() else { panic!("one duplicate") };
        assert_eq!(duplicate.key_path, "a[1].b");
        assert_eq!(duplicate.position, Position { line: 5, column: 5 });
        assert_eq!(duplicate.first, Position { line: 3, column: 5 });
    }

    #[test]
    fn documents_that_grow_when_read_are_refused() {
        let bomb = "a: &a [x, x]\nb: &b [*a, *a]\n";
        assert_eq!(flaw(bomb), (2, 8, "aliases (`*name`) are not part of the language".into()));
        let (line, _, message) = flaw("a: &a { x: 1 }\nb: { <<: 1 }\n");
        assert_eq!((line, message.as_str()), (2, "merge keys (`<<`) are not part of the language"));
    }

    #[test]
    fn nesting_is_allowed_to_64_levels() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(flaw(&nested(MAX_DEPTH + 1)).2, "is nested deeper than 64 levels");
        for open in ["[", "{a: ", "- "] {
            // The scanner looks ahead, and may refuse by its own limit before this one is met.
            let message = flaw(&open.repeat(100_000)).2;
            assert!(message.contains("nested deeper") || message.contains("limit"), "{message}");
        }
    }

    #[test]
    fn a_file_holds_exactly_one_document() {
        assert!(flaw("").2.starts_with("the file is empty"));
        assert!(flaw("# only a comment\n").2.starts_with("the file is empty"));
        assert_eq!(flaw("a: 1\n---\nb: 1\n").0, 2);
    }

    #[test]
    fn tabs_are_explained() {
        assert!(flaw("a:\n\t- b\n").2.ends_with("(indent with spaces, not with tabs)"));
    }
}
