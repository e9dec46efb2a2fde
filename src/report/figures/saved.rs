//! Figures that are drawn from the rows of their own table, so that they can be drawn again from it.

use super::render::{DataTable, Figure};
use crate::report::ReportError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// The most bytes of a table that is read: hundreds of times those of a figure that can be seen.
const LARGEST_TABLE: u64 = 64 << 20;

/// The largest magnitude of a number that an axis has room for.
const LARGEST_NUMBER: f64 = 1e18;

/// A figure that its table determines to the last pixel.
pub(super) trait Saved: Figure + Sized {
    /// One row.
    type Row: Row;

    /// All of them, in the order of the table.
    fn rows(&self) -> Vec<Self::Row>;

    /// The figure of these rows; `Err` says why there is none.
    fn from_rows(rows: Vec<Self::Row>) -> Result<Self, String>;
}

/// A row of a figure's table.
pub(super) trait Row: Serialize + DeserializeOwned {
    /// Its numbers, which must be finite.
    fn numbers(&self) -> Vec<f64>;
}

/// Writes the rows of `figure` with a header.
pub(super) fn write<F: Saved>(figure: &F, table: &mut DataTable<'_>) -> csv::Result<()> {
    figure.rows().into_iter().try_for_each(|row| table.serialize(row))
}

/// Reads the figure whose data is in `folder`; `None` if it has no such file.
///
/// # Errors
/// If the file cannot be read, or holds something else; the error names file and line.
pub(super) fn read<F: Saved>(folder: &Path) -> Result<Option<F>, ReportError> {
    let path = folder.join(format!("{}.csv", F::NAME));
    let failed = |cause| ReportError::Unreadable { path: path.clone(), cause };
    match File::open(&path) {
        Ok(file) => read_table(&file).map(Some).map_err(failed),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(failed(cause)),
    }
}

fn read_table<F: Saved>(file: &File) -> io::Result<F> {
    if file.metadata()?.len() > LARGEST_TABLE {
        return Err(io::Error::other("it is larger than any table of a figure, 64 MiB"));
    }
    let mut table = csv::Reader::from_reader(file.take(LARGEST_TABLE));
    let mut rows = Vec::new();
    for (index, row) in table.deserialize::<F::Row>().enumerate() {
        let row = row.map_err(io::Error::other)?;
        let shown = |number: &f64| number.abs() <= LARGEST_NUMBER;
        if let Some(number) = row.numbers().into_iter().find(|number| !shown(number)) {
            let message = format!("row {}: {number} has no place in a figure", index + 1);
            return Err(io::Error::other(message));
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(io::Error::other("it has no rows"));
    }
    F::from_rows(rows).map_err(io::Error::other)
}

/// The rows of `figure` as text, with their header first.
pub(super) fn records<F: Saved>(figure: &F) -> csv::Result<Vec<csv::StringRecord>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    figure.rows().into_iter().try_for_each(|row| table.serialize(row))?;
    let text = table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    csv::ReaderBuilder::new().has_headers(false).from_reader(&*text).records().collect()
}
