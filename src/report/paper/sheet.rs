//! A table of names and estimates, as CSV, LaTeX and text.

use crate::report::table::grid;
use crate::report::text::dash;
use std::io::{self, Write};

/// One table.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Of its files.
    pub(super) name: &'static str,
    pub(super) title: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A column's heads.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// In text and, escaped, in LaTeX; with its unit.
    pub(super) title: String,
    /// In CSV.
    pub(super) key: String,
    /// Decimals of its numbers, but in CSV; `None` for names.
    pub(super) decimals: Option<usize>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Name(String),
    /// In the column's unit, with the half-width of its 95 % interval if there is one.
    Number(f64, Option<f64>),
    /// There is no such value.
    Missing,
}

impl Cell {
    /// A number, if there is one.
    pub(super) fn of(value: Option<f64>) -> Self {
        value.map_or(Self::Missing, |value| Self::Number(value, None))
    }

    fn text(&self, decimals: usize) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Number(value, None) => format!("{value:.decimals$}"),
            Self::Number(value, Some(ci95)) => format!("{value:.decimals$} ± {ci95:.decimals$}"),
            Self::Missing => dash(),
        }
    }

    fn latex(&self, decimals: usize) -> String {
        match self {
            Self::Name(name) => escaped(name),
            Self::Number(value, None) => format!("${value:.decimals$}$"),
            Self::Number(value, Some(ci95)) => {
                format!(r"${value:.decimals$} \pm {ci95:.decimals$}$")
            }
            Self::Missing => "--".to_owned(),
        }
    }
}

impl Column {
    /// Of names.
    pub(super) fn name(title: &str) -> Self {
        Self { title: title.to_owned(), key: title.replace(' ', "_"), decimals: None }
    }

    /// Of numbers.
    pub(super) fn number(
        title: impl Into<String>,
        key: impl Into<String>,
        decimals: usize,
    ) -> Self {
        Self { title: title.into(), key: key.into(), decimals: Some(decimals) }
    }
}

impl Sheet {
    /// As plain text.
    pub(super) fn text(&self) -> String {
        let header: Vec<&str> = self.columns.iter().map(|column| column.title.as_str()).collect();
        let row = |row: &Vec<Cell>| {
            let cells = row.iter().zip(&self.columns);
            cells.map(|(cell, column)| cell.text(column.decimals.unwrap_or(0))).collect()
        };
        grid(&self.title, &header, self.rows.iter().map(row))
    }

    /// Writes every number in full, and beside it the half-width of its 95 % interval.
    pub(super) fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        let keys = self.columns.iter().flat_map(|column| {
            let interval = column.decimals.map(|_| format!("{}_ci95", column.key));
            std::iter::once(column.key.clone()).chain(interval)
        });
        table.write_record(keys)?;
        for row in &self.rows {
            let mut record = Vec::new();
            for (cell, column) in row.iter().zip(&self.columns) {
                let (value, ci95) = match cell {
                    Cell::Name(name) => (name.clone(), None),
                    Cell::Number(value, ci95) => (value.to_string(), *ci95),
                    Cell::Missing => (String::new(), None),
                };
                record.push(value);
                if column.decimals.is_some() {
                    record.push(ci95.map_or_else(String::new, |ci95| ci95.to_string()));
                }
            }
            table.write_record(record)?;
        }
        table.flush()
    }

    /// Writes a `tabular` for the package booktabs, with `notes` as comments.
    pub(super) fn write_latex(&self, out: &mut dyn Write, notes: &[String]) -> io::Result<()> {
        writeln!(out, "% {}", one_line(&self.title))?;
        for note in notes {
            writeln!(out, "% {}", one_line(note))?;
        }
        writeln!(out, "% needs \\usepackage{{booktabs}}")?;
        let alignment: String =
            self.columns.iter().map(|c| if c.decimals.is_some() { 'r' } else { 'l' }).collect();
        writeln!(out, "\\begin{{tabular}}{{{alignment}}}\n\\toprule")?;
        let heads = self.columns.iter().map(|column| escaped(&column.title));
        writeln!(out, "{} \\\\\n\\midrule", heads.collect::<Vec<_>>().join(" & "))?;
        for row in &self.rows {
            let cells = row.iter().zip(&self.columns);
            let cells = cells.map(|(cell, column)| cell.latex(column.decimals.unwrap_or(0)));
            writeln!(out, "{} \\\\", cells.collect::<Vec<_>>().join(" & "))?;
        }
        writeln!(out, "\\bottomrule\n\\end{{tabular}}")
    }
}

/// `text` as a comment's line: a line break would end the comment.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// `text` without what LaTeX reads as commands.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str(r"\textbackslash{}"),
            '~' => escaped.push_str(r"\textasciitilde{}"),
            '^' => escaped.push_str(r"\textasciicircum{}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => escaped.extend(['\\', character]),
            'ρ' => escaped.push_str(r"$\rho$"),
            '–' => escaped.push_str("--"),
            '<' | '>' => escaped.extend(['$', character, '$']),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_latex_reads_as_a_command_is_escaped() {
        assert_eq!(escaped(r"a_b & 5% \x{}"), r"a\_b \& 5\% \textbackslash{}x\{\}");
        assert_eq!(
            escaped("ρ = 0.4 #1 $2 ~^"),
            r"$\rho$ = 0.4 \#1 \$2 \textasciitilde{}\textasciicircum{}"
        );
        assert_eq!(escaped("two\nlines"), "two lines");
    }
}
