//! Which cells belong to one line: those that differ in one axis alone.

use crate::report::figures::legend::Marker;
use crate::report::figures::line_chart;
use crate::report::figures::style;
use crate::report::text::shortened;
use crate::study::sweep::{CellFigures, CellValue, SweepPlan};
use plotters::prelude::*;

/// More lines cannot be told apart.
pub(super) const MOST_SERIES: usize = 6;

/// Characters of a line's name.
const LABEL_WIDTH: usize = 44;

/// The lines' colours and their points' shapes.
const LOOKS: [(RGBColor, Marker); MOST_SERIES] = [
    (style::BLUE, Marker::Circle),
    (style::VERMILION, Marker::Triangle),
    (style::GREEN, Marker::Square),
    (style::ORANGE, Marker::Circle),
    (style::PURPLE, Marker::Triangle),
    (style::SKY_BLUE, Marker::Square),
];

/// One cell in a figure.
#[derive(Clone)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
    /// Half the height of the band there; 0 for none.
    pub(super) band: f64,
}

/// The `index`-th line of a figure through `points`, with a band where they have one.
pub(super) fn line(index: usize, label: &str, points: &[Point]) -> line_chart::Series {
    let (colour, marker) = LOOKS[index % LOOKS.len()];
    let band = points.iter().map(|point| (point.x, point.y - point.band, point.y + point.band));
    let has_band = points.iter().any(|point| point.band > 0.0);
    line_chart::Series {
        label: label.to_owned(),
        colour,
        width: 2,
        marker: Some(marker),
        points: points.iter().map(|point| (point.x, point.y)).collect(),
        band: if has_band { band.collect() } else { Vec::new() },
        names: Vec::new(),
    }
}

/// Cells that differ in one axis alone.
pub(super) struct CellSeries<'a> {
    /// The other axes' values; empty if there are none.
    pub(super) label: String,
    /// In grid order.
    pub(super) cells: Vec<(&'a [CellValue], &'a CellFigures)>,
}

/// The series along the axis `along`, in grid order, at most [`MOST_SERIES`] of them, and how many
/// there are in all.
pub(super) fn along<'a>(
    plan: &'a SweepPlan,
    finished: &'a [(usize, CellFigures)],
    along: usize,
) -> (Vec<CellSeries<'a>>, usize) {
    let mut series: Vec<CellSeries<'a>> = Vec::new();
    for (index, figures) in finished {
        let values = plan.cells[*index].values.as_slice();
        let label = others(plan, values, along);
        match series.iter_mut().find(|series| series.label == label) {
            Some(series) => series.cells.push((values, figures)),
            None => series.push(CellSeries { label, cells: vec![(values, figures)] }),
        }
    }
    let all = series.len();
    series.truncate(MOST_SERIES);
    for series in &mut series {
        series.label = shortened(&series.label, LABEL_WIDTH);
    }
    (series, all)
}

/// The values of all axes but one, by the last words of their keys: `pi.count = 6, workers = 2`.
fn others(plan: &SweepPlan, values: &[CellValue], along: usize) -> String {
    let axes = plan.axes.iter().enumerate();
    let paths = axes.flat_map(|(axis, paths)| paths.iter().map(move |path| (axis, path)));
    let pairs: Vec<String> = paths
        .zip(values)
        .filter(|((axis, _), _)| *axis != along)
        .map(|((_, path), value)| format!("{} = {}", short(path), value.text))
        .collect();
    pairs.join(", ")
}

/// The last two words of a key path, which tell `pi.count` from `phone.count`.
pub(super) fn short(path: &str) -> &str {
    path.rmatch_indices('.').nth(1).map_or(path, |(at, _)| &path[at + 1..])
}

/// The axis of the path at this place.
pub(super) fn axis_of(plan: &SweepPlan, place: usize) -> usize {
    let mut before = 0;
    plan.axes
        .iter()
        .position(|paths| {
            before += paths.len();
            place < before
        })
        .expect("a path belongs to an axis")
}
