//! `explain`: why a round, or the slowest requests, took so long.

use super::exit::Failure;
use super::load::load;
use super::output::print;
use super::study::{failed, settings};
use crate::report::{
    requests_explanation, requests_explanation_json, round_explanation, round_explanation_json,
};
use crate::study::explain::{SlowShare, explain_requests, explain_round};
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::path::PathBuf;

/// Say why a training round, or the slowest requests, took so long, and what would help.
#[derive(Debug, Args)]
#[command(after_help = "\
The scenario is simulated again, to the nanosecond as `run` does it. A round's critical path is the way of
the client that decided when the round ended, from the download of its models to the aggregation; its
parts add up to the round's time. Then each device class, link and the server is made twice as fast by
itself (a link: its rate, not its delay) and everything is simulated once more with the same random
draws: what is printed is measured, not estimated. Nothing is trained for a round; requests that are
answered by the scenario's own models need its training, which is looked up first. Of several
replications the first is explained, of several training seeds the first too.

Examples:
  splitgp-sim explain scenarios/quickstart.yaml
  splitgp-sim explain scenarios/quickstart.yaml --round 3
  splitgp-sim explain scenarios/shared-wifi.yaml --requests p90 --format json")]
pub(super) struct ExplainArguments {
    /// The scenario (YAML) of the run to explain.
    scenario: PathBuf,
    /// Which training round, from 0 [default: the slowest one].
    #[arg(long, value_name = "N", conflicts_with = "requests")]
    round: Option<u32>,
    /// Explain requests instead of a round: those from this quantile of latency on [default: p99;
    /// what is explained where there is no training].
    #[arg(long, value_name = "QUANTILE", num_args = 0..=1, default_missing_value = "p99")]
    requests: Option<Quantile>,
    /// The master seed, in place of the scenario's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How many things to make twice as fast at most, those first at which most time was spent.
    #[arg(long, value_name = "N", default_value_t = 16,
          value_parser = clap::value_parser!(u16).range(0..=1000))]
    speedups: u16,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The folder in which what is learned is kept and looked up.
    #[arg(long, value_name = "DIR", default_value = "out/.learned")]
    cache: PathBuf,
    /// Threads; results are the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Quantile {
    P50,
    P90,
    P99,
    Max,
}

impl Quantile {
    fn slow(self) -> SlowShare {
        match self {
            Self::P50 => SlowShare::P50,
            Self::P90 => SlowShare::P90,
            Self::P99 => SlowShare::P99,
            Self::Max => SlowShare::Max,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub(super) fn explain(arguments: &ExplainArguments) -> Result<(), Failure> {
    if arguments.scenario.is_dir() {
        return Err(Failure::BadInput(format!(
            "error: {} is a folder; give the scenario's file instead: its run is repeated from it to \
             the nanosecond",
            arguments.scenario.display()
        )));
    }
    let mut scenario = load(&arguments.scenario)?.scenario;
    if scenario.compares_methods() {
        return Err(Failure::BadInput(
            "error: this scenario compares methods; explain one that has a single \
             `training.method`"
                .to_owned(),
        ));
    }
    if let Some(seed) = arguments.seed {
        scenario.seed = seed;
    }
    let settings = settings(arguments.threads, &arguments.cache);
    let most = usize::from(arguments.speedups);
    let of_round = scenario.training.is_some() || arguments.round.is_some();
    let (text, json) = match arguments.requests {
        None if of_round => {
            let explanation =
                explain_round(&scenario, arguments.round, most, &settings).map_err(failed)?;
            (round_explanation(&explanation), round_explanation_json(&explanation))
        }
        quantile => {
            let slow = quantile.unwrap_or(Quantile::P99).slow();
            let explanation = explain_requests(&scenario, slow, most, &settings).map_err(failed)?;
            (requests_explanation(&explanation), requests_explanation_json(&explanation))
        }
    };
    print(&match arguments.format {
        Format::Text => text,
        Format::Json => pretty(&json),
    })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
