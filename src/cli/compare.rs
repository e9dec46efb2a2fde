//! `compare`: two scenarios under common random numbers.

use super::exit::Failure;
use super::output::print;
use super::study::{default_folder, document, failed, lost, settings};
use crate::report::csv::write_paired;
use crate::report::{OutputFolder, paired_table};
use crate::study::compare::{FEWEST_REPLICATIONS, compare as paired};
use clap::Args;
use std::path::PathBuf;

/// Compare two scenarios, replication by replication.
#[derive(Debug, Args)]
#[command(after_help = "\
Both run with the seed of A, so that they draw the same traffic and network where they have them in
common, and the interval is that of the differences of pairs. `B is lower` or `B is higher` is said only
if the 95 % interval leaves out 0; with many figures one in twenty may be wrong by chance.

Example:
  splitgp-sim compare pi-4.yaml pi-5.yaml --replications 20")]
pub(super) struct CompareArguments {
    /// The scenario A (YAML).
    a: PathBuf,
    /// The scenario B (YAML).
    b: PathBuf,
    /// How often traffic and network are drawn.
    #[arg(long, value_name = "N", default_value_t = 10,
          value_parser = clap::value_parser!(u32).range(i64::from(FEWEST_REPLICATIONS)..=1000))]
    replications: u32,
    /// The folder for compare.csv [default: out/<A>-vs-<B>].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The folder in which what is learned is kept and looked up.
    #[arg(long, value_name = "DIR", default_value = "out/.learned")]
    cache: PathBuf,
    /// Threads; results are the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Runs the command.
pub(super) fn compare(arguments: &CompareArguments) -> Result<(), Failure> {
    let (a, b) = (document(&arguments.a)?, document(&arguments.b)?);
    let settings = settings(arguments.threads, &arguments.cache);
    let comparison = paired([&a, &b], arguments.replications, &settings).map_err(failed)?;
    let out = arguments.out.clone().unwrap_or_else(|| {
        default_folder(&format!("{}-vs-{}", comparison.first, comparison.second))
    });
    let folder =
        OutputFolder::claim(out).map_err(|error| Failure::BadInput(format!("error: {error}")))?;
    let path = folder.write("compare.csv", |out| write_paired(out, &comparison)).map_err(lost)?;
    print(&format!("{}\n\nWritten to {}\n", paired_table(&comparison), path.display()))
}
