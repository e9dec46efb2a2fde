//! The tables that a paper needs, from the files that runs have saved.

mod cost;
mod saved_run;
mod sheet;
mod sheets;

use super::figures::NamedRun;
use super::{OutputFolder, ReportError};
use saved_run::SavedRun;
use sheet::Sheet;
use std::path::PathBuf;

/// The tables of several runs.
#[derive(Debug)]
pub struct PaperTables {
    runs: Vec<SavedRun>,
    sheets: Vec<Sheet>,
}

/// What the tables are asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaperQuestion {
    /// The accuracy, a share in [0, 1], whose time and bytes are looked for.
    pub target: f64,
    /// The OOD level ρ of that accuracy; the evaluated one nearest to it is taken.
    pub ood: f64,
}

impl PaperTables {
    /// The tables of `runs`; a folder of several methods stands for the run of each.
    ///
    /// # Errors
    /// If a folder holds no run, or one of its files cannot be read or holds something else.
    pub fn of(runs: &[NamedRun], question: PaperQuestion) -> Result<Self, ReportError> {
        let mut saved = Vec::new();
        for run in runs {
            saved.extend(SavedRun::read(run)?);
        }
        let sheets = sheets::all(&saved, question);
        Ok(Self { runs: saved, sheets })
    }

    /// As plain text, with a line for each run that says what it was.
    pub fn text(&self) -> String {
        let mut sections: Vec<String> = self.sheets.iter().map(Sheet::text).collect();
        sections.push(self.notes().join("\n"));
        sections.join("\n\n") + "\n"
    }

    /// Writes each table as CSV and as LaTeX (package booktabs) into `folder` and returns the paths.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, folder: &OutputFolder) -> Result<Vec<PathBuf>, ReportError> {
        let notes = self.notes();
        let mut paths = Vec::new();
        for sheet in &self.sheets {
            let name = |extension: &str| format!("table-{}.{extension}", sheet.name);
            paths.push(folder.write(&name("csv"), |out| sheet.write_csv(out))?);
            paths.push(folder.write(&name("tex"), |out| sheet.write_latex(out, &notes))?);
        }
        Ok(paths)
    }

    fn notes(&self) -> Vec<String> {
        self.runs.iter().map(SavedRun::note).collect()
    }
}

#[cfg(test)]
mod tests;
