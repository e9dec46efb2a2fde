//! From a figure to its three files.

use super::style;
use crate::report::{OutputFolder, ReportError};
use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use std::io::{self, Write};
use std::path::PathBuf;

/// A whole figure to draw on, in pixels from its top left corner.
pub(super) type Canvas<DB> = DrawingArea<DB, Shift>;

/// What drawing on a backend yields.
pub(super) type DrawResult<DB, T = ()> =
    Result<T, DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// The data's table: any number of columns.
pub(super) type DataTable<'a> = csv::Writer<&'a mut dyn Write>;

/// A figure: its data and how it looks on any backend.
pub(super) trait Figure {
    /// The files' name without an extension.
    const NAME: &'static str;

    /// Draws it on the whole of `root`.
    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB>;

    /// Writes the drawn data with a header.
    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()>;
}

/// Writes `figure` as SVG, PNG and CSV and returns the three paths.
pub(super) fn write_figure<F: Figure>(
    figure: &F,
    folder: &OutputFolder,
) -> Result<Vec<PathBuf>, ReportError> {
    write_figure_as(F::NAME, figure, folder)
}

/// As [`write_figure`], under another name: for figures of which there are several.
pub(super) fn write_figure_as<F: Figure>(
    name: &str,
    figure: &F,
    folder: &OutputFolder,
) -> Result<Vec<PathBuf>, ReportError> {
    style::register_fonts();
    let name = |extension: &str| format!("{name}.{extension}");
    Ok(vec![
        folder.write_at(&name("svg"), |path| render(figure, SVGBackend::new(path, style::SIZE)))?,
        folder
            .write_at(&name("png"), |path| render(figure, BitMapBackend::new(path, style::SIZE)))?,
        folder.write(&name("csv"), |out| {
            let mut table = csv::Writer::from_writer(out);
            figure.write_data(&mut table)?;
            table.flush()
        })?,
    ])
}

fn render<F: Figure, DB: DrawingBackend>(figure: &F, backend: DB) -> io::Result<()> {
    let root = backend.into_drawing_area();
    figure
        .draw(&root)
        .and_then(|()| root.present())
        .map_err(|error| io::Error::other(error.to_string()))
}
