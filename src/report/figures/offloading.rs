//! Whom entropy offloading sends to the server: the shares of main and of OOD samples over E_th.

use super::axis::Axis;
use super::legend::Marker;
use super::line_chart::{LineChart, Series};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::saved::{self, Saved};
use super::style;
use crate::experiment::RunResult;
use crate::report::ood_detection::Detection;
use plotters::prelude::*;
use serde::{Deserialize, Serialize};

/// Intervals that [0, ln classes] is divided into.
const INTERVALS: u32 = 100;

/// One threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    /// E_th in nats.
    threshold: f64,
    /// P(offload | main): mean over clients.
    offloaded_main: f64,
    /// P(offload | OOD): mean over clients.
    offloaded_ood: f64,
    /// Whether it is the scenario's.
    own: bool,
    /// ρ at which OOD samples were counted.
    ood: f64,
    /// The entropy's area under the ROC curve for telling OOD; mean over clients.
    auroc: f64,
}

/// The thresholds from 0 to ln classes, ascending, and the scenario's own among them.
pub(super) struct Offloading {
    rows: Vec<Row>,
}

impl Offloading {
    /// `None` for a run that has not trained a client exit to the end, or knows no OOD samples.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let detection = Detection::of(run)?;
        let largest = f64::from(detection.classes).ln();
        let own = run.threshold;
        let grid = (0..=INTERVALS).map(|step| largest * f64::from(step) / f64::from(INTERVALS));
        let mut thresholds: Vec<f64> = grid.chain(own).collect();
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        let row = |threshold| {
            let [offloaded_main, offloaded_ood] = detection.entropies.offloaded(threshold);
            Row {
                threshold,
                offloaded_main,
                offloaded_ood,
                own: own == Some(threshold),
                ood: detection.ood,
                auroc: detection.entropies.auroc(),
            }
        };
        Some(Self { rows: thresholds.into_iter().map(row).collect() })
    }
}

/// A line's name, look and value.
type Line = (&'static str, RGBColor, Marker, fn(&Row) -> f64);

const LINES: [Line; 2] = [
    ("P(offload | OOD)", style::VERMILION, Marker::Triangle, |row| row.offloaded_ood),
    ("P(offload | main)", style::BLUE, Marker::Circle, |row| row.offloaded_main),
];

impl Figure for Offloading {
    const NAME: &'static str = "offloading";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let end = self.rows.iter().map(|row| row.threshold).fold(0.0, f64::max);
        let line = |(label, colour, _, of): Line| Series {
            label: label.to_owned(),
            colour,
            width: 2,
            marker: None,
            points: self.rows.iter().map(|row| (row.threshold, 100.0 * of(row))).collect(),
            band: Vec::new(),
            names: Vec::new(),
        };
        let mut series: Vec<Series> = LINES.into_iter().map(line).collect();
        if let Some(own) = self.rows.iter().find(|row| row.own) {
            for (_, colour, marker, of) in LINES {
                let share = 100.0 * of(own);
                series.push(Series {
                    label: format!("{share:.1} % at E_th {}", own.threshold),
                    colour,
                    width: 1,
                    marker: Some(marker),
                    points: vec![(own.threshold, share)],
                    band: Vec::new(),
                    names: Vec::new(),
                });
            }
        }
        let (auroc, ood) = self.rows.first().map_or((0.5, 0.0), |row| (row.auroc, row.ood));
        LineChart {
            title: format!("Does entropy tell OOD samples? AUROC {auroc:.3} at ρ = {ood}"),
            x: (Axis::from_zero(end), "entropy threshold E_th (nats)".to_owned()),
            y: (Axis::from_zero(100.0), "offloaded, mean over clients (%)".to_owned()),
            series,
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        saved::write(self, table)
    }
}

impl Saved for Offloading {
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
        vec![self.threshold, self.offloaded_main, self.offloaded_ood, self.ood, self.auroc]
    }
}
