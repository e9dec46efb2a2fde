//! Accuracy at one OOD level against the simulated time of training.

use super::{ACCURACY_AXIS, accuracy_axis, exit_series, mean};
use crate::experiment::{AccuracyPoint, Evaluation, RunResult};
use crate::report::figures::axis::Axis;
use crate::report::figures::line_chart::LineChart;
use crate::report::figures::render::{Canvas, DataTable, DrawResult, Figure};
use crate::report::threshold::{selective_at, shown_threshold};
use plotters::prelude::*;

/// The OOD level that is shown if it was evaluated, else the one nearest to it.
const PREFERRED_OOD: f64 = 0.4;

/// One OOD level of every evaluation.
pub(in crate::report::figures) struct AccuracyOverTime<'a> {
    ood: f64,
    points: Vec<(&'a Evaluation, &'a AccuracyPoint)>,
    threshold: Option<f64>,
}

impl<'a> AccuracyOverTime<'a> {
    /// `None` for a run that evaluated nothing.
    pub(in crate::report::figures) fn of(run: &'a RunResult) -> Option<Self> {
        let evaluations = &run.training.as_ref()?.evaluations;
        let distance = |ood: f64| (ood - PREFERRED_OOD).abs();
        let levels = evaluations.last()?.points.iter().map(|point| point.ood);
        let ood = levels.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))?;
        let at_level = |evaluation: &'a Evaluation| {
            let point = evaluation.points.iter().find(|point| point.ood == ood)?;
            Some((evaluation, point))
        };
        Some(Self {
            ood,
            points: evaluations.iter().filter_map(at_level).collect(),
            threshold: shown_threshold(run),
        })
    }
}

impl Figure for AccuracyOverTime<'_> {
    const NAME: &'static str = "accuracy_over_time";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let points: Vec<_> = self
            .points
            .iter()
            .map(|(evaluation, point)| (evaluation.time.as_secs_f64(), *point))
            .collect();
        let series = exit_series(&points, self.threshold);
        let end = points.iter().map(|(time, _)| *time).fold(0.0, f64::max);
        LineChart {
            title: format!("Accuracy over training time at OOD level ρ = {}", self.ood),
            x: (Axis::from_zero(end), "simulated training time (s)".to_owned()),
            y: (accuracy_axis(&series), ACCURACY_AXIS.to_owned()),
            series,
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        table.write_record([
            "rounds_done",
            "time_ns",
            "ood",
            "client_exit",
            "server_exit",
            "selective",
            "threshold",
            "full",
        ])?;
        for (evaluation, point) in &self.points {
            let selective = self.threshold.and_then(|threshold| selective_at(point, threshold));
            table.serialize((
                evaluation.rounds_done,
                evaluation.time.as_nanos(),
                point.ood,
                mean(point.client_exit),
                mean(point.server_exit),
                selective.map(|selective| selective.accuracy.mean),
                selective.map(|selective| selective.threshold),
                mean(point.full),
            ))?;
        }
        Ok(())
    }
}
