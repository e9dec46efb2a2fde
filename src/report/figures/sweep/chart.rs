//! Lines with bands around them and names beside their points.

use crate::report::figures::axis::Axis;
use crate::report::figures::legend::{Entry, Marker, Swatch, draw_marker};
use crate::report::figures::render::{Canvas, DrawResult};
use crate::report::figures::style;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

const BELOW: u32 = 56;
const LEFT: u32 = 74;

/// How far a point's name stands from it.
const BESIDE: i32 = 9;

/// How much of a band's colour shows.
const BAND_OPACITY: f64 = 0.18;

/// From this ratio of the largest to the smallest value on, an axis is logarithmic.
const LOGARITHMIC_FROM: f64 = 30.0;

/// The lines' colours and their points' shapes.
pub(super) const LOOKS: [(RGBColor, Marker); 6] = [
    (style::BLUE, Marker::Circle),
    (style::VERMILION, Marker::Triangle),
    (style::GREEN, Marker::Square),
    (style::ORANGE, Marker::Circle),
    (style::PURPLE, Marker::Triangle),
    (style::SKY_BLUE, Marker::Square),
];

/// A chart of lines with bands.
pub(super) struct BandChart {
    pub(super) title: String,
    pub(super) x: (Axis, String),
    pub(super) y: (Axis, String),
    pub(super) lines: Vec<Line>,
}

/// One line.
pub(super) struct Line {
    /// Its name; without one it has no place in the legend.
    pub(super) label: String,
    pub(super) colour: RGBColor,
    pub(super) marker: Option<Marker>,
    pub(super) width: u32,
    /// In the order in which they are joined.
    pub(super) points: Vec<Point>,
}

/// One point.
#[derive(Clone, Default)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
    /// Half the height of the band there; 0 for none.
    pub(super) band: f64,
    /// What stands beside it.
    pub(super) name: Option<String>,
}

impl BandChart {
    /// Draws it on the whole of `root`.
    pub(super) fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let named = self.lines.iter().filter(|line| !line.label.is_empty());
        let legend: Vec<Entry> = named.map(Line::legend_entry).collect();
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
        for line in self.lines.iter().filter(|line| line.has_band()) {
            let band =
                Polygon::new(line.band(self.y.0.low()), line.colour.mix(BAND_OPACITY).filled());
            chart.draw_series([band])?;
        }
        for line in self.lines.iter().filter(|line| line.width > 0) {
            let points = line.points.iter().map(|point| (point.x, point.y));
            chart.draw_series(LineSeries::new(points, line.colour.stroke_width(line.width)))?;
        }
        // Near the right edge a name stands to the left of its point.
        let width = i32::try_from(root.dim_in_pixel().0).unwrap_or(i32::MAX);
        let edge = width - width / 8;
        for line in &self.lines {
            for point in &line.points {
                let (x, y) = chart.backend_coord(&(point.x, point.y));
                if let Some(marker) = line.marker {
                    draw_marker(root, marker, line.colour, (x, y))?;
                }
                if let Some(name) = &point.name {
                    let (side, x) =
                        if x < edge { (HPos::Left, x + BESIDE) } else { (HPos::Right, x - BESIDE) };
                    let beside = style::text(side, VPos::Bottom);
                    root.draw(&Text::new(name.clone(), (x, y), beside))?;
                }
            }
        }
        Ok(())
    }
}

impl Line {
    fn legend_entry(&self) -> Entry {
        let swatch =
            Swatch::Line { colour: self.colour, width: self.width.max(1), marker: self.marker };
        Entry { label: self.label.clone(), swatch }
    }

    fn has_band(&self) -> bool {
        self.points.len() > 1 && self.points.iter().any(|point| point.band > 0.0)
    }

    /// The band's outline: along its upper edge and back along the lower one, which a logarithmic
    /// axis could not show below its beginning at `low`.
    fn band(&self, low: f64) -> Vec<(f64, f64)> {
        let upper = self.points.iter().map(|point| (point.x, point.y + point.band));
        let lower =
            self.points.iter().rev().map(|point| (point.x, (point.y - point.band).max(low)));
        upper.chain(lower).collect()
    }
}

/// An axis for `values`, logarithmic if they range over magnitudes; `None` without any. A linear
/// one begins at 0 if `from_zero`.
pub(super) fn axis_for(values: impl Iterator<Item = f64> + Clone, from_zero: bool) -> Option<Axis> {
    let (min, max) = (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max));
    if min > max {
        return None;
    }
    Some(if min > 0.0 && max / min > LOGARITHMIC_FROM {
        Axis::logarithmic(min, max)
    } else if from_zero && min >= 0.0 {
        Axis::from_zero(max)
    } else {
        let least = if max == min { max.abs().max(1.0) * 0.1 } else { 0.0 };
        Axis::around(min, max, least, f64::MIN..f64::MAX)
    })
}
