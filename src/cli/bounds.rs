//! `bounds`: where to cut the model, and who is the fastest where.

use super::exit::Failure;
use super::load::{load, located};
use super::output::print;
use super::run::{all_cores, bad_folder, lost};
use crate::experiment::{BoundsSettings, StoreSettings, TrainingStart, bounds, regimes};
use crate::report::{self, OutputFolder};
use crate::scenario::LoadedScenario;
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Compare SplitGP with the full model on the device and on the server, at every cut.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints, for each device class and cut, the closed-form times of one lone request, the bounds on the
client's share of the model below which SplitGP is the faster, and each offloaded fraction and uplink
rate at which an alternative overtakes it. Short simulations at next to no load are drawn on top.

The offloaded fraction is the scenario's, or that of its trained models; at cuts that were not trained
it is marked `assumed`.

Examples:
  splitgp-sim bounds scenarios/where-to-cut.yaml
  splitgp-sim bounds scenarios/where-to-cut.yaml --train-cuts
  splitgp-sim bounds scenarios/regimes.yaml --regimes")]
pub(super) struct BoundsArguments {
    /// The scenario (YAML).
    scenario: PathBuf,
    /// The folder for the results [default: out/<name of the scenario>].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Train the models at every cut, not at the scenario's own alone.
    #[arg(long)]
    train_cuts: bool,
    /// Instead, map who is the fastest over the rates of the uplink and of the device.
    #[arg(long, conflicts_with = "train_cuts")]
    regimes: bool,
    /// Threads for training; results are the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// The folder in which what is learned is kept and looked up.
    #[arg(long, value_name = "DIR", default_value = "out/.learned")]
    cache: PathBuf,
}

/// Runs the command.
pub(super) fn compare_cuts(arguments: &BoundsArguments) -> Result<(), Failure> {
    let LoadedScenario { scenario, source, .. } = load(&arguments.scenario)?;
    let default = || PathBuf::from("out").join(&scenario.name);
    let out = arguments.out.clone().unwrap_or_else(default);
    let folder = OutputFolder::claim(out).map_err(bad_folder)?;
    let settings = BoundsSettings {
        train_cuts: arguments.train_cuts,
        threads: arguments
            .threads
            .and_then(|threads| NonZeroUsize::new(threads.into()))
            .unwrap_or_else(all_cores),
        store: Some(StoreSettings {
            folder: arguments.cache.clone(),
            start: TrainingStart::Reuse,
            checkpoint_every: None,
        }),
    };
    let text = if arguments.regimes {
        let map = regimes(&scenario, &settings).map_err(|error| located(error, &source))?;
        report::write_regimes(&map, &folder).map_err(lost)?;
        report::regimes_table(&map)
    } else {
        let found = bounds(&scenario, &settings).map_err(|error| located(error, &source))?;
        report::write_bounds(&found, &folder).map_err(lost)?;
        report::bounds_table(&found)
    };
    print(&format!("{text}\nWritten to {}\n", folder.path().display()))
}
