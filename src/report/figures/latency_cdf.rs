//! The distribution of latencies by exit.

use super::axis::Axis;
use super::labels;
use super::line_chart::{LineChart, Series};
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::spread::evenly;
use super::style;
use crate::actors::{Exit, RequestRecord};
use crate::experiment::{InferenceResult, RunResult};
use plotters::prelude::*;

/// Steps of a drawn curve at most; more cannot be seen.
const MOST_STEPS: usize = 400;

/// The curve of both exits.
const ALL: &str = "all";

/// From this ratio of the largest to the smallest latency on, the axis is logarithmic.
const LOGARITHMIC_FROM: f64 = 30.0;

/// Latencies in the statistics' window, by exit and of all.
pub(super) struct LatencyCdf {
    curves: Vec<Curve>,
}

/// One distribution.
struct Curve {
    label: &'static str,
    colour: RGBColor,
    /// Ascending latencies (ms), each with the share of answered requests that took at most as
    /// long.
    steps: Vec<(f64, f64)>,
}

impl LatencyCdf {
    /// `None` for a run that answered nothing in the window.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let inference = run.inference.as_ref()?;
        let by_exit = |exit| move |record: &RequestRecord| record.exit == Some(exit);
        let curves = [
            Curve::of(inference, ALL, style::MID_GREY, |_| true),
            Curve::of(inference, labels::CLIENT_EXIT, style::CLIENT_EXIT, by_exit(Exit::Client)),
            Curve::of(inference, labels::SERVER_EXIT, style::SERVER_EXIT, by_exit(Exit::Server)),
        ];
        let curves: Vec<Curve> = curves.into_iter().flatten().collect();
        (!curves.is_empty()).then_some(Self { curves })
    }

    fn axis(&self) -> Axis {
        let latencies = || self.curves.iter().flat_map(|curve| curve.steps.iter().map(|(x, _)| *x));
        let (min, max) = (latencies().fold(f64::MAX, f64::min), latencies().fold(0.0, f64::max));
        if min > 0.0 && max / min > LOGARITHMIC_FROM {
            Axis::logarithmic(min, max)
        } else {
            Axis::from_zero(max)
        }
    }
}

impl Curve {
    fn of(
        inference: &InferenceResult,
        label: &'static str,
        colour: RGBColor,
        counts: impl Fn(&RequestRecord) -> bool,
    ) -> Option<Self> {
        let answered = inference.answered_in_window().filter(|(record, _)| counts(record));
        let mut latencies: Vec<u64> = answered.map(|(_, latency)| latency.as_nanos()).collect();
        latencies.sort_unstable();
        (!latencies.is_empty()).then(|| Self { label, colour, steps: steps(&latencies) })
    }

    /// The staircase from the share 0 to the right edge of the axis, in per cent.
    fn staircase(&self, right: f64) -> Vec<(f64, f64)> {
        let mut points = Vec::with_capacity(2 * self.steps.len() + 1);
        let mut reached = 0.0;
        for &(latency, share) in &self.steps {
            points.push((latency, reached));
            reached = 100.0 * share;
            points.push((latency, reached));
        }
        points.push((right, reached));
        points
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

impl Figure for LatencyCdf {
    const NAME: &'static str = "latency_cdf";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let x = self.axis();
        let series = self.curves.iter().map(|curve| Series {
            label: curve.label.to_owned(),
            colour: curve.colour,
            // Under the others, and to be seen beside one of them that is all there is.
            width: if curve.label == ALL { 5 } else { 2 },
            marker: None,
            points: curve.staircase(x.high()),
            band: Vec::new(),
            names: Vec::new(),
        });
        LineChart {
            title: "Latency of answered requests".to_owned(),
            series: series.collect(),
            x: (x, "latency (ms)".to_owned()),
            y: (Axis::from_zero(100.0), "answered within that time (%)".to_owned()),
        }
        .draw(root)
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        table.write_record(["exit", "latency_ms", "share"])?;
        for curve in &self.curves {
            for step in &curve.steps {
                table.serialize((curve.label, step.0, step.1))?;
            }
        }
        Ok(())
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
