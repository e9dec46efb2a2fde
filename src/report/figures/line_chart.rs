//! Lines over two axes.

use super::axis::Axis;
use super::legend::{Entry, Marker, Swatch, draw_marker};
use super::render::{Canvas, DrawResult};
use super::spread::evenly;
use super::style;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

/// Room for the ticks and the name of an axis.
const BELOW: u32 = 56;
const LEFT: u32 = 74;

/// More markers than this on one line would run into one another.
const MOST_MARKERS: usize = 25;

/// A chart of lines.
pub(super) struct LineChart {
    pub(super) title: String,
    /// The horizontal axis with its name and unit.
    pub(super) x: (Axis, String),
    /// The vertical axis with its name and unit.
    pub(super) y: (Axis, String),
    pub(super) series: Vec<Series>,
}

/// One line.
pub(super) struct Series {
    pub(super) label: String,
    pub(super) colour: RGBColor,
    /// Of its stroke, in pixels.
    pub(super) width: u32,
    /// The shape of its points; `None` for too many points to tell apart.
    pub(super) marker: Option<Marker>,
    /// In order of x.
    pub(super) points: Vec<(f64, f64)>,
    /// Its confidence band as (x, low, high) in order of x; empty without one.
    pub(super) band: Vec<(f64, f64, f64)>,
}

impl LineChart {
    /// Draws it on the whole of `root`.
    pub(super) fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let legend: Vec<Entry> = self.series.iter().map(Series::legend_entry).collect();
        let plot = style::frame(root, &self.title, &legend)?;
        let mut chart = ChartBuilder::on(&plot)
            .x_label_area_size(BELOW)
            .y_label_area_size(LEFT)
            .build_cartesian_2d(self.x.0.clone(), self.y.0.clone())?;
        chart
            .configure_mesh()
            .bold_line_style(style::grid())
            .axis_style(style::axis())
            .label_style(style::text(HPos::Left, VPos::Top))
            .axis_desc_style(style::text(HPos::Left, VPos::Top))
            .x_desc(&self.x.1)
            .y_desc(&self.y.1)
            .draw()?;
        for series in &self.series {
            let band = series.outline();
            chart.draw_series(band.map(|band| Polygon::new(band, style::band(series.colour))))?;
        }
        for series in &self.series {
            let line = LineSeries::new(
                series.points.iter().copied(),
                series.colour.stroke_width(series.width),
            );
            chart.draw_series(line)?;
        }
        for series in &self.series {
            let Some(marker) = series.marker else { continue };
            for index in evenly(series.points.len(), MOST_MARKERS) {
                let pixel = chart.backend_coord(&series.points[index]);
                draw_marker(root, marker, series.colour, pixel)?;
            }
        }
        Ok(())
    }
}

impl Series {
    /// The band's outline: along its lower edge and back along the upper one. One point alone has
    /// none.
    fn outline(&self) -> Option<Vec<(f64, f64)>> {
        let lower = self.band.iter().map(|&(x, low, _)| (x, low));
        let upper = self.band.iter().rev().map(|&(x, _, high)| (x, high));
        (self.band.len() > 1).then(|| lower.chain(upper).collect())
    }

    fn legend_entry(&self) -> Entry {
        let swatch = Swatch::Line { colour: self.colour, width: self.width, marker: self.marker };
        Entry { label: self.label.clone(), swatch }
    }
}
