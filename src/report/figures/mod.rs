//! The figures of a run: each as SVG and PNG from one drawing function, with its data as CSV.
//!
//! Figures are deterministic byte for byte: the font comes with the program, and nothing depends
//! on the machine.

mod accuracy;
mod axis;
mod bounds;
mod gradient_norm;
mod labels;
mod latency_breakdown;
mod latency_cdf;
mod legend;
mod line_chart;
mod regimes;
mod render;
mod round_timeline;
mod rows;
mod spread;
mod style;
mod sweep;
pub mod topology;

use super::{OutputFolder, ReportError};
use crate::experiment::{Bounds, MethodResult, Regimes, RunResult};
use accuracy::{AccuracyByMethod, AccuracyByOod, AccuracyOverTime};
use bounds::TimeByShare;
use gradient_norm::GradientNorm;
use latency_breakdown::LatencyBreakdown;
use latency_cdf::LatencyCdf;
use regimes::RegimeMap;
use render::{Figure as _, write_figure, write_figure_as};
use round_timeline::RoundTimeline;
use std::path::PathBuf;
pub use sweep::draw_sweep;
pub(super) use sweep::is_sweep_figure;

/// Draws every figure that `run` has data for into `folder`, as `NAME.svg`, `NAME.png` and
/// `NAME.csv`: accuracy by OOD level and over time, the gradient's norm by round, the latency's distribution and breakdown, one
/// round's timeline. Returns the paths of all files.
///
/// # Errors
/// If a file cannot be written.
pub fn draw_all(run: &RunResult, folder: &OutputFolder) -> Result<Vec<PathBuf>, ReportError> {
    let files = [
        AccuracyByOod::of(run).map(|figure| write_figure(&figure, folder)),
        AccuracyOverTime::of(run).map(|figure| write_figure(&figure, folder)),
        GradientNorm::of(run).map(|figure| write_figure(&figure, folder)),
        LatencyCdf::of(run).map(|figure| write_figure(&figure, folder)),
        LatencyBreakdown::of(run).map(|figure| write_figure(&figure, folder)),
        RoundTimeline::of(run).map(|figure| write_figure(&figure, folder)),
    ];
    let files: Vec<Vec<PathBuf>> = files.into_iter().flatten().collect::<Result<_, _>>()?;
    Ok(files.concat())
}

/// Draws the comparison of `methods` into `folder`, as [`draw_all`] does; nothing if none of them
/// evaluated anything.
///
/// # Errors
/// If a file cannot be written.
pub fn draw_methods(
    methods: &[MethodResult],
    folder: &OutputFolder,
) -> Result<Vec<PathBuf>, ReportError> {
    AccuracyByMethod::of(methods).map_or(Ok(Vec::new()), |figure| write_figure(&figure, folder))
}

/// Draws each device class's times by cut into `folder`, as `bounds-CLASS`.
///
/// # Errors
/// If a file cannot be written.
pub fn draw_bounds(bounds: &Bounds, folder: &OutputFolder) -> Result<Vec<PathBuf>, ReportError> {
    let draw = |class| {
        let figure = TimeByShare::of(bounds, class);
        write_figure_as(&format!("{}-{}", TimeByShare::NAME, class.class), &figure, folder)
    };
    let files: Vec<_> = bounds.classes.iter().map(draw).collect::<Result<_, _>>()?;
    Ok(files.concat())
}

/// Draws the maps without and with contention into `folder`, as `regimes-alone` and `regimes-fleet`.
///
/// # Errors
/// If a file cannot be written.
pub fn draw_regimes(map: &Regimes, folder: &OutputFolder) -> Result<Vec<PathBuf>, ReportError> {
    let alone =
        RegimeMap { map, title: "The fastest way, a device alone", times: |cell| cell.alone };
    let fleet =
        RegimeMap { map, title: "The fastest way, the whole fleet", times: |cell| cell.contended };
    let mut files = write_figure_as("regimes-alone", &alone, folder)?;
    files.extend(write_figure_as("regimes-fleet", &fleet, folder)?);
    Ok(files)
}

/// The names of all figures of a run or a comparison.
pub(super) const NAMES: [&str; 7] = [
    AccuracyByMethod::NAME,
    AccuracyByOod::NAME,
    AccuracyOverTime::NAME,
    GradientNorm::NAME,
    LatencyCdf::NAME,
    LatencyBreakdown::NAME,
    RoundTimeline::NAME,
];

/// What a figure's files end in.
pub(super) const EXTENSIONS: [&str; 3] = ["svg", "png", "csv"];

#[cfg(test)]
mod tests;
