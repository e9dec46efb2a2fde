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

/// How far a point's name stands from it.
const BESIDE: i32 = 9;

/// From this ratio of the largest to the smallest value on, an axis is logarithmic.
const LOGARITHMIC_FROM: f64 = 30.0;

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
    /// What stands beside each point; empty for nothing.
    pub(super) names: Vec<String>,
}

impl LineChart {
    /// Draws it on the whole of `root`.
    pub(super) fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let named = self.series.iter().filter(|series| !series.label.is_empty());
        let legend: Vec<Entry> = named.map(Series::legend_entry).collect();
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
            let band = series.outline(self.y.0.low());
            chart.draw_series(band.map(|band| Polygon::new(band, style::band(series.colour))))?;
        }
        for series in self.series.iter().filter(|series| series.width > 0) {
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
        let mut names = Names { root, taken: Vec::new() };
        for series in &self.series {
            for (point, name) in series.points.iter().zip(&series.names) {
                names.draw(name, chart.backend_coord(point))?;
            }
        }
        Ok(())
    }
}

/// Names beside points, none over another.
struct Names<'a, DB: DrawingBackend> {
    root: &'a Canvas<DB>,
    /// Left, right, top and bottom of those that stand.
    taken: Vec<[i32; 4]>,
}

impl<DB: DrawingBackend> Names<'_, DB> {
    /// Writes `name` beside the point at this pixel: above it, or where another name stands, below;
    /// left out where neither is free. Near the right edge it stands to the left.
    fn draw(&mut self, name: &str, (x, y): (i32, i32)) -> DrawResult<DB> {
        let pixels = |size: u32| i32::try_from(size).unwrap_or(i32::MAX);
        let figure = pixels(self.root.dim_in_pixel().0);
        let size = self.root.estimate_text_size(name, &style::text(HPos::Left, VPos::Top))?;
        let (width, height) = (pixels(size.0), pixels(size.1));
        let (side, anchor, left) = if x < figure - figure / 8 {
            (HPos::Left, x + BESIDE, x + BESIDE)
        } else {
            (HPos::Right, x - BESIDE, x - BESIDE - width)
        };
        for top in [y - height, y, y + height] {
            let place = [left, left + width, top, top + height];
            if self.taken.iter().any(|other| overlap(*other, place)) {
                continue;
            }
            self.taken.push(place);
            let beside = style::text(side, VPos::Top);
            return self.root.draw(&Text::new(name.to_owned(), (anchor, top), beside));
        }
        Ok(())
    }
}

/// Whether two boxes of left, right, top and bottom have a pixel in common.
fn overlap(one: [i32; 4], other: [i32; 4]) -> bool {
    one[0] < other[1] && other[0] < one[1] && one[2] < other[3] && other[2] < one[3]
}

impl Series {
    /// The band's outline: along its lower edge, which a logarithmic axis could not show below its
    /// beginning at `least`, and back along the upper one. One point alone has none.
    fn outline(&self, least: f64) -> Option<Vec<(f64, f64)>> {
        let lower = self.band.iter().map(|&(x, low, _)| (x, low.max(least)));
        let upper = self.band.iter().rev().map(|&(x, _, high)| (x, high));
        (self.band.len() > 1).then(|| lower.chain(upper).collect())
    }

    fn legend_entry(&self) -> Entry {
        let swatch = Swatch::Line { colour: self.colour, width: self.width, marker: self.marker };
        Entry { label: self.label.clone(), swatch }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_that_touch_do_not_overlap() {
        let own = [0, 10, 0, 5];
        assert!(overlap(own, [9, 20, 4, 8]) && overlap(own, own));
        assert!(!overlap(own, [10, 20, 0, 5]) && !overlap(own, [0, 10, 5, 9]));
    }
}
