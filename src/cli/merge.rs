//! `merge`: joins the parts of a sweep.

use super::exit::Failure;
use super::output::print;
use crate::report::{ReportError, merge as join};
use clap::Args;
use std::path::PathBuf;

/// Join the parts of a sweep that was run with --shard.
#[derive(Debug, Args)]
#[command(after_help = "\
The parts must be of the same sweep, run by the same version, and complete. What is written is what one
process would have written, byte for byte.

Examples:
  splitgp-sim sweep big.yaml --shard 1/2 --out part1    # on one machine
  splitgp-sim sweep big.yaml --shard 2/2 --out part2    # on another
  splitgp-sim merge part1 part2 --out out/big")]
pub(super) struct MergeArguments {
    /// The parts' folders.
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,
    /// The folder for the whole.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Runs the command.
pub(super) fn merge(arguments: &MergeArguments) -> Result<(), Failure> {
    let cells = join(&arguments.parts, &arguments.out).map_err(|error| match error {
        ReportError::File { .. } => Failure::Run(format!("error: {error}")),
        error => Failure::BadInput(format!("error: {error}")),
    })?;
    let path = arguments.out.join("sweep.csv");
    print(&format!(
        "{cells} cells of {} parts written to {}\n",
        arguments.parts.len(),
        path.display()
    ))
}
