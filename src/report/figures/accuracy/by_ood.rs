//! Accuracy of the final models against the OOD level ρ.

use super::{
    ACCURACY_AXIS, At, HALF_WIDTHS, accuracy_axis, exit_series, half_widths, mean, ood_axis,
};
use crate::experiment::{AccuracyPoint, RunResult};
use crate::report::figures::line_chart::LineChart;
use crate::report::figures::render::{Canvas, DataTable, DrawResult, Figure};
use crate::report::text::counted;
use crate::report::threshold::{selective_at, shown_threshold};
use plotters::prelude::*;

/// The final evaluation.
pub(in crate::report::figures) struct AccuracyByOod<'a> {
    rounds_done: u32,
    points: &'a [AccuracyPoint],
    /// In the places of `points`; empty with one seed.
    half_widths: &'a [AccuracyPoint],
    threshold: Option<f64>,
}

impl<'a> AccuracyByOod<'a> {
    /// `None` for a run that evaluated nothing.
    pub(in crate::report::figures) fn of(run: &'a RunResult) -> Option<Self> {
        let last = run.training.as_ref()?.evaluations.last()?;
        (!last.points.is_empty()).then(|| Self {
            rounds_done: last.rounds_done,
            points: &last.points,
            half_widths: &last.half_widths,
            threshold: shown_threshold(run),
        })
    }
}

impl Figure for AccuracyByOod<'_> {
    const NAME: &'static str = "accuracy_by_ood";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let points: Vec<_> = self
            .points
            .iter()
            .enumerate()
            .map(|(index, point)| At {
                x: point.ood,
                point,
                half_widths: self.half_widths.get(index),
            })
            .collect();
        let series = exit_series(&points, self.threshold);
        LineChart {
            title: format!(
                "Accuracy by OOD level after {}",
                counted(self.rounds_done as usize, "round")
            ),
            x: ood_axis(self.points.iter().map(|point| point.ood)),
            y: (accuracy_axis(&series), ACCURACY_AXIS.to_owned()),
            series,
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        let columns =
            ["ood", "client_exit", "server_exit", "selective", "threshold", "offloaded", "full"];
        table.write_record(columns.into_iter().chain(HALF_WIDTHS))?;
        for (index, point) in self.points.iter().enumerate() {
            let selective = self.threshold.and_then(|threshold| selective_at(point, threshold));
            table.serialize((
                point.ood,
                mean(point.client_exit),
                mean(point.server_exit),
                selective.map(|selective| selective.accuracy.mean),
                selective.map(|selective| selective.threshold),
                selective.map(|selective| selective.offloaded),
                mean(point.full),
                half_widths(self.half_widths.get(index), self.threshold),
            ))?;
        }
        Ok(())
    }
}
