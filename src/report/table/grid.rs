//! The look of all tables.

use comfy_table::{CellAlignment, LineStyle, Table, presets};

/// Columns that a line may take.
pub(super) const WIDTH: usize = 100;

/// A titled table of at most 100 columns if it can be: names to the left, numbers to the right.
pub fn grid(title: &str, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    let line = LineStyle::none().fill('─').junction('─');
    table.load_style(presets::NOTHING.header_separator(line));
    table.set_header(header.to_vec());
    table.add_rows(rows);
    let airy = spaced(&mut table, 3);
    let fits = airy.lines().all(|line| line.chars().count() <= WIDTH);
    let body = if fits { airy } else { spaced(&mut table, 1) };
    format!("{title}\n{body}")
}

/// The table with `gap` blanks between its columns.
fn spaced(table: &mut Table, gap: u16) -> String {
    for (index, column) in table.column_iter_mut().enumerate() {
        if index == 0 {
            column.set_padding((1, 0));
        } else {
            column.set_padding((gap, 0)).set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}
