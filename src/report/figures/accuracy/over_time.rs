//! Accuracy at one OOD level against the simulated time of training.

use super::{ACCURACY_AXIS, At, HALF_WIDTHS, accuracy_axis, exit_series, half_widths, mean};
use crate::experiment::{Evaluation, RunResult};
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
    points: Vec<(&'a Evaluation, At<'a>)>,
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
            let index = evaluation.points.iter().position(|point| point.ood == ood)?;
            let (x, half_widths) =
                (evaluation.time.as_secs_f64(), evaluation.half_widths.get(index));
            Some((evaluation, At { x, point: &evaluation.points[index], half_widths }))
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
        let points: Vec<At<'_>> = self.points.iter().map(|(_, at)| *at).collect();
        let series = exit_series(&points, self.threshold);
        let end = points.iter().map(|at| at.x).fold(0.0, f64::max);
        LineChart {
            title: format!("Accuracy over training time at OOD level ρ = {}", self.ood),
            x: (Axis::from_zero(end), "simulated training time (s)".to_owned()),
            y: (accuracy_axis(&series), ACCURACY_AXIS.to_owned()),
            series,
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        let columns = [
            "rounds_done",
            "time_ns",
            "ood",
            "client_exit",
            "server_exit",
            "selective",
            "threshold",
            "full",
        ];
        table.write_record(columns.into_iter().chain(HALF_WIDTHS))?;
        for (evaluation, At { point, half_widths: widths, .. }) in &self.points {
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
                half_widths(*widths, self.threshold),
            ))?;
        }
        Ok(())
    }
}
