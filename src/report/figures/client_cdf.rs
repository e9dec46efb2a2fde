//! How accuracy differs between clients: its distribution over them, with the worst tenth marked.

use super::answer::{Answer, Curve, selective};
use super::axis::Axis;
use super::cdf::staircase;
use super::line_chart::{LineChart, Series};
use super::overlay::{Frame, Overlaid};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::saved::{self, Saved};
use super::style;
use crate::experiment::{RunResult, client_accuracies};
use crate::report::ood_level::preferred_level;
use crate::report::text::percent;
use crate::report::threshold::shown_threshold;
use plotters::prelude::*;
use serde::{Deserialize, Serialize};

/// Up to which share of clients the worst ones are marked, in per cent.
const WORST: f64 = 10.0;

/// One answer of one client's final models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    ood: f64,
    exit: String,
    /// E_th in nats, of the selective answer.
    threshold: Option<f64>,
    client: String,
    /// A share in [0, 1].
    accuracy: f64,
}

/// Accuracy of each client at one OOD level; with several training seeds, the first one's.
pub(super) struct AccuracyOverClients {
    rows: Vec<Row>,
}

impl AccuracyOverClients {
    /// `None` for a run that did not train to the end, or evaluated nothing.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let outcomes = run.training.as_ref()?.outcomes.as_ref()?;
        let (ood, threshold) = (preferred_level(run)?, shown_threshold(run));
        let each = client_accuracies(&outcomes.clients, ood, threshold);
        let answers = [
            (Answer::ClientExit, each.client_exit),
            (Answer::ServerExit, each.server_exit),
            (Answer::Full, each.full),
            (Answer::Selective, each.selective),
        ];
        let mut rows = Vec::new();
        for (answer, accuracies) in answers {
            for (client, accuracy) in run.clients.iter().zip(accuracies.into_iter().flatten()) {
                rows.push(Row {
                    ood,
                    exit: answer.name().to_owned(),
                    threshold: threshold.filter(|_| answer == Answer::Selective),
                    client: client.name.to_string(),
                    accuracy,
                });
            }
        }
        (!rows.is_empty()).then_some(Self { rows })
    }

    /// The accuracies of one answer in per cent, ascending.
    fn sorted(&self, answer: Answer) -> Vec<f64> {
        let rows = self.rows.iter().filter(|row| row.exit == answer.name());
        let mut accuracies: Vec<f64> = rows.map(|row| 100.0 * row.accuracy).collect();
        accuracies.sort_by(f64::total_cmp);
        accuracies
    }

    fn label(&self, answer: Answer, sorted: &[f64]) -> String {
        let threshold = self.rows.iter().find_map(|row| row.threshold);
        let name = match (answer, threshold) {
            (Answer::Selective, Some(threshold)) => selective(threshold),
            _ => answer.name().to_owned(),
        };
        format!("{name}: worst tenth {} %", percent(Some(worst_tenth(sorted) / 100.0)))
    }
}

/// The mean of the first tenth of `sorted`, at least one.
fn worst_tenth(sorted: &[f64]) -> f64 {
    let worst = &sorted[..sorted.len().div_ceil(10)];
    worst.iter().sum::<f64>() / size(worst.len())
}

#[expect(clippy::cast_precision_loss, reason = "a figure's precision")]
fn size(count: usize) -> f64 {
    count as f64
}

impl Overlaid for AccuracyOverClients {
    fn frame(figures: &[&Self]) -> Frame {
        let rows = || figures.iter().flat_map(|figure| &figure.rows);
        let accuracies = || rows().map(|row| 100.0 * row.accuracy);
        let (min, max) = (accuracies().fold(f64::MAX, f64::min), accuracies().fold(0.0, f64::max));
        let ood = figures[0].rows[0].ood;
        let level = if rows().all(|row| row.ood == ood) {
            format!(" at OOD level ρ = {ood}")
        } else {
            String::new()
        };
        Frame {
            title: format!("Accuracy over clients{level}"),
            x: (Axis::around(min, max, 4.0, 0.0..101.0), "accuracy of a client (%)".to_owned()),
            scale: 1.0,
            y: (Axis::from_zero(100.0), "clients with at most that accuracy (%)".to_owned()),
        }
    }

    fn curves(&self, frame: &Frame) -> Vec<Curve> {
        let curve = |answer| {
            let sorted = self.sorted(answer);
            let steps: Vec<(f64, f64)> = (sorted.iter().enumerate())
                .map(|(index, accuracy)| (*accuracy, size(index + 1) / size(sorted.len())))
                .collect();
            (!sorted.is_empty()).then(|| Curve {
                answer,
                label: self.label(answer, &sorted),
                points: staircase(&steps, frame.x.0.high()),
                band: Vec::new(),
                marked: false,
            })
        };
        Answer::ALL.into_iter().filter_map(curve).collect()
    }
}

impl Figure for AccuracyOverClients {
    const NAME: &'static str = "accuracy_over_clients";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let frame = Self::frame(&[self]);
        let mut series: Vec<Series> = self.curves(&frame).into_iter().map(Curve::series).collect();
        let (left, right) = (frame.x.0.low(), frame.x.0.high());
        series.push(
            Curve {
                answer: Answer::Any,
                label: "the worst tenth of the clients".to_owned(),
                points: vec![(left, WORST), (right, WORST)],
                band: vec![(left, 0.0, WORST), (right, 0.0, WORST)],
                marked: false,
            }
            .series(),
        );
        if let Some(mark) = series.last_mut() {
            (mark.width, mark.colour) = (1, style::MID_GREY);
        }
        LineChart { title: frame.title, x: frame.x, y: frame.y, series }.draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        saved::write(self, table)
    }
}

impl Saved for AccuracyOverClients {
    type Row = Row;

    fn rows(&self) -> Vec<Row> {
        self.rows.clone()
    }

    fn from_rows(rows: Vec<Row>) -> Result<Self, String> {
        rows.iter().try_for_each(|row| Answer::named(&row.exit).map(|_| ()))?;
        Ok(Self { rows })
    }
}

impl saved::Row for Row {
    fn numbers(&self) -> Vec<f64> {
        [Some(self.ood), self.threshold, Some(self.accuracy)].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_tenth_is_at_least_one_client() {
        assert_eq!(worst_tenth(&[40.0, 90.0, 95.0]), 40.0);
        // 2 of 11 … 20
        let sorted: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(worst_tenth(&sorted), 1.5);
    }
}
