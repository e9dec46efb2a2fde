//! Accuracy of compared methods' final models against the OOD level ρ, a panel for each answer.

use super::row::mean;
use super::{ACCURACY_AXIS, accuracy_axis, ood_axis};
use crate::experiment::{AccuracyPoint, MethodResult, compared_rounds};
use crate::report::figures::answer::{Answer, Curve};
use crate::report::figures::panels::{Look, Panel, PanelChart, PanelLine};
use crate::report::figures::render::{Canvas, DataTable, DrawResult, Figure};
use crate::report::figures::saved::{self, Saved};
use crate::report::text::counted;
use plotters::prelude::*;
use serde::{Deserialize, Serialize};

/// One method at one OOD level: shares in [0, 1], means over clients; `…_ci95` are half-widths over
/// training seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::report::figures) struct Row {
    method: String,
    ood: f64,
    client_exit: Option<f64>,
    server_exit: Option<f64>,
    full: Option<f64>,
    rounds_done: u32,
    client_exit_ci95: Option<f64>,
    server_exit_ci95: Option<f64>,
    full_ci95: Option<f64>,
}

/// An answer's accuracy and its half-width.
type Exit = (Answer, fn(&Row) -> Option<f64>, fn(&Row) -> Option<f64>);

const EXITS: [Exit; 3] = [
    (Answer::ClientExit, |row| row.client_exit, |row| row.client_exit_ci95),
    (Answer::ServerExit, |row| row.server_exit, |row| row.server_exit_ci95),
    (Answer::Full, |row| row.full, |row| row.full_ci95),
];

/// The last evaluation of each method after as many rounds as all have come to.
pub(in crate::report::figures) struct AccuracyByMethod {
    rows: Vec<Row>,
}

impl AccuracyByMethod {
    /// `None` if no method evaluated anything.
    pub(in crate::report::figures) fn of(methods: &[MethodResult]) -> Option<Self> {
        let rounds_done = compared_rounds(methods)?;
        let evaluated = methods.iter().filter_map(|method| method.evaluation_after(rounds_done));
        let rows = evaluated.flat_map(|(training, evaluation)| {
            let widths = |index| evaluation.half_widths.get(index);
            evaluation.points.iter().enumerate().map(move |(index, point)| {
                let width = |of: fn(&AccuracyPoint) -> _| mean(widths(index).and_then(of));
                Row {
                    method: training.method.to_owned(),
                    ood: point.ood,
                    client_exit: mean(point.client_exit),
                    server_exit: mean(point.server_exit),
                    full: mean(point.full),
                    rounds_done,
                    client_exit_ci95: width(|point| point.client_exit),
                    server_exit_ci95: width(|point| point.server_exit),
                    full_ci95: width(|point| point.full),
                }
            })
        });
        let rows: Vec<Row> = rows.collect();
        (!rows.is_empty()).then_some(Self { rows })
    }

    /// The methods in the order in which they are given.
    fn methods(&self) -> Vec<&str> {
        let mut methods: Vec<&str> = Vec::new();
        for row in &self.rows {
            if !methods.contains(&row.method.as_str()) {
                methods.push(&row.method);
            }
        }
        methods
    }

    /// One method's line, in per cent, with its band over seeds; `None` if it lacks the answer.
    fn curve(&self, method: &str, (answer, of, width): Exit) -> Option<Curve> {
        let rows = || self.rows.iter().filter(|row| row.method == method);
        let band = |row: &Row| {
            let (mean, half_width) = (of(row)?, width(row)?);
            let edge = |share: f64| 100.0 * share.clamp(0.0, 1.0);
            Some((row.ood, edge(mean - half_width), edge(mean + half_width)))
        };
        let points: Vec<_> = rows().filter_map(|row| Some((row.ood, 100.0 * of(row)?))).collect();
        (!points.is_empty()).then(|| Curve {
            answer,
            label: method.to_owned(),
            points,
            band: rows().filter_map(band).collect(),
            marked: true,
        })
    }
}

impl Figure for AccuracyByMethod {
    const NAME: &'static str = "accuracy_by_method";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let methods = self.methods();
        let all = || EXITS.into_iter().flat_map(|exit| methods.iter().map(move |m| (*m, exit)));
        let curves: Vec<Curve> = all().filter_map(|(m, exit)| self.curve(m, exit)).collect();
        let panel = |(answer, ..): Exit| {
            let of_answer = curves.iter().filter(|curve| curve.answer == answer);
            let line = |curve: &Curve| PanelLine {
                look: Look::of(methods.iter().position(|m| *m == curve.label).unwrap_or(0)),
                points: curve.points.clone(),
                band: curve.band.clone(),
                marked: true,
            };
            let lines: Vec<PanelLine> = of_answer.map(line).collect();
            (!lines.is_empty()).then(|| Panel { title: answer.name().to_owned(), lines })
        };
        let levels: Vec<f64> = self.rows.iter().map(|row| row.ood).collect();
        let rounds = self.rows.first().map_or(0, |row| row.rounds_done);
        PanelChart {
            title: format!(
                "Accuracy by training method after {}",
                counted(rounds as usize, "round")
            ),
            legend: methods.iter().map(|method| (*method).to_owned()).collect(),
            x: ood_axis(&levels),
            y: (accuracy_axis(curves.iter()), ACCURACY_AXIS.to_owned()),
            panels: EXITS.into_iter().filter_map(panel).collect(),
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        saved::write(self, table)
    }
}

impl Saved for AccuracyByMethod {
    type Row = Row;

    fn rows(&self) -> Vec<Row> {
        self.rows.clone()
    }

    fn from_rows(rows: Vec<Row>) -> Result<Self, String> {
        Ok(Self { rows })
    }
}

impl saved::Row for Row {
    fn numbers(&self) -> Vec<f64> {
        let accuracies = EXITS.into_iter().flat_map(|(_, of, width)| [of(self), width(self)]);
        std::iter::once(self.ood).chain(accuracies.flatten()).collect()
    }
}
