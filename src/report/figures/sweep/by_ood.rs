//! Accuracy of the cells' final models against the OOD level: an ablation at a glance.

use crate::report::figures::accuracy::{ACCURACY_AXIS, accuracy_axis, ood_axis};
use crate::report::figures::answer::{Answer, Curve};
use crate::report::figures::panels::{Look, Panel, PanelChart, PanelLine};
use crate::report::figures::render::{Canvas, DataTable, DrawResult, Figure};
use crate::study::Estimate;
use crate::study::sweep::{CellFigures, SweepPlan, TrainedPoint};
use plotters::prelude::*;

/// More lines cannot be told apart.
const MOST_LINES: usize = 6;

/// An answer and its accuracy.
type Exit = (Answer, fn(&TrainedPoint) -> Option<Estimate>);

const EXITS: [Exit; 3] = [
    (Answer::ClientExit, |point| point.client_exit),
    (Answer::ServerExit, |point| point.server_exit),
    (Answer::Full, |point| point.full),
];

/// The cells that have learned, but for those that learned the same as an earlier one.
pub(super) struct ByOod<'a> {
    title: String,
    lines: Vec<(String, &'a [TrainedPoint])>,
}

impl<'a> ByOod<'a> {
    /// `None` unless two cells have learned different things.
    pub(super) fn of(plan: &'a SweepPlan, finished: &'a [(usize, CellFigures)]) -> Option<Self> {
        let mut lines: Vec<(String, &[TrainedPoint])> = Vec::new();
        for (cell, figures) in finished {
            let points = figures.trained.as_slice();
            if !points.is_empty() && !lines.iter().any(|(_, known)| *known == points) {
                lines.push((plan.label(*cell), points));
            }
        }
        let all = lines.len();
        lines.truncate(MOST_LINES);
        let shown = if all > MOST_LINES {
            format!(" ({MOST_LINES} of {all} trainings)")
        } else {
            String::new()
        };
        let title = format!("Accuracy of the final models by OOD level{shown}");
        (all > 1).then_some(Self { title, lines })
    }

    /// One cell's line of one answer, in per cent.
    fn curve((answer, of): Exit, label: &str, points: &[TrainedPoint]) -> Curve {
        let estimates = || points.iter().filter_map(|point| Some((point.ood, of(point)?)));
        let band = |(ood, estimate): (f64, Estimate)| {
            estimate.ci95?;
            let edge = |share: f64| 100.0 * share.clamp(0.0, 1.0);
            Some((ood, edge(estimate.low()), edge(estimate.high())))
        };
        Curve {
            answer,
            label: label.to_owned(),
            points: estimates().map(|(ood, estimate)| (ood, 100.0 * estimate.value)).collect(),
            band: estimates().filter_map(band).collect(),
            marked: true,
        }
    }
}

impl Figure for ByOod<'_> {
    const NAME: &'static str = "accuracy_by_ood";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let curves: Vec<Vec<Curve>> = EXITS
            .into_iter()
            .map(|exit| {
                let curve =
                    |(label, points): &(String, &[TrainedPoint])| Self::curve(exit, label, points);
                self.lines.iter().map(curve).collect()
            })
            .collect();
        let panel = |((answer, _), curves): (Exit, &Vec<Curve>)| {
            let line = |(index, curve): (usize, &Curve)| PanelLine {
                look: Look::of(index),
                points: curve.points.clone(),
                band: curve.band.clone(),
                marked: curve.marked,
            };
            let lines: Vec<PanelLine> = curves.iter().enumerate().map(line).collect();
            let is_there = lines.iter().any(|line| !line.points.is_empty());
            is_there.then(|| Panel { title: answer.name().to_owned(), lines })
        };
        let levels: Vec<f64> =
            self.lines.iter().flat_map(|(_, points)| points.iter().map(|p| p.ood)).collect();
        PanelChart {
            title: self.title.clone(),
            legend: self.lines.iter().map(|(label, _)| label.clone()).collect(),
            x: ood_axis(&levels),
            y: (accuracy_axis(curves.iter().flatten()), ACCURACY_AXIS.to_owned()),
            panels: EXITS.into_iter().zip(&curves).filter_map(panel).collect(),
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        table.write_record(["cell", "ood", "exit", "accuracy", "accuracy_ci95"])?;
        for (label, points) in &self.lines {
            for point in *points {
                for (answer, of) in EXITS {
                    if let Some(Estimate { value, ci95 }) = of(point) {
                        table.serialize((label, point.ood, answer.name(), value, ci95))?;
                    }
                }
            }
        }
        Ok(())
    }
}
