//! The figures of a run: each as SVG and PNG from one drawing function, with its data as CSV.
//!
//! Figures are deterministic byte for byte: the font comes with the program, and nothing depends
//! on the machine.

mod accuracy;
mod answer;
mod axis;
mod bounds;
mod capacity;
mod cdf;
mod client_cdf;
mod energy;
mod gradient_norm;
mod latency_breakdown;
mod latency_cdf;
mod legend;
mod line_chart;
mod offloading;
mod overlay;
mod panels;
mod redraw;
mod regimes;
mod render;
mod requests_over_time;
mod round_timeline;
mod rows;
mod saved;
mod spread;
mod style;
mod sweep;
pub mod topology;

use super::{OutputFolder, ReportError};
use crate::experiment::{Bounds, MethodResult, Regimes, RunResult};
use crate::study::capacity::{Answer, Slo, Vary};
use accuracy::{AccuracyBy, AccuracyByMethod, MovedBytes, OodLevel, TrainingTime};
use bounds::TimeByShare;
use capacity::CapacityFigure;
use client_cdf::AccuracyOverClients;
use energy::{EnergyOf, Request, TrainingRound, WholeRun};
use gradient_norm::GradientNorm;
use latency_breakdown::LatencyBreakdown;
use latency_cdf::LatencyCdf;
use offloading::Offloading;
pub use redraw::{NamedRun, named_runs, redraw, redrawn_names};
use regimes::RegimeMap;
use render::{Figure as _, write_figure, write_figure_as};
use requests_over_time::RequestsOverTime;
use round_timeline::RoundTimeline;
use std::path::PathBuf;
pub use sweep::draw_sweep;
pub(super) use sweep::is_sweep_figure;

/// Draws every figure that `run` has data for into `folder`, as `NAME.svg`, `NAME.png` and
/// `NAME.csv`: accuracy by OOD level, over time, bytes and clients, whom entropy offloads, the
/// gradient's norm by round, the latency's distribution and breakdown, where
/// requests are over time, one round's timeline, energy.
/// Returns the paths of all files.
///
/// # Errors
/// If a file cannot be written.
pub fn draw_all(run: &RunResult, folder: &OutputFolder) -> Result<Vec<PathBuf>, ReportError> {
    let files = [
        AccuracyBy::<OodLevel>::of(run).map(|figure| write_figure(&figure, folder)),
        AccuracyBy::<TrainingTime>::of(run).map(|figure| write_figure(&figure, folder)),
        AccuracyBy::<MovedBytes>::of(run).map(|figure| write_figure(&figure, folder)),
        AccuracyOverClients::of(run).map(|figure| write_figure(&figure, folder)),
        Offloading::of(run).map(|figure| write_figure(&figure, folder)),
        GradientNorm::of(run).map(|figure| write_figure(&figure, folder)),
        LatencyCdf::of(run).map(|figure| write_figure(&figure, folder)),
        LatencyBreakdown::of(run).map(|figure| write_figure(&figure, folder)),
        RequestsOverTime::of(run).map(|figure| write_figure(&figure, folder)),
        RoundTimeline::of(run).map(|figure| write_figure(&figure, folder)),
        EnergyOf::<WholeRun>::of(run).map(|figure| write_figure(&figure, folder)),
        EnergyOf::<Request>::of(run).map(|figure| write_figure(&figure, folder)),
        EnergyOf::<TrainingRound>::of(run).map(|figure| write_figure(&figure, folder)),
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
        RegimeMap { map, title: "The fastest way, a device alone", ways: |cell| cell.alone };
    let fleet =
        RegimeMap { map, title: "The fastest way, the whole fleet", ways: |cell| cell.contended };
    let mut files = write_figure_as("regimes-alone", &alone, folder)?;
    files.extend(write_figure_as("regimes-fleet", &fleet, folder)?);
    Ok(files)
}

/// Draws what a capacity search tried into `folder`: for each objective `capacity-METRIC`.
///
/// # Errors
/// If a file cannot be written.
pub fn draw_capacity(
    slo: &Slo,
    vary: &Vary,
    answer: &Answer,
    folder: &OutputFolder,
) -> Result<Vec<PathBuf>, ReportError> {
    let mut files = Vec::new();
    for objective in slo.objectives().iter().enumerate() {
        if let Some(figure) = CapacityFigure::of(vary, answer, objective) {
            let name = format!("{}-{}", CapacityFigure::NAME, objective.1.metric().name());
            files.extend(write_figure_as(&name, &figure, folder)?);
        }
    }
    Ok(files)
}

/// What a figure's files end in.
pub(super) const EXTENSIONS: [&str; 3] = ["svg", "png", "csv"];

#[cfg(test)]
mod tests;
