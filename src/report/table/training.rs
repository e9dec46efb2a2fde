//! Training: its time and bytes, accuracy by OOD level.

use super::grid::grid;
use crate::experiment::{Accuracy, AccuracyPoint, Evaluation, RunResult, TrainingResult};
use crate::quantity::Bytes;
use crate::report::text::{counted, percent};
use crate::report::threshold::{selective_at, shown_threshold};

pub(super) fn sections(run: &RunResult, training: &TrainingResult) -> Vec<String> {
    let mut sections = vec![totals(training)];
    if let Some(last) = training.evaluations.last() {
        sections.push(accuracy(training, last, shown_threshold(run)));
        sections.extend(gradient(&training.evaluations));
    }
    sections
}

/// How the squared gradient norm went, if it was measured.
fn gradient(evaluations: &[Evaluation]) -> Option<String> {
    let measured = |evaluation: &Evaluation| {
        let norm = evaluation.gradient_norm?;
        Some(format!("{norm:.2e} after {}", counted(evaluation.rounds_done as usize, "round")))
    };
    let norms: Vec<String> = evaluations.iter().filter_map(measured).collect();
    let (first, last) = (norms.first()?, norms.last()?);
    let last = if norms.len() > 1 { format!(", {last}") } else { String::new() };
    Some(format!("Squared gradient norm, mean over clients: {first}{last}"))
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

fn accuracy(training: &TrainingResult, last: &Evaluation, threshold: Option<f64>) -> String {
    let points = &last.points;
    let selective = threshold.map(|e_th| format!("selective (E_th {e_th})"));
    let alone: Vec<_> = ALONE
        .into_iter()
        .filter(|(_, accuracy)| points.iter().any(|point| accuracy(point).is_some()))
        .collect();
    let mut header = vec!["OOD level ρ"];
    header.extend(alone.iter().map(|(name, _)| *name));
    header.extend(selective.as_deref().into_iter().chain(threshold.map(|_| "offloaded")));
    let rows = points.iter().enumerate().map(|(index, point)| {
        let half_widths = last.half_widths.get(index);
        let value = |of: &dyn Fn(&AccuracyPoint) -> Option<f64>| {
            let half_width = half_widths.and_then(of);
            let half_width = half_width.map(|width| format!(" ± {}", percent(Some(width))));
            percent(of(point)) + &half_width.unwrap_or_default()
        };
        let mut row = vec![point.ood.to_string()];
        row.extend(alone.iter().map(|(_, of)| value(&|at| Some(of(at)?.mean))));
        if let Some(threshold) = threshold {
            row.push(value(&|at| Some(selective_at(at, threshold)?.accuracy.mean)));
            row.push(value(&|at| Some(selective_at(at, threshold)?.offloaded)));
        }
        row
    });
    let over = match training.seeds.len() {
        0 | 1 => "clients".to_owned(),
        seeds => format!("clients and {seeds} seeds, ± 95 % over seeds"),
    };
    grid(&format!("Accuracy of the final models (%, mean over {over})"), &header, rows)
}
