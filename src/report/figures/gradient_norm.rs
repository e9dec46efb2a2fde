//! How far training is from a stationary point, against the rounds.

use super::axis::Axis;
use super::legend::Marker;
use super::line_chart::{LineChart, Series};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::saved::{self, Saved};
use super::style;
use crate::experiment::RunResult;
use plotters::prelude::*;
use serde::{Deserialize, Serialize};

/// Mean over clients of ‖∇F_k‖², wherever it was measured and is not 0, which has no place on a
/// logarithmic axis.
pub(super) struct GradientNorm {
    points: Vec<Row>,
}

/// One measurement.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    rounds_done: u32,
    gradient_norm: f64,
}

impl GradientNorm {
    /// `None` for a run that measured no gradient.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let evaluations = &run.training.as_ref()?.evaluations;
        let measured = evaluations.iter().filter_map(|evaluation| {
            let gradient_norm = evaluation.gradient_norm?;
            Some(Row { rounds_done: evaluation.rounds_done, gradient_norm })
        });
        let points: Vec<_> = measured.filter(|row| row.gradient_norm > 0.0).collect();
        (!points.is_empty()).then_some(Self { points })
    }
}

impl Figure for GradientNorm {
    const NAME: &'static str = "gradient_norm";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let norms = || self.points.iter().map(|row| row.gradient_norm);
        let (min, max) = (norms().fold(f64::MAX, f64::min), norms().fold(0.0, f64::max));
        let last = self.points.last().map_or(0, |row| row.rounds_done);
        let series = Series {
            label: "mean over clients of ‖∇F‖²".to_owned(),
            colour: style::BLUE,
            width: 2,
            marker: Some(Marker::Circle),
            points: self.points.iter().map(Row::point).collect(),
            band: Vec::new(),
            names: Vec::new(),
        };
        LineChart {
            title: "Squared gradient norm of the clients\u{2019} losses".to_owned(),
            x: (Axis::from_zero(f64::from(last)), "rounds of training".to_owned()),
            y: (Axis::logarithmic(min, max), "squared gradient norm ‖∇F‖²".to_owned()),
            series: vec![series],
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        saved::write(self, table)
    }
}

impl Row {
    fn point(&self) -> (f64, f64) {
        (f64::from(self.rounds_done), self.gradient_norm)
    }
}

impl saved::Row for Row {
    fn numbers(&self) -> Vec<f64> {
        vec![self.gradient_norm]
    }
}

impl Saved for GradientNorm {
    type Row = Row;

    fn rows(&self) -> Vec<Row> {
        self.points.clone()
    }

    fn from_rows(points: Vec<Row>) -> Result<Self, String> {
        match points.iter().find(|row| row.gradient_norm <= 0.0) {
            Some(row) => Err(format!("{} has no place on a logarithmic axis", row.gradient_norm)),
            None => Ok(Self { points }),
        }
    }
}
