//! Training: its time and bytes, accuracy by OOD level.

use super::grid::grid;
use crate::experiment::{Accuracy, AccuracyPoint, RunResult, TrainingResult};
use crate::quantity::Bytes;
use crate::report::text::{counted, percent};
use crate::report::threshold::{selective_at, shown_threshold};

pub(super) fn sections(run: &RunResult, training: &TrainingResult) -> Vec<String> {
    let mut sections = vec![totals(training)];
    if let Some(last) = training.evaluations.last() {
        sections.push(accuracy(&last.points, shown_threshold(run)));
    }
    sections
}

fn totals(training: &TrainingResult) -> String {
    format!(
        "Training ({}): {} in {:.3} s simulated, {} up, {} down",
        training.method,
        counted(training.rounds.len(), "round"),
        training.time.as_secs_f64(),
        Bytes(training.bytes_up),
        Bytes(training.bytes_down),
    )
}

/// An accuracy that a method may lack.
type Column = (&'static str, fn(&AccuracyPoint) -> Option<Accuracy>);

/// What answers alone.
const ALONE: [Column; 3] = [
    ("client exit", |point| point.client_exit),
    ("server exit", |point| point.server_exit),
    ("full model", |point| point.full),
];

fn accuracy(points: &[AccuracyPoint], threshold: Option<f64>) -> String {
    let selective = threshold.map(|e_th| format!("selective (E_th {e_th})"));
    let alone: Vec<_> = ALONE
        .into_iter()
        .filter(|(_, accuracy)| points.iter().any(|point| accuracy(point).is_some()))
        .collect();
    let mut header = vec!["OOD level ρ"];
    header.extend(alone.iter().map(|(name, _)| *name));
    header.extend(selective.as_deref().into_iter().chain(threshold.map(|_| "offloaded")));
    let rows = points.iter().map(|point| {
        let mut row = vec![point.ood.to_string()];
        row.extend(alone.iter().map(|(_, of)| percent(of(point).map(|accuracy| accuracy.mean))));
        if let Some(threshold) = threshold {
            let selective = selective_at(point, threshold);
            row.push(percent(selective.map(|selective| selective.accuracy.mean)));
            row.push(percent(selective.map(|selective| selective.offloaded)));
        }
        row
    });
    grid("Accuracy of the final models (%, mean over clients)", &header, rows)
}
