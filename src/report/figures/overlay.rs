//! Several runs in one figure: a panel for each answer, a line for each run.

use super::answer::{Answer, Curve};
use super::axis::Axis;
use super::panels::{Look, Panel, PanelChart, PanelLine};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::saved::{Saved, records};
use plotters::prelude::*;

/// More runs cannot be told apart.
pub(in crate::report) const MOST_RUNS: usize = 6;

/// A figure of which several runs' share one.
pub(super) trait Overlaid: Saved {
    /// The axes that hold all of `figures`, which are at least one.
    fn frame(figures: &[&Self]) -> Frame;

    /// The lines on these axes.
    fn curves(&self, frame: &Frame) -> Vec<Curve>;
}

/// What stands around the lines.
pub(super) struct Frame {
    pub(super) title: String,
    /// The horizontal axis with its name and unit.
    pub(super) x: (Axis, String),
    /// What a value on that axis is divided by.
    pub(super) scale: f64,
    /// The vertical axis with its name and unit.
    pub(super) y: (Axis, String),
}

/// Figures of one kind, each under the name of its run.
pub(super) struct Overlay<F> {
    pub(super) runs: Vec<(String, F)>,
}

impl<F: Overlaid> Figure for Overlay<F> {
    const NAME: &'static str = F::NAME;

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let figures: Vec<&F> = self.runs.iter().map(|(_, figure)| figure).collect();
        let frame = F::frame(&figures);
        let curves: Vec<Vec<Curve>> = figures.iter().map(|figure| figure.curves(&frame)).collect();
        let panel = |answer: Answer| {
            let line = |(run, curves): (usize, &Vec<Curve>)| {
                let curve = curves.iter().find(|curve| curve.answer == answer)?.clone();
                Some(PanelLine {
                    look: Look::of(run),
                    points: curve.points,
                    band: curve.band,
                    marked: curve.marked,
                })
            };
            let lines: Vec<PanelLine> = curves.iter().enumerate().filter_map(line).collect();
            (!lines.is_empty()).then(|| Panel { title: answer.name().to_owned(), lines })
        };
        PanelChart {
            title: frame.title.clone(),
            legend: self.runs.iter().map(|(name, _)| name.clone()).collect(),
            x: frame.x.clone(),
            y: frame.y.clone(),
            panels: Answer::ALL.into_iter().filter_map(panel).collect(),
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        for (index, (name, figure)) in self.runs.iter().enumerate() {
            let mut records = records(figure)?.into_iter();
            let header = records.next().filter(|_| index == 0);
            if let Some(header) = header {
                table.write_record(std::iter::once("run").chain(header.iter()))?;
            }
            for record in records {
                table.write_record(std::iter::once(name.as_str()).chain(record.iter()))?;
            }
        }
        Ok(())
    }
}
