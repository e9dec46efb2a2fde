//! `report`: one HTML file of what a run has saved.

use super::exit::Failure;
use super::output::print;
use super::plot::{failed, folders};
use super::run::bad_folder;
use crate::report::{HTML_FILE, OutputFolder, html_report};
use clap::Args;
use std::path::{Path, PathBuf};

/// Write a report of a saved run: one HTML file to hand on.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is simulated. The file holds the verdict and what to be wary of, the main numbers, every figure,
tables that sort by a click, the model's assumptions, the scenario and the command that repeats it. It
needs no network and no other file, prints well, and is the same byte for byte for the same results. The
folder of a list of methods gives their comparison, that of a sweep its cells.

Examples:
  splitgp-sim report out/quickstart
  splitgp-sim report out/methods/splitgp --out splitgp.html
  splitgp-sim report out/threshold-sweep")]
pub(super) struct ReportArguments {
    /// The folder that the results were written to.
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The file [default: report.html in the results' folder].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn report(arguments: &ReportArguments) -> Result<(), Failure> {
    let ReportArguments { run, out } = arguments;
    let own = folders(std::slice::from_ref(run), None, "")?;
    let out = out.clone().unwrap_or_else(|| own.join(HTML_FILE));
    let (folder, name) = place(&out)?;
    let html = html_report(run).map_err(failed)?;
    let path = folder.write(name, |out| out.write_all(html.as_bytes())).map_err(failed)?;
    print(&format!("Written to {}\n", path.display()))
}

/// The folder and the name of the file to write.
fn place(out: &Path) -> Result<(OutputFolder, &str), Failure> {
    let name = out.file_name().and_then(|name| name.to_str()).filter(|_| !out.is_dir());
    let Some(name) = name else {
        let message = format!("error: --out: {} is no file: add its name", out.display());
        return Err(Failure::BadInput(message));
    };
    let folder = out.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = OutputFolder::prepare(folder.unwrap_or(Path::new("."))).map_err(bad_folder)?;
    Ok((folder, name))
}
