//! `calibrate`: a device profile from measured layer times.

use super::exit::Failure;
use super::output::print;
use crate::report::calibration_table;
use crate::scenario::Measure;
use crate::study::calibrate::{calibrate as fit, read};
use clap::Args;
use std::fs::File;
use std::path::PathBuf;

/// Turn measured layer times of a real device into a profile.
#[derive(Debug, Args)]
#[command(after_help = "\
PROFILE.csv has a row for each measured layer (or part of a model): the columns name, flops (1 MAC = 2
FLOPs), bytes (moved to and from memory; may be left out) and a time: `time` with a unit in each value, or
time_s, time_ms, time_us or time_ns. Four rows of different sizes are the fewest.

  name,flops,bytes,time_us
  conv1,451584,105088,151
  conv2,14450688,226432,1024
  fc1,6422528,12851200,3390
  fc2,262144,526336,160

Examples:
  splitgp-sim calibrate pi5.csv
  splitgp-sim calibrate pi5.csv --memory \"8 GB\"")]
pub(super) struct CalibrateArguments {
    /// The measured times (CSV).
    #[arg(value_name = "PROFILE.csv")]
    table: PathBuf,
    /// The device's memory, for the profile.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    memory: Option<String>,
}

/// Runs the command.
pub(super) fn calibrate(arguments: &CalibrateArguments) -> Result<(), Failure> {
    let name = arguments.table.display();
    let bad = |message: String| Failure::BadInput(message);
    let file = File::open(&arguments.table)
        .map_err(|error| bad(format!("error: {name} cannot be read: {error}")))?;
    let rows = read(file).map_err(|error| bad(format!("{name}:{error}")))?;
    let calibration = fit(rows).map_err(|error| bad(format!("{name}: {error}")))?;
    print(&calibration_table(&calibration, arguments.memory.as_deref()))
}

fn size(text: &str) -> Result<String, String> {
    match Measure::read(text).and_then(|measure| measure.si()) {
        Some(si) if si.unit == "B" && si.value >= 1.0 => Ok(text.to_owned()),
        _ => Err(format!("`{text}` is no size: write one like `8 GB`")),
    }
}
