//! The legend: a row of swatches and names above the plot, wrapped where it is too long.

use super::render::{Canvas, DrawResult};
use super::style::{MARGIN, text};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

const ROW_HEIGHT: i32 = 25;
const SWATCH_WIDTH: i32 = 26;
const GAP: i32 = 8;
const SPACE_BETWEEN: i32 = 22;

/// How far a swatch stands above the middle of a line, where the middle of its letters is.
const RAISED: i32 = 2;

/// A name and how its data looks.
pub(super) struct Entry {
    pub(super) label: String,
    pub(super) swatch: Swatch,
}

/// How an entry's data looks.
#[derive(Clone, Copy)]
pub(super) enum Swatch {
    /// A line with or without points.
    Line { colour: RGBColor, width: u32, marker: Option<Marker> },
    /// A filled area.
    Area(RGBColor),
}

/// The shape of a point. Shapes differ in size so that coinciding points all show.
#[derive(Clone, Copy)]
pub(super) enum Marker {
    Circle,
    Triangle,
    Square,
}

/// Draws `entries` from the height `top` on and returns the height below them.
pub(super) fn draw<DB: DrawingBackend>(
    root: &Canvas<DB>,
    entries: &[Entry],
    top: i32,
) -> DrawResult<DB, i32> {
    let style = text(HPos::Left, VPos::Center);
    let right_edge = i32::try_from(root.dim_in_pixel().0).unwrap_or(i32::MAX) - MARGIN;
    let (mut x, mut y) = (MARGIN, top + ROW_HEIGHT / 2);
    for entry in entries {
        let label_width =
            i32::try_from(root.estimate_text_size(&entry.label, &style)?.0).unwrap_or(i32::MAX);
        let width = SWATCH_WIDTH + GAP + label_width;
        if x > MARGIN && x + width > right_edge {
            (x, y) = (MARGIN, y + ROW_HEIGHT);
        }
        draw_swatch(root, entry.swatch, (x, y - RAISED))?;
        let position = (x + SWATCH_WIDTH + GAP, y);
        root.draw(&Text::new(entry.label.clone(), position, style.clone()))?;
        x += width + SPACE_BETWEEN;
    }
    Ok(y + ROW_HEIGHT / 2)
}

fn draw_swatch<DB: DrawingBackend>(
    root: &Canvas<DB>,
    swatch: Swatch,
    (x, y): (i32, i32),
) -> DrawResult<DB> {
    match swatch {
        Swatch::Line { colour, width, marker } => {
            let ends = vec![(x, y), (x + SWATCH_WIDTH, y)];
            root.draw(&PathElement::new(ends, colour.stroke_width(width)))?;
            marker.map_or(Ok(()), |marker| {
                draw_marker(root, marker, colour, (x + SWATCH_WIDTH / 2, y))
            })
        }
        Swatch::Area(colour) => {
            let corners = [(x + 6, y - 7), (x + SWATCH_WIDTH, y + 7)];
            root.draw(&Rectangle::new(corners, colour.filled()))
        }
    }
}

/// Draws one point at a pixel of the whole figure.
pub(super) fn draw_marker<DB: DrawingBackend>(
    root: &Canvas<DB>,
    marker: Marker,
    colour: RGBColor,
    (x, y): (i32, i32),
) -> DrawResult<DB> {
    match marker {
        Marker::Circle => root.draw(&Circle::new((x, y), 7, colour.filled())),
        Marker::Triangle => root.draw(&TriangleMarker::new((x, y), 8, colour.filled())),
        Marker::Square => {
            root.draw(&Rectangle::new([(x - 4, y - 4), (x + 4, y + 4)], colour.filled()))
        }
    }
}
