//! Accuracy against latency: which cells no other one beats in both.

use super::series::{CellSeries, Point, along, line, short};
use crate::report::figures::axis::Axis;
use crate::report::figures::line_chart::{LineChart, Series, axis_for};
use crate::report::figures::render::{Canvas, DataTable, DrawResult, Figure};
use crate::report::figures::style;
use crate::report::text::shortened;
use crate::study::sweep::{CellFigures, CellValue, SweepPlan};
use plotters::prelude::DrawingBackend;

/// More names than this beside one line's points would run into one another.
const MOST_NAMES: usize = 16;

/// Characters of a point's name.
const NAME_WIDTH: usize = 16;

/// A policy's keys, by which the points are named where one is swept.
const POLICY: &str = "inference.offload";

/// Points of one line, each with its own name.
struct NamedPoints {
    label: String,
    points: Vec<Point>,
    names: Vec<String>,
}

/// The cells as points, joined along one axis, and the front over all of them.
pub(super) struct Pareto<'a> {
    /// The axis that the points are named by.
    named_by: &'a str,
    lines: Vec<NamedPoints>,
    /// No point is faster and at least as accurate, or more accurate and at least as fast, than
    /// one of these; in order of latency.
    front: Vec<Point>,
    all: usize,
}

impl<'a> Pareto<'a> {
    /// `None` unless two cells differ in their accuracy, and two in their latency.
    pub(super) fn of(plan: &'a SweepPlan, finished: &'a [(usize, CellFigures)]) -> Option<Self> {
        let axis = plan
            .axes
            .iter()
            .position(|paths| paths.iter().any(|path| path.starts_with(POLICY)))
            .unwrap_or(0);
        let first = plan.axes[..axis].iter().map(Vec::len).sum::<usize>();
        let (series, all) = along(plan, finished, axis);
        let point = |(values, figures): &(&[CellValue], &CellFigures)| {
            let (x, y) = (1e3 * figures.latency?[0].value, 1e2 * figures.accuracy?.value);
            Some((Point { x, y, band: 0.0 }, shortened(&values[first].text, NAME_WIDTH)))
        };
        let named = |CellSeries { label, cells }: CellSeries<'_>| {
            let (points, names) = cells.iter().filter_map(point).unzip();
            NamedPoints { label, points, names }
        };
        let lines: Vec<NamedPoints> = series.into_iter().map(named).collect();
        let points: Vec<&Point> = lines.iter().flat_map(|line| &line.points).collect();
        let differ = |of: fn(&Point) -> f64| points.iter().any(|point| of(point) != of(points[0]));
        if points.is_empty() || !differ(|point| point.x) || !differ(|point| point.y) {
            return None;
        }
        let front = front(&points);
        Some(Self { named_by: &plan.axes[axis][0], lines, front, all })
    }
}

/// The points that no other one beats, from the fastest to the most accurate.
fn front(points: &[&Point]) -> Vec<Point> {
    let mut sorted: Vec<&Point> = points.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(b.y.total_cmp(&a.y)));
    let mut front: Vec<Point> = Vec::new();
    for point in sorted {
        if front.last().is_none_or(|last| point.y > last.y) {
            front.push(point.clone());
        }
    }
    front
}

impl Figure for Pareto<'_> {
    const NAME: &'static str = "accuracy_by_latency";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let low = points().map(|point| point.y).fold(100.0, f64::min);
        let high = points().map(|point| point.y).fold(0.0, f64::max);
        let Some(x) = axis_for(points().map(|point| point.x), false) else { return Ok(()) };
        let front = line(0, "Pareto front", &self.front);
        let mut series = vec![Series { colour: style::MID_GREY, marker: None, width: 5, ..front }];
        for (index, NamedPoints { label, points, names }) in self.lines.iter().enumerate() {
            let label = if label.is_empty() { "cells" } else { label };
            let names = if points.len() > MOST_NAMES { Vec::new() } else { names.clone() };
            series.push(Series { width: 1, names, ..line(index, label, points) });
        }
        let shown = if self.all > self.lines.len() {
            format!(" ({} of {} lines)", self.lines.len(), self.all)
        } else {
            String::new()
        };
        LineChart {
            title: format!("Accuracy by latency, points named by {}{shown}", short(self.named_by)),
            x: (x, "mean latency (ms)".to_owned()),
            y: (Axis::around(low, high, 1.0, 0.0..101.0), "right answers (%)".to_owned()),
            series,
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        table.write_record([
            "line",
            self.named_by,
            "latency_ms",
            "accuracy_percent",
            "on_front",
        ])?;
        for NamedPoints { label, points, names } in &self.lines {
            for (point, name) in points.iter().zip(names) {
                let on_front =
                    self.front.iter().any(|front| (front.x, front.y) == (point.x, point.y));
                table.serialize((label, name, point.x, point.y, on_front))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_is_what_no_other_point_beats() {
        let point = |(x, y)| Point { x, y, band: 0.0 };
        let points = [(3.0, 90.0), (1.0, 80.0), (2.0, 80.0), (4.0, 89.0), (1.0, 70.0)].map(point);
        let front = front(&points.iter().collect::<Vec<_>>());
        let found: Vec<_> = front.iter().map(|point| (point.x, point.y)).collect();
        assert_eq!(found, [(1.0, 80.0), (3.0, 90.0)]);
    }
}
