//! Charts of horizontal bars: a named row for each client or class.

use super::axis::Axis;
use super::legend::{Entry, Swatch};
use super::render::{Canvas, DrawResult};
use super::style;
use crate::report::text::shortened;
use plotters::coord::cartesian::Cartesian2d;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

/// More rows than this cannot be told apart.
pub(super) const MOST_ROWS: usize = 20;

/// Characters that a row's name may take.
const NAME_WIDTH: usize = 20;

/// Half of a bar's height in pixels, however few rows there are.
const THICKEST: i32 = 26;

const BELOW: u32 = 56;
const BESIDE_NAME: i32 = 10;

/// What stands in a chart of rows beside the bars.
pub(super) struct RowChart<'a> {
    pub(super) title: String,
    /// Names and colours of the bars' parts.
    pub(super) legend: Vec<(String, RGBColor)>,
    pub(super) names: Vec<&'a str>,
    /// The horizontal axis with its name and unit.
    pub(super) x: (Axis, String),
}

/// The rows' places in a figure's pixels.
pub(super) struct Rows<'a, DB: DrawingBackend> {
    root: &'a Canvas<DB>,
    plot: DrawingArea<DB, Cartesian2d<Axis, Axis>>,
    half_height: i32,
}

impl RowChart<'_> {
    /// Draws the frame, the axis and the names, and returns where the bars go.
    pub(super) fn draw<'a, DB: DrawingBackend>(
        &self,
        root: &'a Canvas<DB>,
    ) -> DrawResult<DB, Rows<'a, DB>> {
        let legend: Vec<Entry> = self
            .legend
            .iter()
            .map(|(label, colour)| Entry { label: label.clone(), swatch: Swatch::Area(*colour) })
            .collect();
        let area = style::frame(root, &self.title, &legend)?;
        let name_style = style::text(HPos::Right, VPos::Center);
        let names: Vec<String> = self.names.iter().map(|n| shortened(n, NAME_WIDTH)).collect();
        let mut left = 0;
        for name in &names {
            left = left.max(root.estimate_text_size(name, &name_style)?.0);
        }
        let mut chart = ChartBuilder::on(&area)
            .x_label_area_size(BELOW)
            .y_label_area_size(left + BESIDE_NAME.unsigned_abs())
            .build_cartesian_2d(self.x.0.clone(), Axis::rows(names.len()))?;
        chart
            .configure_mesh()
            .bold_line_style(style::grid())
            .axis_style(style::axis())
            .label_style(style::text(HPos::Left, VPos::Top))
            .axis_desc_style(style::text(HPos::Left, VPos::Top))
            .x_desc(&self.x.1)
            .draw()?;
        let plot = chart.plotting_area().clone();
        let (_, height) = plot.dim_in_pixel();
        let row_height =
            i32::try_from(height).unwrap_or(0) / i32::try_from(names.len()).unwrap_or(1).max(1);
        let rows = Rows { root, plot, half_height: (row_height * 2 / 5).clamp(1, THICKEST) };
        for (row, name) in names.into_iter().enumerate() {
            let (x, y) = rows.pixel(self.x.0.low(), row);
            root.draw(&Text::new(name, (x - BESIDE_NAME, y), name_style.clone()))?;
        }
        Ok(rows)
    }
}

impl<DB: DrawingBackend> Rows<'_, DB> {
    /// The pixel of the value `x` in the middle of `row`.
    pub(super) fn pixel(&self, x: f64, row: usize) -> (i32, i32) {
        let middle = u32::try_from(row).map_or(f64::INFINITY, f64::from) + 0.5;
        self.plot.map_coordinate(&(x, middle))
    }

    /// Fills `row` from one pixel column to before another.
    pub(super) fn fill(
        &self,
        row: usize,
        (from, to): (i32, i32),
        colour: RGBColor,
    ) -> DrawResult<DB> {
        let (_, y) = self.pixel(0.0, row);
        let corners = [(from, y - self.half_height), (to, y + self.half_height)];
        self.root.draw(&Rectangle::new(corners, colour.filled()))
    }

    /// Writes `text` to the right of a pixel column of `row`.
    pub(super) fn note(&self, row: usize, column: i32, text: String) -> DrawResult<DB> {
        let (_, y) = self.pixel(0.0, row);
        let style = style::text(HPos::Left, VPos::Center);
        self.root.draw(&Text::new(text, (column, y), style))
    }
}
