//! The folder of a sweep: its plan, a file for each finished cell, and the table of all.
//!
//! ```text
//! scenario.yaml     the scenario's text
//! sweep.json        the plan: which cells there are
//! cells/KEY.json    a finished cell's figures, under the hash of all they depend on
//! sweep.csv         a row for each cell in grid order, when they are all there
//! *.svg, *.png      figures
//! ```
//!
//! Files appear when they are complete, so that a sweep that was stopped leaves good cells only.

mod merge;

pub use merge::merge;

use super::csv::write_sweep;
use super::figures::{draw_sweep, is_sweep_figure};
use super::stale::remove_figures;
use super::{HTML_FILE, OutputFolder, ReportError, write_scenario};
use crate::study::sweep::{CellFigures, SweepPlan};
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

const PLAN: &str = "sweep.json";
const CELLS: &str = "cells";
const TABLE: &str = "sweep.csv";

/// The largest file of a sweep that is read: a plan of 10,000 cells has a tenth of it.
const MAX_BYTES: u64 = 256 << 20;

/// A sweep's folder.
#[derive(Debug)]
pub struct SweepFolder {
    folder: OutputFolder,
    cells: OutputFolder,
}

impl SweepFolder {
    /// Claims the folder at `path`, which is created if it is missing.
    ///
    /// # Errors
    /// If it cannot be created or written to, or another process has claimed it.
    pub fn prepare(path: &Path) -> Result<Self, ReportError> {
        let folder = OutputFolder::claim(path)?;
        let cells = OutputFolder::prepare(path.join(CELLS))?;
        Ok(Self { folder, cells })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Keeps the text of the scenario whose sweep it is.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn write_scenario(&self, text: &str) -> Result<(), ReportError> {
        write_scenario(text, &self.folder).map(drop)
    }

    /// Writes the plan, and removes table and report of an earlier one.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn write_plan(&self, plan: &SweepPlan) -> Result<(), ReportError> {
        self.folder.remove(TABLE)?;
        self.folder.remove(HTML_FILE)?;
        write_json(&self.folder, PLAN, plan)
    }

    /// Removes the finished cell with this key, if it is there. Other sweeps' cells and other
    /// shards' stay.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn forget_cell(&self, key: &str) -> Result<(), ReportError> {
        self.cells.remove(&cell_file(key))
    }

    /// Whether the cell with this key is finished.
    pub fn has_cell(&self, key: &str) -> bool {
        self.cells.path().join(cell_file(key)).is_file()
    }

    /// Keeps the figures of the cell with this key.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn write_cell(&self, key: &str, figures: &CellFigures) -> Result<(), ReportError> {
        write_json(&self.cells, &cell_file(key), figures)
    }

    /// The figures of the cell with this key, if it is finished.
    ///
    /// # Errors
    /// If its file cannot be read or holds something else.
    pub fn read_cell(&self, key: &str) -> Result<Option<CellFigures>, ReportError> {
        read_cell(self.path(), key)
    }

    /// Writes the table and the figures of the cells in `finished`, by their places in the plan,
    /// removes the figures of an earlier plan, and returns the paths.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn write_results(
        &self,
        plan: &SweepPlan,
        finished: &[(usize, CellFigures)],
    ) -> Result<Vec<PathBuf>, ReportError> {
        let paths = self.folder.write_together(|set| {
            let mut paths = vec![set.write(TABLE, |out| write_sweep(out, plan, finished))?];
            paths.extend(draw_sweep(plan, finished, set)?);
            Ok(paths)
        })?;
        remove_figures(&self.folder, &paths, is_sweep_figure)?;
        Ok(paths)
    }
}

fn cell_file(key: &str) -> String {
    format!("{key}.json")
}

fn read_cell(folder: &Path, key: &str) -> Result<Option<CellFigures>, ReportError> {
    read_json(&folder.join(CELLS).join(cell_file(key)))
}

/// The plan in `folder`, if there is one.
fn read_plan(folder: &Path) -> Result<Option<SweepPlan>, ReportError> {
    let path = folder.join(PLAN);
    let plan: Option<SweepPlan> = read_json(&path)?;
    match plan.as_ref().map_or(Ok(()), SweepPlan::check) {
        Ok(()) => Ok(plan),
        Err(damage) => Err(ReportError::Unreadable { path, cause: io::Error::other(damage) }),
    }
}

/// The plan of the sweep in `folder` and its finished cells by their places; `None` if it holds no
/// sweep.
///
/// # Errors
/// If a file cannot be read or holds something else.
pub(super) fn finished_cells(folder: &Path) -> Result<Option<FinishedSweep>, ReportError> {
    let Some(plan) = read_plan(folder)? else { return Ok(None) };
    let mut finished = Vec::new();
    for (index, cell) in plan.cells.iter().enumerate() {
        if let Some(figures) = read_cell(folder, &cell.key)? {
            finished.push((index, figures));
        }
    }
    Ok(Some((plan, finished)))
}

/// A plan, and the cells that are finished by their places in it.
pub(super) type FinishedSweep = (SweepPlan, Vec<(usize, CellFigures)>);

fn write_json(
    folder: &OutputFolder,
    name: &str,
    value: &impl serde::Serialize,
) -> Result<(), ReportError> {
    folder.write(name, |out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        out.write_all(b"\n")
    })?;
    Ok(())
}

/// What the file at `path` holds; `None` if there is no file.
fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, ReportError> {
    let failed = |cause| ReportError::Unreadable { path: path.to_owned(), cause };
    match read_limited(path) {
        Ok(text) => {
            let value = serde_json::from_str(&text);
            value.map(Some).map_err(|error| failed(io::Error::other(error)))
        }
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(failed(cause)),
    }
}

/// The text of a file that is no longer than any plan.
fn read_limited(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(format!("is longer than {MAX_BYTES} bytes")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Estimate;

    #[test]
    fn a_cells_figures_are_read_back_to_the_last_bit() {
        let root = tempfile::tempdir().unwrap();
        let folder = SweepFolder::prepare(root.path()).unwrap();
        // A float whose shortest decimal a careless reader gets wrong by one bit.
        let figures = CellFigures {
            accuracy: Some(Estimate { value: 0.1 + 0.2, ci95: Some(5e-324) }),
            sim_time: 9_007_199.254_740_993,
            busiest_station: Some("pi/0".to_owned()),
            ..CellFigures::default()
        };
        assert_eq!(folder.read_cell("abc").unwrap(), None);
        folder.write_cell("abc", &figures).unwrap();
        assert_eq!(folder.read_cell("abc").unwrap(), Some(figures));
        folder.write_cell("other", &CellFigures::default()).unwrap();
        folder.forget_cell("abc").unwrap();
        folder.forget_cell("abc").unwrap();
        assert_eq!(folder.read_cell("abc").unwrap(), None);
        assert!(folder.has_cell("other") && !folder.has_cell("abc"));
    }

    #[test]
    fn a_file_that_is_no_cell_is_named() {
        let root = tempfile::tempdir().unwrap();
        let folder = SweepFolder::prepare(root.path()).unwrap();
        std::fs::write(root.path().join("cells/abc.json"), "{}").unwrap();
        let error = folder.read_cell("abc").unwrap_err().to_string();
        assert!(error.contains("abc.json cannot be read: missing field"), "{error}");
    }
}
