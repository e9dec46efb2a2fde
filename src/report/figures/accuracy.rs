//! Accuracy of each exit and of the selective answer: by OOD level and over training time.

mod by_ood;
mod over_time;

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

/// The lines through `points`, each an x and the accuracies there, in per cent: of the exits and of
/// the selective answer, or of the full model, whichever the method has. Without a threshold there
/// is no selective line.
fn exit_series(points: &[(f64, &AccuracyPoint)], threshold: Option<f64>) -> Vec<Series> {
    let line = |of: &dyn Fn(&AccuracyPoint) -> Option<f64>| -> Vec<(f64, f64)> {
        points.iter().filter_map(|(x, point)| Some((*x, 100.0 * of(point)?))).collect()
    };
    let mut series = vec![
        Series {
            label: labels::CLIENT_EXIT.to_owned(),
            colour: style::CLIENT_EXIT,
            width: 2,
            marker: Some(Marker::Circle),
            points: line(&|point| mean(point.client_exit)),
        },
        Series {
            label: labels::SERVER_EXIT.to_owned(),
            colour: style::SERVER_EXIT,
            width: 2,
            marker: Some(Marker::Triangle),
            points: line(&|point| mean(point.server_exit)),
        },
        Series {
            label: labels::FULL_MODEL.to_owned(),
            colour: style::FULL_MODEL,
            width: 2,
            marker: Some(Marker::Circle),
            points: line(&|point| mean(point.full)),
        },
    ];
    series.extend(threshold.map(|threshold| Series {
        label: labels::selective(threshold),
        colour: style::SELECTIVE,
        width: 2,
        marker: Some(Marker::Square),
        points: line(&|point| selective_at(point, threshold).map(|s| s.accuracy.mean)),
    }));
    series.retain(|line| !line.points.is_empty());
    series
}

/// The mean over clients of an accuracy that a method may lack.
fn mean(accuracy: Option<Accuracy>) -> Option<f64> {
    accuracy.map(|accuracy| accuracy.mean)
}

/// An accuracy axis around all lines.
fn accuracy_axis(series: &[Series]) -> Axis {
    let values = || series.iter().flat_map(|line| line.points.iter().map(|(_, y)| *y));
    let (min, max) = (values().fold(100.0, f64::min), values().fold(0.0, f64::max));
    Axis::around(min.min(max), max, 4.0, 0.0..100.0)
}
