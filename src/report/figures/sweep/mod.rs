//! The figures of a sweep: accuracy against latency, and both against each swept number.

mod by_ood;
mod key;
mod pareto;
mod series;

use super::render::{write_figure, write_figure_as};
use crate::report::{OutputFolder, ReportError};
use crate::study::sweep::{CellFigures, SweepPlan};
use by_ood::ByOod;
use key::{ByKey, Quantity};
use pareto::Pareto;
use std::path::PathBuf;

/// Draws what the cells in `finished`, by their places in `plan`, have data for: accuracy against
/// mean latency, `accuracy_by_latency`, the accuracy of what they have learned, `accuracy_by_ood`, and for each swept number `latency_by_KEY` and
/// `accuracy_by_KEY`, dots of the key path written as `_`. Returns the paths of all files.
///
/// # Errors
/// If a file cannot be written.
pub fn draw_sweep(
    plan: &SweepPlan,
    finished: &[(usize, CellFigures)],
    folder: &OutputFolder,
) -> Result<Vec<PathBuf>, ReportError> {
    let mut files = Vec::new();
    if let Some(figure) = Pareto::of(plan, finished) {
        files.extend(write_figure(&figure, folder)?);
    }
    if let Some(figure) = ByOod::of(plan, finished) {
        files.extend(write_figure(&figure, folder)?);
    }
    for (place, path) in plan.paths().enumerate() {
        for quantity in [Quantity::Latency, Quantity::Accuracy] {
            if let Some(figure) = ByKey::of(plan, finished, place, quantity) {
                let name = format!("{}_by_{}", quantity.name(), path.replace('.', "_"));
                files.extend(write_figure_as(&name, &figure, folder)?);
            }
        }
    }
    Ok(files)
}

/// Whether a figure of this name is a sweep's; those of a run begin alike.
pub(in crate::report) fn is_sweep_figure(name: &str) -> bool {
    let is_by_key = [Quantity::Latency, Quantity::Accuracy]
        .into_iter()
        .any(|quantity| name.starts_with(&format!("{}_by_", quantity.name())));
    is_by_key && !super::redrawn_names(false).contains(&name)
}

#[cfg(test)]
mod tests;
