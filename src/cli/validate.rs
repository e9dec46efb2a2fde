//! `validate`: checks a scenario without running it.

use super::exit::Failure;
use super::load::load;
use crate::experiment::{class_times, overloads};
use clap::Args;
use comfy_table::{Table, presets};
use std::path::PathBuf;

/// Check scenarios; show each device class's times on an idle network.
#[derive(Debug, Args)]
#[command(after_help = "\
Reads no data set and simulates nothing. Times are closed forms: no queueing, jitter or loss.

Example:
  splitgp-sim validate scenarios/*.yaml")]
pub(super) struct ValidateArguments {
    /// The scenarios (YAML).
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
}

/// Runs the command: all scenarios are checked, also after one is refused.
pub(super) fn validate(arguments: &ValidateArguments) -> Result<(), Failure> {
    let mut refused = Vec::new();
    for path in &arguments.scenarios {
        match load(path) {
            Ok(loaded) => {
                println!("{} is valid", path.display());
                let times = class_times(&loaded.scenario).map_err(|rejection| {
                    Failure::BadInput(format!("error: {}: {rejection}", path.display()))
                })?;
                let mut table = Table::new();
                table.load_preset(presets::NOTHING);
                table.set_header([
                    "class",
                    "devices",
                    "client exit (ms)",
                    "server exit (ms)",
                    "lone round (s)",
                ]);
                for class in times {
                    let ms = |time: crate::time::SimDuration| {
                        format!("{:.3}", time.as_secs_f64() * 1e3)
                    };
                    table.add_row([
                        class.name,
                        class.count.to_string(),
                        ms(class.client_exit),
                        ms(class.server_exit),
                        class.round.map_or("–".to_owned(), |t| format!("{:.3}", t.as_secs_f64())),
                    ]);
                }
                println!("{table}");
                for overload in overloads(&loaded.scenario).unwrap_or_default() {
                    let condition = if overload.if_all_offloaded {
                        " if every request is offloaded"
                    } else {
                        ""
                    };
                    println!(
                        "warning: {} is offered a load of {:.2}{condition}",
                        overload.station, overload.load
                    );
                }
            }
            Err(failure) => refused.push(failure.message().to_owned()),
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::BadInput(refused.join("\n\n"))) }
}
