//! Joining the parts of a sweep that was run in shards.

use super::{SweepFolder, read_cell, read_plan};
use crate::report::ReportError;
use crate::report::scenario_file::read_scenario;
use crate::study::sweep::{CellFigures, SweepPlan};
use std::path::{Path, PathBuf};

/// Joins the finished cells of `parts`, folders of one sweep's shards, in `out`, as one process
/// would have written them. Returns how many cells there are.
///
/// # Errors
/// If a folder is no sweep's, the parts are of different sweeps, a cell is missing, or the disk
/// fails.
pub fn merge(parts: &[PathBuf], out: &Path) -> Result<usize, ReportError> {
    let plan = common_plan(parts)?;
    let mut finished = Vec::with_capacity(plan.cells.len());
    let mut missing = Vec::new();
    for (index, cell) in plan.cells.iter().enumerate() {
        match first_finished(parts, &cell.key)? {
            Some(figures) => finished.push((index, figures)),
            None => missing.push(index),
        }
    }
    if let Some(&first) = missing.first() {
        return Err(ReportError::Parts(format!(
            "{} of {} cells are in none of the folders, the first of them cell {} ({}): finish or \
             add its shard",
            missing.len(),
            plan.cells.len(),
            first + 1,
            plan.label(first)
        )));
    }
    let folder = SweepFolder::prepare(out)?;
    folder.write_plan(&plan)?;
    if let Some(text) = first_scenario(parts)? {
        folder.write_scenario(&text)?;
    }
    for (index, figures) in &finished {
        folder.write_cell(&plan.cells[*index].key, figures)?;
    }
    folder.write_results(&plan, &finished)?;
    Ok(finished.len())
}

/// The scenario of the parts: their plans are equal, whatever its comments.
fn first_scenario(parts: &[PathBuf]) -> Result<Option<String>, ReportError> {
    for part in parts {
        if let Some(text) = read_scenario(part)? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// The plan that all parts have.
fn common_plan(parts: &[PathBuf]) -> Result<SweepPlan, ReportError> {
    let mut plans = parts.iter().map(|part| {
        let plan = read_plan(part)?;
        let none = || format!("{} holds no sweep: there is no sweep.json", part.display());
        Ok((part, plan.ok_or_else(|| ReportError::Parts(none()))?))
    });
    let Some(first) = plans.next() else {
        return Err(ReportError::Parts("there are no folders to merge".to_owned()));
    };
    let (first, plan) = first?;
    for other in plans {
        let (part, other) = other?;
        if let Some(reason) = difference(&plan, &other) {
            let (first, part) = (first.display(), part.display());
            return Err(ReportError::Parts(format!(
                "{part} and {first} are parts of different sweeps: {reason}"
            )));
        }
    }
    Ok(plan)
}

/// Why two plans are not one.
fn difference(one: &SweepPlan, other: &SweepPlan) -> Option<String> {
    if one == other {
        return None;
    }
    Some(if one.version != other.version {
        format!("they were run by versions {} and {}", other.version, one.version)
    } else if one.axes != other.axes {
        "they sweep different keys".to_owned()
    } else if one.cells.len() != other.cells.len() {
        format!("their grids have {} and {} cells", other.cells.len(), one.cells.len())
    } else {
        let differ = one.cells.iter().zip(&other.cells).position(|(one, other)| one != other);
        format!("their scenarios differ, first in cell {}", differ.map_or(1, |index| index + 1))
    })
}

fn first_finished(parts: &[PathBuf], key: &str) -> Result<Option<CellFigures>, ReportError> {
    for part in parts {
        if let Some(figures) = read_cell(part, key)? {
            return Ok(Some(figures));
        }
    }
    Ok(None)
}
