//! What is wrong with a scenario, where, and how it is shown.

use std::fmt;

/// Errors kept for one file: more would not help anybody, and a hostile file could hold a million.
pub(super) const MAX_ERRORS: usize = 100;

/// Characters of a source line that are shown; longer lines are cut around the caret.
const EXCERPT_WIDTH: usize = 100;

/// A place in a scenario's text. Lines and columns (in characters) count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// One thing that is wrong with a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioError {
    file: String,
    position: Option<Position>,
    key_path: String,
    message: String,
    excerpt: Option<Excerpt>,
}

/// A source line with the place of its caret.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Excerpt {
    text: String,
    caret: usize,
}

/// All that is wrong with a scenario, in the order of lines; never empty. At most 100 are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioErrors(Vec<ScenarioError>);

impl ScenarioError {
    /// An error of the whole file.
    pub(super) fn of_file(file: &str, message: String) -> Self {
        Self {
            file: file.to_owned(),
            position: None,
            key_path: String::new(),
            message,
            excerpt: None,
        }
    }

    /// An error at `position` of `text`, about the value at `key_path` (empty: the whole document).
    pub(super) fn at(
        file: &str,
        text: &str,
        position: Position,
        key_path: &str,
        message: String,
    ) -> Self {
        Self {
            file: file.to_owned(),
            position: Some(position),
            key_path: key_path.to_owned(),
            message,
            excerpt: Excerpt::new(text, position),
        }
    }

    /// Where it is; `None` for an error of the whole file.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// The key path concerned, such as `fleet[1].access.delay`; empty for the whole document.
    pub fn key_path(&self) -> &str {
        &self.key_path
    }

    /// The same error with `note` after its message.
    #[must_use]
    pub fn noted(mut self, note: &str) -> Self {
        self.message.push_str(note);
        self
    }

    /// What was given and what is allowed.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl ScenarioErrors {
    /// `errors` in the order of their positions; equal positions keep the order of discovery.
    ///
    /// # Panics
    /// If there is no error: a scenario without one is valid, which this type cannot say.
    pub fn sorted(mut errors: Vec<ScenarioError>) -> Self {
        assert!(!errors.is_empty(), "errors were asked for and none was found");
        errors.sort_by_key(ScenarioError::position);
        Self(errors)
    }

    /// The errors in the order of lines.
    pub fn as_slice(&self) -> &[ScenarioError] {
        &self.0
    }
}

impl From<ScenarioError> for ScenarioErrors {
    fn from(error: ScenarioError) -> Self {
        Self(vec![error])
    }
}

impl Excerpt {
    /// The line at `position`; `None` past the end of the text.
    fn new(text: &str, position: Position) -> Option<Self> {
        let line = text.lines().nth(position.line as usize - 1)?;
        let column = position.column as usize - 1;
        let skipped = if column < EXCERPT_WIDTH { 0 } else { column - EXCERPT_WIDTH / 2 };
        let shown = line.chars().skip(skipped).take(EXCERPT_WIDTH);
        // A tab or a control character would move the caret (or the terminal).
        let text = shown.map(|c| if c.is_control() { ' ' } else { c }).collect();
        Some(Self { text, caret: column - skipped })
    }
}

impl fmt::Display for ScenarioError {
    /// `file:line:column: key.path: message`, then the source line with a caret under the place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file)?;
        if let Some(Position { line, column }) = self.position {
            write!(f, "{line}:{column}:")?;
        }
        if !self.key_path.is_empty() {
            write!(f, " {}:", self.key_path)?;
        }
        write!(f, " {}", self.message)?;
        if let (Some(excerpt), Some(Position { line, .. })) = (&self.excerpt, self.position) {
            let gutter = line.to_string();
            write!(f, "\n {gutter} | {}", excerpt.text)?;
            write!(f, "\n {:1$} | {2:3$}^", "", gutter.len(), "", excerpt.caret)?;
        }
        Ok(())
    }
}

impl fmt::Display for ScenarioErrors {
    /// One block for each error.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{error}")?;
        }
        if self.0.len() >= MAX_ERRORS {
            write!(f, "\n(the first {MAX_ERRORS} errors; there may be more)")?;
        }
        Ok(())
    }
}

impl std::error::Error for ScenarioError {}
impl std::error::Error for ScenarioErrors {}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_at(text: &str, line: u32, column: u32) -> String {
        let position = Position { line, column };
        ScenarioError::at("s.yaml", text, position, "a.b", "is wrong".to_owned()).to_string()
    }

    #[test]
    fn the_caret_stands_under_the_column() {
        assert_eq!(
            error_at("a:\n  b: 1", 2, 6),
            "s.yaml:2:6: a.b: is wrong\n 2 |   b: 1\n   |      ^"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let text = format!("{}X{}", "a".repeat(5_000), "b".repeat(5_000));
        let shown = error_at(&text, 1, 5_001);
        // 100 characters are shown; the caret stands under the X, 50 characters in.
        let lines: Vec<_> = shown.lines().collect();
        assert_eq!(lines[1], format!(" 1 | {}X{}", "a".repeat(50), "b".repeat(49)));
        assert_eq!(lines[2].find('^'), lines[1].find('X'));
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(error_at("a\tb\u{1b}[2J", 1, 3).lines().nth(1), Some(" 1 | a b [2J"));
    }
}
