//! What a scenario assumes, in plain English: every sentence holds for that scenario.

mod fleet;
mod inference;
mod limits;
mod network;
mod phrases;
mod training;

use super::{OutputFolder, ReportError};
use crate::scenario::Scenario;
use std::path::PathBuf;

/// The file of a run's folder that [`write_assumptions`] writes.
pub const ASSUMPTIONS_FILE: &str = "assumptions.md";

/// The paragraphs of the model assumptions of `scenario`: devices, network and server, model and
/// training, requests, statistics, and what is not modelled. Equal scenarios have equal paragraphs.
pub fn assumptions(scenario: &Scenario) -> Vec<String> {
    let mut paragraphs = vec![opening(scenario), fleet::paragraph(scenario)];
    paragraphs.push(network::paragraph(scenario));
    if let Some(training) = &scenario.training {
        paragraphs.push(training::paragraph(scenario, training));
    }
    if let Some(inference) = &scenario.inference {
        paragraphs.push(inference::paragraph(scenario, inference));
    }
    paragraphs.push(limits::paragraph(scenario));
    paragraphs
}

/// Writes them, a heading first, and returns the file's path.
///
/// # Errors
/// If it cannot be written.
pub fn write_assumptions(
    scenario: &Scenario,
    folder: &OutputFolder,
) -> Result<PathBuf, ReportError> {
    folder.write(ASSUMPTIONS_FILE, |out| {
        writeln!(out, "# Model assumptions\n")?;
        writeln!(out, "{}", assumptions(scenario).join("\n\n"))
    })
}

fn opening(scenario: &Scenario) -> String {
    let replications = match scenario.replications {
        1 => "once".to_owned(),
        count => format!("{count} times, each time with other random draws of traffic and network"),
    };
    format!(
        "The scenario `{}` was simulated {replications} by splitgp-sim {}, a discrete-event \
         simulator with a clock of integer nanoseconds, from the master seed {}.",
        scenario.name,
        env!("CARGO_PKG_VERSION"),
        scenario.seed
    )
}

#[cfg(test)]
mod tests;
