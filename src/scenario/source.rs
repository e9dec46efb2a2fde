//! Where a scenario's values stand in its file, for everybody who finds an error in one later.

use super::errors::{Position, ScenarioError};
use super::positions::Spot;

/// A scenario's text and the place of each of its values.
#[derive(Debug, Clone)]
pub struct SourceMap {
    file: String,
    text: String,
    root: Spot,
}

impl SourceMap {
    pub(super) fn new(file: &str, text: &str, root: Spot) -> Self {
        Self { file: file.to_owned(), text: text.to_owned(), root }
    }

    /// The file's name as the user gave it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The whole text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the value at `key_path` (such as `fleet[1].access.delay`) stands: for a mapping or
    /// list, its key; for a value that the file leaves out, the key of what would hold it.
    pub fn locate(&self, key_path: &str) -> Position {
        let mut spot = &self.root;
        for segment in key_path.split(['.', '[']).filter(|segment| !segment.is_empty()) {
            let index = segment.strip_suffix(']').and_then(|digits| digits.parse().ok());
            let child = match index {
                Some(index) => spot.item(index),
                None => spot.entry(segment),
            };
            match child {
                Some(child) => spot = child,
                None => break,
            }
        }
        spot.place()
    }

    /// An error about the value at `key_path`, for rules that need more than the file to check:
    /// a model that does not fit a device's memory, say.
    pub fn error(&self, key_path: &str, message: impl Into<String>) -> ScenarioError {
        self.error_at(self.locate(key_path), key_path, message.into())
    }

    pub(super) fn error_at(
        &self,
        position: Position,
        key_path: &str,
        message: String,
    ) -> ScenarioError {
        ScenarioError::at(&self.file, &self.text, position, key_path, message)
    }

    pub(super) fn root(&self) -> &Spot {
        &self.root
    }

    pub(super) fn root_mut(&mut self) -> &mut Spot {
        &mut self.root
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::positions;

    fn map(text: &str) -> SourceMap {
        SourceMap::new("s.yaml", text, positions::read(text).unwrap().root)
    }

    #[test]
    fn a_key_path_leads_to_its_value() {
        let source = map("a:\n  - b: 1\n  - b: { c: 2 }\n");
        assert_eq!(source.locate("a[1].b.c"), Position { line: 3, column: 13 });
        assert_eq!(source.locate("a[0].b"), Position { line: 2, column: 8 });
    }

    #[test]
    fn a_missing_value_stands_at_what_would_hold_it() {
        let source = map("x: 0\na: { b: 1 }\n");
        assert_eq!(source.locate("a.z"), Position { line: 2, column: 1 });
        assert_eq!(source.locate("z.y[3]"), Position { line: 1, column: 1 });
    }
}
