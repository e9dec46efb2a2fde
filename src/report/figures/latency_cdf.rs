//! The distribution of latencies by exit.

use super::answer::{Answer, Curve};
use super::axis::Axis;
use super::cdf::staircase;
use super::line_chart::LineChart;
use super::overlay::{Frame, Overlaid};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::saved::{self, Saved};
use super::spread::evenly;
use crate::actors::{Exit, RequestRecord};
use crate::experiment::{InferenceResult, RunResult};
use plotters::prelude::*;
use serde::{Deserialize, Serialize};

/// Steps of a drawn curve at most; more cannot be seen.
const MOST_STEPS: usize = 400;

/// From this ratio of the largest to the smallest latency on, the axis is logarithmic.
const LOGARITHMIC_FROM: f64 = 30.0;

/// Latencies in the statistics' window, by exit and of all.
pub(super) struct LatencyCdf {
    curves: Vec<Distribution>,
}

/// One distribution.
struct Distribution {
    answer: Answer,
    /// Ascending latencies (ms), each with the share of answered requests that took at most as
    /// long.
    steps: Vec<(f64, f64)>,
}

/// One step of one distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    exit: String,
    latency_ms: f64,
    share: f64,
}

impl LatencyCdf {
    /// `None` for a run that answered nothing in the window.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let inference = run.inference.as_ref()?;
        let by_exit = |exit| move |record: &RequestRecord| record.exit == Some(exit);
        let curves = [
            Distribution::of(inference, Answer::Any, |_| true),
            Distribution::of(inference, Answer::ClientExit, by_exit(Exit::Client)),
            Distribution::of(inference, Answer::ServerExit, by_exit(Exit::Server)),
        ];
        let curves: Vec<Distribution> = curves.into_iter().flatten().collect();
        (!curves.is_empty()).then_some(Self { curves })
    }
}

impl Distribution {
    fn of(
        inference: &InferenceResult,
        answer: Answer,
        counts: impl Fn(&RequestRecord) -> bool,
    ) -> Option<Self> {
        let answered = inference.answered_in_window().filter(|(record, _)| counts(record));
        let mut latencies: Vec<u64> = answered.map(|(_, latency)| latency.as_nanos()).collect();
        latencies.sort_unstable();
        (!latencies.is_empty()).then(|| Self { answer, steps: steps(&latencies) })
    }
}

/// The empirical distribution function at no more than [`MOST_STEPS`] evenly spread ranks, the
/// first and the last among them.
#[expect(clippy::cast_precision_loss, reason = "a figure's precision")]
fn steps(sorted: &[u64]) -> Vec<(f64, f64)> {
    let count = sorted.len();
    let step = |index: usize| (sorted[index] as f64 / 1e6, (index + 1) as f64 / count as f64);
    evenly(count, MOST_STEPS).into_iter().map(step).collect()
}

impl Overlaid for LatencyCdf {
    fn frame(figures: &[&Self]) -> Frame {
        let curves = || figures.iter().flat_map(|figure| &figure.curves);
        let latencies = || curves().flat_map(|curve| curve.steps.iter().map(|(x, _)| *x));
        let (min, max) = (latencies().fold(f64::MAX, f64::min), latencies().fold(0.0, f64::max));
        let x = if min > 0.0 && max / min > LOGARITHMIC_FROM {
            Axis::logarithmic(min, max)
        } else {
            Axis::from_zero(max)
        };
        Frame {
            title: "Latency of answered requests".to_owned(),
            x: (x, "latency (ms)".to_owned()),
            scale: 1.0,
            y: (Axis::from_zero(100.0), "answered within that time (%)".to_owned()),
        }
    }

    fn curves(&self, frame: &Frame) -> Vec<Curve> {
        let curve = |Distribution { answer, steps }: &Distribution| Curve {
            answer: *answer,
            label: answer.name().to_owned(),
            points: staircase(steps, frame.x.0.high()),
            band: Vec::new(),
            marked: false,
        };
        self.curves.iter().map(curve).collect()
    }
}

impl Figure for LatencyCdf {
    const NAME: &'static str = "latency_cdf";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let frame = Self::frame(&[self]);
        let series = self.curves(&frame).into_iter().map(Curve::series).collect();
        LineChart { title: frame.title, x: frame.x, y: frame.y, series }.draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        saved::write(self, table)
    }
}

impl Saved for LatencyCdf {
    type Row = Row;

    fn rows(&self) -> Vec<Row> {
        let row = |answer: Answer| {
            move |&(latency_ms, share): &(f64, f64)| {
                let exit = answer.name().to_owned();
                Row { exit, latency_ms, share }
            }
        };
        self.curves.iter().flat_map(|curve| curve.steps.iter().map(row(curve.answer))).collect()
    }

    fn from_rows(rows: Vec<Row>) -> Result<Self, String> {
        let mut curves: Vec<Distribution> = Vec::new();
        for Row { exit, latency_ms, share } in rows {
            let (answer, step) = (Answer::named(&exit)?, (latency_ms, share));
            match curves.iter_mut().find(|curve| curve.answer == answer) {
                Some(curve) => curve.steps.push(step),
                None => curves.push(Distribution { answer, steps: vec![step] }),
            }
        }
        Ok(Self { curves })
    }
}

impl saved::Row for Row {
    fn numbers(&self) -> Vec<f64> {
        vec![self.latency_ms, self.share]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_latencies_are_all_shown() {
        let expected = vec![(1.0, 0.25), (2.0, 0.5), (2.0, 0.75), (4.0, 1.0)];
        assert_eq!(steps(&[1_000_000, 2_000_000, 2_000_000, 4_000_000]), expected);
        assert_eq!(steps(&[3_000_000]), [(3.0, 1.0)]);
    }

    #[test]
    fn many_latencies_are_thinned_to_both_ends() {
        let sorted: Vec<u64> = (1..=100_000).map(|ms| ms * 1_000_000).collect();
        let steps = steps(&sorted);
        assert_eq!(steps.len(), MOST_STEPS);
        assert_eq!((steps[0].0, steps[MOST_STEPS - 1]), (1.0, (100_000.0, 1.0)));
        for (latency, share) in steps {
            assert!((latency / 100_000.0 - share).abs() < 1e-9, "F(x) = x / 100 s here");
        }
    }
}
