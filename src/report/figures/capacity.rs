//! What a capacity search tried: a figure against the varied key, and the objective.

use super::axis::Axis;
use super::legend::Marker;
use super::line_chart::{LineChart, Series, axis_for};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::style;
use crate::study::Estimate;
use crate::study::capacity::{Answer, Objective, Outcome, Probe, Vary};
use plotters::prelude::*;

/// One objective's figure over the values that were run.
pub(super) struct CapacityFigure<'a> {
    vary: &'a Vary,
    objective: &'a Objective,
    /// In ascending order of the varied key: its number, the figure there, and whether the value
    /// meets all objectives.
    points: Vec<(f64, Estimate, bool)>,
}

impl<'a> CapacityFigure<'a> {
    /// The objective at `place` of those asked for; `None` unless two values have its figure.
    pub(super) fn of(
        vary: &'a Vary,
        answer: &'a Answer,
        (place, objective): (usize, &'a Objective),
    ) -> Option<Self> {
        let point = |probe: &Probe| {
            let met = probe.outcome == Outcome::Met;
            Some((probe.value.number, probe.estimates[place]?, met))
        };
        let mut points: Vec<_> = answer.probes.iter().filter_map(point).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        (points.len() > 1).then_some(Self { vary, objective, points })
    }

    /// What the metric's values are multiplied with to be drawn, and its unit then.
    fn scale(&self) -> (f64, &'static str) {
        match self.objective.metric().unit() {
            "s" => (1e3, "ms"),
            "J" => (1.0, "J"),
            _ => (1e2, "%"),
        }
    }

    /// The figure's interval at each value, in the drawn unit.
    fn intervals(&self) -> Vec<(f64, f64, f64)> {
        let (factor, _) = self.scale();
        let interval = |&(x, estimate, _): &(f64, Estimate, bool)| {
            (x, factor * estimate.low(), factor * estimate.high())
        };
        self.points.iter().map(interval).collect()
    }

    fn series(&self, (low, high): (f64, f64)) -> Vec<Series> {
        let (factor, _) = self.scale();
        let points = |is_wanted: &dyn Fn(bool) -> bool| -> Vec<(f64, f64)> {
            let wanted = self.points.iter().filter(|(.., met)| is_wanted(*met));
            wanted.map(|(x, estimate, _)| (*x, factor * estimate.value)).collect()
        };
        let line = |label: String, colour: RGBColor, points: Vec<(f64, f64)>| Series {
            label,
            colour,
            width: 1,
            marker: None,
            points,
            band: Vec::new(),
            names: Vec::new(),
        };
        let dots = |label: &str, colour: RGBColor, marker: Marker, met: bool| Series {
            width: 0,
            marker: Some(marker),
            ..line(label.to_owned(), colour, points(&|own| own == met))
        };
        let objective = factor * self.objective.value();
        let mean = line("mean and 95 % interval".to_owned(), style::BLUE, points(&|_| true));
        let all = [
            Series { band: self.intervals(), ..mean },
            line(
                self.objective.to_string(),
                style::ORANGE,
                vec![(low, objective), (high, objective)],
            ),
            dots("met", style::GREEN, Marker::Circle, true),
            dots("missed", style::VERMILION, Marker::Triangle, false),
        ];
        all.into_iter().filter(|series| !series.points.is_empty()).collect()
    }

    /// Holds the intervals and the objective.
    fn y_axis(&self) -> Option<Axis> {
        let (factor, _) = self.scale();
        let ends = self.intervals();
        let ends = ends.iter().flat_map(|(_, low, high)| [low.max(0.0), *high]);
        let values: Vec<f64> = ends.chain([factor * self.objective.value()]).collect();
        axis_for(values.into_iter(), true)
    }
}

impl Figure for CapacityFigure<'_> {
    /// One of several: its files are named after the metric.
    const NAME: &'static str = "capacity";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let x = axis_for(self.points.iter().map(|(x, ..)| *x), false);
        let (Some(x), Some(y)) = (x, self.y_axis()) else { return Ok(()) };
        let unit = match self.vary.start.unit.as_str() {
            "" => String::new(),
            unit => format!(" ({unit})"),
        };
        let name = self.objective.metric().name();
        LineChart {
            title: format!("How far {} can go: {}", self.vary.path, self.objective),
            series: self.series((x.low(), x.high())),
            x: (x, format!("{}{unit}", self.vary.path)),
            y: (y, format!("{name} ({})", self.scale().1)),
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        let (factor, unit) = self.scale();
        let unit = if unit == "%" { "percent" } else { unit };
        let name = self.objective.metric().name();
        table.write_record([&*self.vary.path, &format!("{name}_{unit}"), "ci95", "met"])?;
        for (x, Estimate { value, ci95 }, met) in &self.points {
            table.serialize((x, factor * value, ci95.map(|ci95| factor * ci95), met))?;
        }
        Ok(())
    }
}
