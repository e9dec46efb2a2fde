//! Accuracy of each exit and of the selective answer: by OOD level and over training time.

mod by_method;
mod by_ood;
mod over_time;

pub(super) use by_method::AccuracyByMethod;
pub(super) use by_ood::AccuracyByOod;
pub(super) use over_time::AccuracyOverTime;

use super::axis::Axis;
use super::labels;
use super::legend::Marker;
use super::line_chart::Series;
use super::style;
use crate::experiment::{Accuracy, AccuracyPoint};
use crate::report::threshold::selective_at;

/// The name and unit of the vertical axis.
const ACCURACY_AXIS: &str = "accuracy, mean over clients (%)";

/// The accuracies at one x.
#[derive(Clone, Copy)]
struct At<'a> {
    x: f64,
    point: &'a AccuracyPoint,
    /// Their half-widths, if there are several seeds.
    half_widths: Option<&'a AccuracyPoint>,
}

/// The lines through `points`, in per cent: of the exits and of the selective answer, or of the full
/// model, whichever the method has, each with its band over seeds. Without a threshold there is no
/// selective line.
fn exit_series(points: &[At<'_>], threshold: Option<f64>) -> Vec<Series> {
    let series = |label: String, colour, marker, of: &dyn Fn(&AccuracyPoint) -> Option<f64>| {
        let line = points.iter().filter_map(|at| Some((at.x, 100.0 * of(at.point)?)));
        let band = points.iter().filter_map(|at| {
            let (mean, half_width) = (of(at.point)?, of(at.half_widths?)?);
            let edge = |share: f64| 100.0 * share.clamp(0.0, 1.0);
            Some((at.x, edge(mean - half_width), edge(mean + half_width)))
        });
        let (points, band) = (line.collect(), band.collect());
        Series { label, colour, width: 2, marker: Some(marker), points, band, names: Vec::new() }
    };
    let alone: [(&str, _, _, Exit); 3] = [
        (labels::CLIENT_EXIT, style::CLIENT_EXIT, Marker::Circle, |point| point.client_exit),
        (labels::SERVER_EXIT, style::SERVER_EXIT, Marker::Triangle, |point| point.server_exit),
        (labels::FULL_MODEL, style::FULL_MODEL, Marker::Circle, |point| point.full),
    ];
    let alone = alone.map(|(label, colour, marker, exit)| {
        series(label.to_owned(), colour, marker, &|point| mean(exit(point)))
    });
    let selective = threshold.map(|threshold| {
        let label = labels::selective(threshold);
        series(label, style::SELECTIVE, Marker::Square, &|point| {
            selective_at(point, threshold).map(|selective| selective.accuracy.mean)
        })
    });
    alone.into_iter().chain(selective).filter(|line| !line.points.is_empty()).collect()
}

/// An exit's accuracy, if the method has it.
type Exit = fn(&AccuracyPoint) -> Option<Accuracy>;

/// The names of what [`half_widths`] lists.
const HALF_WIDTHS: [&str; 4] =
    ["client_exit_ci95", "server_exit_ci95", "selective_ci95", "full_ci95"];

/// The half-widths of a point's mean accuracies over seeds.
fn half_widths(point: Option<&AccuracyPoint>, threshold: Option<f64>) -> [Option<f64>; 4] {
    let Some(point) = point else { return [None; 4] };
    let selective = threshold.and_then(|threshold| selective_at(point, threshold));
    [
        mean(point.client_exit),
        mean(point.server_exit),
        selective.map(|selective| selective.accuracy.mean),
        mean(point.full),
    ]
}

/// The mean over clients of an accuracy that a method may lack.
fn mean(accuracy: Option<Accuracy>) -> Option<f64> {
    accuracy.map(|accuracy| accuracy.mean)
}

/// The axis of the OOD level around all `levels`, with its name.
fn ood_axis(levels: impl Iterator<Item = f64>) -> (Axis, String) {
    let around = |(min, max): (f64, f64), ood: f64| (min.min(ood), max.max(ood));
    let (min, max) = levels.fold((1.0, 0.0), around);
    let axis = Axis::around(min, max, 0.2, -0.015..1.015);
    (axis, "OOD level ρ (OOD samples for each main sample)".to_owned())
}

/// An accuracy axis around all lines.
fn accuracy_axis(series: &[Series]) -> Axis {
    let lines = || series.iter().flat_map(|line| line.points.iter().map(|(_, y)| *y));
    let bands =
        || series.iter().flat_map(|line| &line.band).flat_map(|(_, low, high)| [*low, *high]);
    let values = || lines().chain(bands());
    let (min, max) = (values().fold(100.0, f64::min), values().fold(0.0, f64::max));
    Axis::around(min.min(max), max, 4.0, 0.0..100.0)
}
