//! A run, a comparison of methods or a sweep as one HTML file to hand on.
//!
//! The file is made of what the folder of results holds, so nothing is simulated, and it loads
//! nothing: styles, script and figures are in it. Equal folders give equal bytes; what depends on
//! the day or the machine is left out. Names and texts of a scenario are text, whatever they hold.

mod accuracy;
mod captions;
mod figure;
mod fleet;
mod methods;
mod notes;
mod origin;
mod page;
mod requests;
mod run;
mod saved;
mod svg;
mod sweep;
mod table;
mod tiles;
mod training;
mod words;

use super::ReportError;
use super::sweep::finished_cells;
use page::Page;
use saved::SavedRun;
use std::path::Path;

/// What the report of a folder is called, unless it is said otherwise.
pub const HTML_FILE: &str = "report.html";

/// The report of the results in `folder`, an HTML document: of a run, of the methods of a list, or
/// of a sweep.
///
/// # Errors
/// If the folder holds none of these, or a file of it cannot be read or holds something else.
pub fn html_report(folder: &Path) -> Result<String, ReportError> {
    page(folder).map(|page| page.render())
}

fn page(folder: &Path) -> Result<Page, ReportError> {
    if let Some(run) = SavedRun::read(folder)? {
        return run::page(&run, folder);
    }
    if folder.join(methods::METHODS_TABLE).is_file() {
        return methods::page(folder);
    }
    if let Some(sweep) = finished_cells(folder)? {
        return sweep::page(&sweep, folder);
    }
    Err(ReportError::Runs(format!(
        "{} holds nothing to report on: give a folder that `run` or `sweep` wrote to, which has a \
         summary.json, methods.csv or sweep.json",
        folder.display()
    )))
}

#[cfg(test)]
mod tests;
