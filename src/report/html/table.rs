//! Tables that sort, cut where they would be longer than anybody reads.

use super::words::{LONGEST_NAME, grouped};
use crate::report::text::{dash, percent, shortened};
use maud::{Markup, html};

/// The most rows of a table.
pub(super) const MOST_ROWS: usize = 200;

/// The most rows of a table that stays on one printed page.
const MOST_TOGETHER: usize = 30;

/// What stands in one place of a table, and by what it sorts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    text: String,
    key: Key,
}

#[derive(Debug, Clone, PartialEq)]
enum Key {
    /// By its text.
    Text,
    /// By a number, after all others if there is none.
    Number(Option<f64>),
}

impl Cell {
    /// A name or word.
    pub(super) fn text(text: &str) -> Self {
        Self { text: shortened(text, LONGEST_NAME), key: Key::Text }
    }

    /// A number as `shown`.
    pub(super) fn number(value: f64, shown: String) -> Self {
        Self { text: shown, key: Key::Number(Some(value)) }
    }

    /// A number that may not exist.
    pub(super) fn maybe(value: Option<f64>, show: impl Fn(f64) -> String) -> Self {
        Self { text: value.map_or_else(dash, show), key: Key::Number(value) }
    }

    /// A count.
    #[expect(clippy::cast_precision_loss, reason = "a sort key only")]
    pub(super) fn count(count: u64) -> Self {
        Self::number(count as f64, grouped(count))
    }

    /// A share in [0, 1] as per cent, with the half-width of its interval if there is one.
    pub(super) fn share(share: Option<f64>, half_width: Option<f64>) -> Self {
        Self::maybe(share, |share| match half_width {
            Some(half_width) => {
                format!("{} ± {}", percent(Some(share)), percent(Some(half_width)))
            }
            None => percent(Some(share)),
        })
    }

    fn is_number(&self) -> bool {
        matches!(self.key, Key::Number(_))
    }

    /// The number it sorts by, empty if there is none; nothing for a text.
    fn value(&self) -> Option<String> {
        match self.key {
            Key::Text => None,
            Key::Number(value) => Some(value.map_or_else(String::new, |value| value.to_string())),
        }
    }
}

/// A table, its columns' heads first.
pub(super) struct Table {
    caption: String,
    heads: Vec<String>,
    rows: Vec<Vec<Cell>>,
    /// What the rows are, and how many there are, those left out included.
    things: (&'static str, usize),
    /// By which column the rows come from the largest down, and which ones those are.
    largest_first: Option<(usize, &'static str)>,
    /// Where the rest can be found.
    file: &'static str,
}

impl Table {
    /// A table of `things`, a row for each in the order given; the first [`MOST_ROWS`] are shown.
    pub(super) fn new<T>(
        caption: impl Into<String>,
        heads: impl IntoIterator<Item = impl Into<String>>,
        things: &'static str,
        items: &[T],
        row: impl Fn(&T) -> Vec<Cell>,
    ) -> Self {
        Self {
            caption: caption.into(),
            heads: heads.into_iter().map(Into::into).collect(),
            rows: items.iter().take(MOST_ROWS).map(row).collect(),
            things: (things, items.len()),
            largest_first: None,
            file: "summary.json",
        }
    }

    /// The same, whose items were given from the largest in this column down: `which` they are.
    pub(super) fn largest_first(self, column: usize, which: &'static str) -> Self {
        Self { largest_first: Some((column, which)), ..self }
    }

    /// The same, with all of it in this file.
    pub(super) fn of_file(self, file: &'static str) -> Self {
        Self { file, ..self }
    }

    /// The table without columns that hold nothing at all.
    pub(super) fn without_empty_columns(mut self) -> Self {
        let is_empty = |column: &usize| {
            !self.rows.is_empty()
                && self.rows.iter().all(|row| row[*column].key == Key::Number(None))
        };
        let kept: Vec<usize> = (0..self.heads.len()).filter(|column| !is_empty(column)).collect();
        self.heads = kept.iter().map(|&column| self.heads[column].clone()).collect();
        for row in &mut self.rows {
            *row = kept.iter().map(|&column| row[column].clone()).collect();
        }
        self.largest_first = self.largest_first.and_then(|(column, which)| {
            Some((kept.iter().position(|&kept| kept == column)?, which))
        });
        self
    }

    /// Its HTML; nothing if it has no row.
    pub(super) fn render(&self) -> Markup {
        let is_number = |column: usize| self.rows.iter().any(|row| row[column].is_number());
        let sorted = |column: usize| {
            let is_sorted = self.largest_first.is_some_and(|(sorted, _)| sorted == column);
            is_sorted.then_some("descending")
        };
        html! {
            @if !self.rows.is_empty() {
                div class=(if self.rows.len() <= MOST_TOGETHER { "table short" } else { "table" }) {
                    // Wide tables scroll by themselves, by keyboard too.
                    div.scroll tabindex="0" role="region" aria-label=(self.caption) {
                        table.sortable {
                            caption { (self.caption) }
                            thead {
                                tr {
                                    @for (column, head) in self.heads.iter().enumerate() {
                                        th scope="col" class=[is_number(column).then_some("number")]
                                            aria-sort=[sorted(column)] { (head) }
                                    }
                                }
                            }
                            tbody { @for row in &self.rows { (row_markup(row)) } }
                        }
                    }
                    @if let Some(text) = self.left_out() { p.left-out { (text) } }
                }
            }
        }
    }

    /// What is not shown.
    fn left_out(&self) -> Option<String> {
        let (things, all) = self.things;
        let which = self.largest_first.map_or("the first", |(_, which)| which);
        (all > self.rows.len()).then(|| {
            format!(
                "Shown: {which} {} of {} {things}; {} are left out here and stand in {}.",
                self.rows.len(),
                grouped(all as u64),
                grouped((all - self.rows.len()) as u64),
                self.file
            )
        })
    }
}

fn row_markup(row: &[Cell]) -> Markup {
    html! {
        tr {
            @for (column, cell) in row.iter().enumerate() {
                @let class = cell.is_number().then_some("number");
                @if column == 0 {
                    th scope="row" class=[class] data-value=[cell.value()] { (cell.text) }
                } @else {
                    td class=[class] data-value=[cell.value()] { (cell.text) }
                }
            }
        }
    }
}

/// `items` from the largest `weight` down; equal ones keep their order.
pub(super) fn largest_first<T>(items: &[T], weight: impl Fn(&T) -> f64) -> Vec<&T> {
    let mut sorted: Vec<&T> = items.iter().collect();
    sorted.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    sorted
}
