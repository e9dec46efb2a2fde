//! Latency or accuracy against one swept number.

use super::series::{CellSeries, Point, along, axis_of, line};
use crate::report::figures::axis::Axis;
use crate::report::figures::line_chart::{LineChart, axis_for};
use crate::report::figures::render::{Canvas, DataTable, DrawResult, Figure};
use crate::scenario::Measure;
use crate::study::Estimate;
use crate::study::sweep::{CellFigures, CellValue, SweepPlan};
use plotters::prelude::DrawingBackend;

/// What is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    /// Mean latency in milliseconds.
    Latency,
    /// The share of right answers in per cent.
    Accuracy,
}

/// One quantity against the swept number at one place of the plan's paths.
pub(super) struct ByKey<'a> {
    path: &'a str,
    unit: String,
    quantity: Quantity,
    lines: Vec<(String, Vec<Point>)>,
    /// How many lines there are, drawn or not.
    all: usize,
}

impl Quantity {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Accuracy => "accuracy",
        }
    }

    /// In the unit that is drawn.
    fn of(self, figures: &CellFigures) -> Option<Estimate> {
        let (estimate, factor) = match self {
            Self::Latency => (figures.latency.map(|latency| latency[0]), 1e3),
            Self::Accuracy => (figures.accuracy, 1e2),
        };
        let scaled = |Estimate { value, ci95 }| Estimate {
            value: factor * value,
            ci95: ci95.map(|ci95| factor * ci95),
        };
        estimate.map(scaled)
    }

    fn axis_name(self) -> &'static str {
        match self {
            Self::Latency => "mean latency (ms)",
            Self::Accuracy => "right answers (%)",
        }
    }
}

impl<'a> ByKey<'a> {
    /// `None` unless the key takes two numbers at least and the cells have the quantity.
    pub(super) fn of(
        plan: &'a SweepPlan,
        finished: &'a [(usize, CellFigures)],
        place: usize,
        quantity: Quantity,
    ) -> Option<Self> {
        let unit = common_unit(plan, place)?;
        let (series, all) = along(plan, finished, axis_of(plan, place));
        let points_of = |series: CellSeries<'_>| {
            let point = |(values, figures): &(&[CellValue], &CellFigures)| {
                let Estimate { value: y, ci95 } = quantity.of(figures)?;
                let x = number(&values[place], &unit)?;
                Some(Point { x, y, band: ci95.unwrap_or(0.0) })
            };
            let mut points: Vec<Point> = series.cells.iter().filter_map(point).collect();
            points.sort_by(|a, b| a.x.total_cmp(&b.x));
            (series.label, points)
        };
        let theory: Vec<_> = series
            .iter()
            .filter_map(|series| closed_form(series, place, &unit, quantity))
            .collect();
        let mut lines: Vec<_> = series.into_iter().map(points_of).collect();
        lines.extend(theory);
        let path = plan.paths().nth(place)?;
        let enough =
            lines.iter().any(|(_, points)| points.iter().any(|point| point.x != points[0].x));
        enough.then_some(Self { path, unit, quantity, lines, all })
    }

    /// Holds the points and their bands, but for what a band has below zero latency.
    fn y_axis(&self) -> Option<Axis> {
        let points = || self.lines.iter().flat_map(|(_, points)| points);
        match self.quantity {
            Quantity::Latency => {
                let low = |point: &Point| Some(point.y - point.band).filter(|low| *low > 0.0);
                let ends = |point| [low(point).unwrap_or(point.y), point.y + point.band];
                axis_for(points().flat_map(ends), true)
            }
            Quantity::Accuracy => {
                let low = points().map(|point| point.y - point.band).fold(100.0, f64::min);
                let high = points().map(|point| point.y + point.band).fold(0.0, f64::max);
                Some(Axis::around(low, high, 4.0, 0.0..100.0))
            }
        }
    }
}

impl Figure for ByKey<'_> {
    /// One of several: its files are named after quantity and key.
    const NAME: &'static str = "by_key";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let x = axis_for(
            self.lines.iter().flat_map(|(_, points)| points.iter().map(|point| point.x)),
            false,
        );
        let (Some(x), Some(y)) = (x, self.y_axis()) else { return Ok(()) };
        let shown = if self.all > self.lines.len() {
            format!(" ({} of {} lines)", self.lines.len(), self.all)
        } else {
            String::new()
        };
        let unit = if self.unit.is_empty() { String::new() } else { format!(" ({})", self.unit) };
        let title = match self.quantity {
            Quantity::Latency => "Latency",
            Quantity::Accuracy => "Accuracy",
        };
        let lines = self.lines.iter().enumerate();
        LineChart {
            title: format!("{title} by {}{shown}", self.path),
            x: (x, format!("{}{unit}", self.path)),
            y: (y, self.quantity.axis_name().to_owned()),
            series: lines.map(|(index, (label, points))| line(index, label, points)).collect(),
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        let unit = match self.quantity {
            Quantity::Latency => "ms",
            Quantity::Accuracy => "percent",
        };
        let quantity = self.quantity.name();
        table.write_record(["line", self.path, &format!("{quantity}_{unit}"), "ci95"])?;
        for (label, points) in &self.lines {
            for point in points {
                table.serialize((label, point.x, point.y, point.band))?;
            }
        }
        Ok(())
    }
}

/// The line of queueing theory beside one of mean latencies (ms): `None` unless all of its cells have
/// a closed form.
fn closed_form(
    series: &CellSeries<'_>,
    place: usize,
    unit: &str,
    quantity: Quantity,
) -> Option<(String, Vec<Point>)> {
    let point = |(values, figures): &(&[CellValue], &CellFigures)| {
        let (x, seconds) = (number(&values[place], unit)?, figures.theory_latency?);
        Some(Point { x, y: 1e3 * seconds, band: 0.0 })
    };
    let points: Option<Vec<Point>> = series.cells.iter().map(point).collect();
    let mut points = points.filter(|points| points.len() > 1 && quantity == Quantity::Latency)?;
    points.sort_by(|a, b| a.x.total_cmp(&b.x));
    let label = if series.label.is_empty() { String::new() } else { format!("{}, ", series.label) };
    Some((format!("{label}queueing theory"), points))
}

/// The unit that all values at `place` are drawn in: their own if they share one, else the base
/// unit. `None` if one of them is no number.
fn common_unit(plan: &SweepPlan, place: usize) -> Option<String> {
    let mut units = Vec::new();
    for cell in &plan.cells {
        let value = &cell.values[place];
        value.si?;
        units.push(Measure::read(&value.text).map_or(String::new(), |measure| measure.unit));
    }
    let first = units.first()?.clone();
    let base = || plan.cells[0].values[place].unit.clone();
    Some(if units.iter().all(|unit| *unit == first) { first } else { base() })
}

fn number(value: &CellValue, unit: &str) -> Option<f64> {
    let own = Measure::read(&value.text).filter(|measure| measure.unit == unit);
    own.map(|measure| measure.number).or(value.si)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(quantity: Quantity, points: &[(f64, f64)]) -> Axis {
        let point = |&(y, band): &(f64, f64)| Point { x: 1.0, y, band };
        let lines = vec![(String::new(), points.iter().map(point).collect())];
        let by_key = ByKey { path: "a", unit: String::new(), quantity, lines, all: 1 };
        by_key.y_axis().unwrap()
    }

    #[test]
    fn the_vertical_axis_holds_the_bands() {
        assert!(axis(Quantity::Latency, &[(10.0, 1.0), (12.0, 9.0)]).high() >= 21.0);
        let logarithmic = axis(Quantity::Latency, &[(1.0, 0.5), (100.0, 90.0)]);
        assert!(logarithmic.low() <= 0.5 && logarithmic.high() >= 190.0, "{logarithmic:?}");
        // A band that reaches below zero latency does not make a logarithmic axis linear.
        let below_zero = axis(Quantity::Latency, &[(1.0, 2.0), (100.0, 1.0)]);
        assert!(below_zero.low() > 0.0 && below_zero.high() >= 101.0, "{below_zero:?}");
        let accuracy = axis(Quantity::Accuracy, &[(90.0, 4.0)]);
        assert!(accuracy.low() <= 86.0 && accuracy.high() >= 94.0);
    }
}
