//! `plot`: draws figures again from what runs have saved.

use super::exit::Failure;
use super::output::print;
use super::run::bad_folder;
use crate::report::figures::{named_runs, redraw, redrawn_names};
use crate::report::{OutputFolder, ReportError};
use clap::Args;
use std::path::PathBuf;

/// Draw figures again from saved runs; several runs share one figure.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is simulated: each figure is drawn from the CSV file of its name in the run's folder. Of one run
all of its figures are drawn, byte for byte as `run` or `sweep` drew them. Several runs share the figures
that can be compared, with a panel for each exit and a line for each run under its folder's name.

Examples:
  splitgp-sim plot out/quickstart --out figures
  splitgp-sim plot out/methods/splitgp out/methods/fedavg --out figures
  splitgp-sim plot out/lambda-0 out/lambda-1 --what accuracy_by_ood --out figures")]
pub(super) struct PlotArguments {
    /// The folders that runs were written to.
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// The folder for the figures [default: the run's own, or out/overlay of several].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// One figure alone, by its file's name.
    #[arg(long, value_name = "NAME")]
    what: Option<String>,
}

/// Runs the command.
pub(super) fn plot(arguments: &PlotArguments) -> Result<(), Failure> {
    let PlotArguments { runs, out, what } = arguments;
    let out = folders(runs, out.as_ref(), "out/overlay")?;
    if let Some(what) = what {
        known(what, runs.len() > 1)?;
    }
    let folder = OutputFolder::prepare(out).map_err(bad_folder)?;
    let files = redraw(&named_runs(runs), what.as_deref(), &folder).map_err(failed)?;
    print(&format!("{} files written to {}\n", files.len(), folder.path().display()))
}

/// The folder for what is made of `runs`: `out`, or else the only run's own, or that `of_several`.
///
/// # Errors
/// If one of the runs is no folder.
pub(super) fn folders(
    runs: &[PathBuf],
    out: Option<&PathBuf>,
    of_several: &str,
) -> Result<PathBuf, Failure> {
    if let Some(missing) = runs.iter().find(|run| !run.is_dir()) {
        let message = format!("error: {} is no folder of a run", missing.display());
        return Err(Failure::BadInput(message));
    }
    let own = || if let [run] = runs { run.clone() } else { PathBuf::from(of_several) };
    Ok(out.cloned().unwrap_or_else(own))
}

/// Refuses a figure that there is none of.
fn known(what: &str, several: bool) -> Result<(), Failure> {
    let names = redrawn_names(several);
    if names.contains(&what) {
        return Ok(());
    }
    let nearest = names
        .iter()
        .max_by(|a, b| strsim::jaro_winkler(what, a).total_cmp(&strsim::jaro_winkler(what, b)));
    let nearest = nearest.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default();
    let of = if several { "several runs can share" } else { "a run can have" };
    Err(Failure::BadInput(format!(
        "error: --what: `{what}` is no figure that {of}{nearest}; there are {}",
        names.join(", ")
    )))
}

/// Wrong folders and damaged files are the user's, a failing disk is not.
pub(super) fn failed(error: ReportError) -> Failure {
    let message = format!("error: {error}");
    match error {
        ReportError::File { .. } => Failure::Run(message),
        _ => Failure::BadInput(message),
    }
}
