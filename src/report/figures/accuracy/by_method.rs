//! Accuracy of compared methods' final models against the OOD level ρ.

use super::{ACCURACY_AXIS, accuracy_axis, mean, ood_axis};
use crate::experiment::{AccuracyPoint, MethodResult, compared_rounds};
use crate::report::figures::labels;
use crate::report::figures::legend::Marker;
use crate::report::figures::line_chart::{LineChart, Series};
use crate::report::figures::render::{Canvas, DataTable, DrawResult, Figure};
use crate::report::figures::style;
use crate::report::text::counted;
use plotters::prelude::*;

/// The colours of the methods, in the order in which they are given.
const COLOURS: [RGBColor; 6] =
    [style::BLUE, style::VERMILION, style::GREEN, style::ORANGE, style::PURPLE, style::SKY_BLUE];

/// Who answers, and the shape of its points.
type Answer = (&'static str, Marker, fn(&AccuracyPoint) -> Option<f64>);

const ANSWERS: [Answer; 3] = [
    (labels::CLIENT_EXIT, Marker::Circle, |point| mean(point.client_exit)),
    (labels::SERVER_EXIT, Marker::Triangle, |point| mean(point.server_exit)),
    (labels::FULL_MODEL, Marker::Square, |point| mean(point.full)),
];

/// The last evaluation of each method after as many rounds as all have come to.
pub(in crate::report::figures) struct AccuracyByMethod<'a> {
    rounds: u32,
    methods: Vec<(&'static str, &'a [AccuracyPoint])>,
}

impl<'a> AccuracyByMethod<'a> {
    /// `None` if no method evaluated anything.
    pub(in crate::report::figures) fn of(methods: &'a [MethodResult]) -> Option<Self> {
        let rounds = compared_rounds(methods)?;
        let methods: Vec<_> = methods
            .iter()
            .filter_map(|method| method.evaluation_after(rounds))
            .map(|(training, evaluation)| (training.method, &*evaluation.points))
            .filter(|(_, points)| !points.is_empty())
            .collect();
        (!methods.is_empty()).then_some(Self { rounds, methods })
    }

    fn series(&self) -> Vec<Series> {
        let lines = self.methods.iter().zip(COLOURS).flat_map(|((method, points), colour)| {
            ANSWERS.map(|(answer, marker, of)| Series {
                label: format!("{method}, {answer}"),
                colour,
                width: 2,
                marker: Some(marker),
                points: points.iter().filter_map(|p| Some((p.ood, 100.0 * of(p)?))).collect(),
                band: Vec::new(),
                names: Vec::new(),
            })
        });
        lines.filter(|line| !line.points.is_empty()).collect()
    }
}

impl Figure for AccuracyByMethod<'_> {
    const NAME: &'static str = "accuracy_by_method";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let series = self.series();
        let levels = self.methods.iter().flat_map(|(_, points)| points.iter().map(|p| p.ood));
        LineChart {
            title: format!(
                "Accuracy by training method after {}",
                counted(self.rounds as usize, "round")
            ),
            x: ood_axis(levels),
            y: (accuracy_axis(&series), ACCURACY_AXIS.to_owned()),
            series,
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        table.write_record(["method", "ood", "client_exit", "server_exit", "full"])?;
        for (method, points) in &self.methods {
            for point in *points {
                let [client, server, full] = ANSWERS.map(|(_, _, of)| of(point));
                table.serialize((method, point.ood, client, server, full))?;
            }
        }
        Ok(())
    }
}
