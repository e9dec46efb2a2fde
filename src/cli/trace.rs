//! The options that ask a run for a trace.

use super::exit::Failure;
use crate::report::OutputFolder;
use crate::report::trace::{Trace, TraceCounts, TraceLimits};
use crate::scenario::Scenario;
use clap::Args;
use std::path::{Path, PathBuf};

/// What a trace is to be called and to show.
#[derive(Debug, Args)]
pub(super) struct TraceArguments {
    /// Write a trace for ui.perfetto.dev: what every device, link and the server did when
    /// [default: trace.json in the folder for the results]; FILE ends with .json or .json.gz.
    #[arg(long, value_name = "FILE", num_args = 0..=1, value_parser = trace_file)]
    trace: Option<Option<PathBuf>>,
    /// Trace this window of simulated time only, such as 0s..5s.
    #[arg(long, value_name = "FROM..TO", requires = "trace")]
    trace_window: Option<String>,
    /// Trace these devices or classes only, such as pi/0,phone; shared links show no others either.
    #[arg(long, value_name = "NAMES", requires = "trace", value_delimiter = ',')]
    trace_clients: Vec<String>,
}

impl TraceArguments {
    /// Whether all of several runs would write to one file.
    pub(super) fn refuse_one_file_for_many(&self) -> Result<(), Failure> {
        match &self.trace {
            Some(Some(path)) => Err(Failure::BadInput(format!(
                "error: every method has a trace of its own: leave {} out, and each is written to \
                 trace.json in its method's folder",
                path.display()
            ))),
            _ => Ok(()),
        }
    }

    /// Begins the trace of a run of `scenario` into `folder`, if one is asked for.
    pub(super) fn begin(
        &self,
        scenario: &Scenario,
        folder: &OutputFolder,
    ) -> Result<Option<Trace>, Failure> {
        let Some(path) = &self.trace else { return Ok(None) };
        let bad = |message: String| Failure::BadInput(format!("error: {message}"));
        let mut limits = TraceLimits::default();
        if let Some(window) = &self.trace_window {
            limits =
                limits.within(window).map_err(|error| bad(format!("--trace-window: {error}")))?;
        }
        if !self.trace_clients.is_empty() {
            let names = self.trace_clients.iter().map(String::as_str);
            limits = limits
                .of_clients(names, scenario)
                .map_err(|error| bad(format!("--trace-clients: {error}")))?;
        }
        let path = path.clone().unwrap_or_else(|| folder.path().join("trace.json"));
        Trace::create(path, limits).map(Some).map_err(|error| bad(error.to_string()))
    }
}

/// A line that says where a finished trace is, and what it holds.
pub(super) fn traced(path: &Path, counts: TraceCounts) -> String {
    let TraceCounts { slices, flows, .. } = counts;
    format!("Trace: {slices} slices and {flows} flows in {} (ui.perfetto.dev)\n", path.display())
}

/// A scenario's file must not be overwritten by a slip.
fn trace_file(text: &str) -> Result<PathBuf, String> {
    if text.ends_with(".json") || text.ends_with(".json.gz") {
        Ok(PathBuf::from(text))
    } else {
        Err("a trace's name ends with .json or .json.gz".to_owned())
    }
}
