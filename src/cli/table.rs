//! `table`: the tables that a paper needs.

use super::exit::Failure;
use super::output::print;
use super::plot::{failed, folders};
use super::run::bad_folder;
use crate::report::figures::named_runs;
use crate::report::{OutputFolder, PaperQuestion, PaperTables};
use clap::Args;
use std::path::PathBuf;

/// Tabulate saved runs for a paper: accuracy, time, bytes, energy.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints and writes, as CSV and LaTeX (booktabs): accuracy by method, exit and OOD level; what training
took in simulated time, bytes, device FLOPs, memory and joules; the way to a target accuracy; requests.
With several training seeds accuracies and times are means with 95 % intervals. Comments in the LaTeX
files say which run, seed, version and fingerprint the numbers are of. The folder of a list of methods
stands for the run of each.

Examples:
  splitgp-sim table out/methods
  splitgp-sim table out/lambda-0 out/lambda-1 --target 95% --ood 0.8 --out tables")]
pub(super) struct TableArguments {
    /// The folders that runs were written to.
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// The folder for the tables [default: the run's own, or out/tables of several].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The accuracy whose time and bytes are looked for.
    #[arg(long, value_name = "SHARE", default_value = "90%", value_parser = share)]
    target: f64,
    /// The OOD level ρ of that accuracy; the evaluated one nearest to it counts.
    #[arg(long, value_name = "RHO", default_value = "0.4", value_parser = share)]
    ood: f64,
}

/// Runs the command.
pub(super) fn table(arguments: &TableArguments) -> Result<(), Failure> {
    let TableArguments { runs, out, target, ood } = arguments;
    let out = folders(runs, out.as_ref(), "out/tables")?;
    let question = PaperQuestion { target: *target, ood: *ood };
    let tables = PaperTables::of(&named_runs(runs), question).map_err(failed)?;
    let folder = OutputFolder::prepare(out).map_err(bad_folder)?;
    tables.write(&folder).map_err(failed)?;
    print(&format!("{}\nWritten to {}\n", tables.text(), folder.path().display()))
}

/// Reads `90%` or `0.9`.
fn share(text: &str) -> Result<f64, String> {
    let (number, unit) =
        text.strip_suffix('%').map_or((text, 1.0), |number| (number.trim_end(), 100.0));
    let share = number.parse::<f64>().ok().map(|number| number / unit);
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| format!("`{text}` is no share: write 0% to 100%, or 0 to 1"))
}
