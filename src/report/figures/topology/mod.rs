//! A scenario's network as a drawing: Graphviz DOT or SVG.

mod columns;
mod dot;
mod drawing;
mod label;
mod placement;

use super::style;
use crate::experiment::NetworkGraph;
use crate::report::{OutputFolder, ReportError};
use columns::Columns;
use drawing::Drawing;
use plotters::prelude::*;
use std::io;
use std::path::PathBuf;

/// Writes `graph` as Graphviz DOT to the file `name`: text that is equal for equal scenarios.
///
/// # Errors
/// If the file cannot be written.
pub fn write_dot(
    graph: &NetworkGraph<'_>,
    folder: &OutputFolder,
    name: &str,
) -> Result<PathBuf, ReportError> {
    folder.write(name, |out| dot::write(graph, out))
}

/// Draws `graph` into the SVG file `name`: device classes at the left, the server at the right, the
/// nodes between them by the links on their way to the server.
///
/// # Errors
/// If the network is too large for a picture (DOT has no such limit), or the file cannot be
/// written.
pub fn write_svg(
    graph: &NetworkGraph<'_>,
    folder: &OutputFolder,
    name: &str,
) -> Result<PathBuf, ReportError> {
    folder.write_at(name, |path| {
        let drawing = laid_out(graph)?;
        let root = SVGBackend::new(path, drawing.size).into_drawing_area();
        drawing.draw(&root).and_then(|()| root.present()).map_err(failed)
    })
}

fn laid_out<'g>(graph: &'g NetworkGraph<'_>) -> io::Result<Drawing<'g>> {
    style::register_fonts();
    let columns = Columns::of(graph).map_err(io::Error::other)?;
    Drawing::of(graph, &columns).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

#[cfg(test)]
mod tests;
