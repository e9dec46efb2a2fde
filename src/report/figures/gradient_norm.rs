//! How far training is from a stationary point, against the rounds.

use super::axis::Axis;
use super::legend::Marker;
use super::line_chart::{LineChart, Series};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::style;
use crate::experiment::RunResult;
use plotters::prelude::*;

/// Mean over clients of ‖∇F_k‖², wherever it was measured and is not 0, which has no place on a
/// logarithmic axis.
pub(super) struct GradientNorm {
    points: Vec<(u32, f64)>,
}

impl GradientNorm {
    /// `None` for a run that measured no gradient.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let evaluations = &run.training.as_ref()?.evaluations;
        let measured = evaluations
            .iter()
            .filter_map(|evaluation| Some((evaluation.rounds_done, evaluation.gradient_norm?)));
        let points: Vec<_> = measured.filter(|(_, norm)| *norm > 0.0).collect();
        (!points.is_empty()).then_some(Self { points })
    }
}

impl Figure for GradientNorm {
    const NAME: &'static str = "gradient_norm";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let norms = || self.points.iter().map(|(_, norm)| *norm);
        let (min, max) = (norms().fold(f64::MAX, f64::min), norms().fold(0.0, f64::max));
        let last = self.points.last().map_or(0, |(rounds, _)| *rounds);
        let series = Series {
            label: "mean over clients of ‖∇F‖²".to_owned(),
            colour: style::BLUE,
            width: 2,
            marker: Some(Marker::Circle),
            points: self.points.iter().map(|(rounds, norm)| (f64::from(*rounds), *norm)).collect(),
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
        table.write_record(["rounds_done", "gradient_norm"])?;
        self.points.iter().try_for_each(|point| table.serialize(point))
    }
}
