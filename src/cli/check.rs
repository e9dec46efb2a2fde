//! `check`: holds scenarios' runs against the records that are committed beside them.

mod one;
mod paths;

use super::exit::Failure;
use super::interrupt::stop_at_interrupt;
use super::output::print;
use super::run::all_cores;
use super::talk::bar;
use crate::report::{
    CheckOutcome, Finding, check_annotations, check_json, check_junit, check_text,
};
use crate::study::check::CheckSettings;
use crate::study::each_in_parallel;
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use paths::{Listed, listed};
use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Check that scenarios still run as recorded; say what changed.
#[derive(Debug, Args)]
#[command(after_help = "\
A record is kept beside the scenario: NAME.check.json has the fingerprint, its ingredients and the main
figures, NAME.check.events.gz the first events. Commit both. If a run differs, check says which ingredient
changed (times, endpoints, kinds, sizes, draws), shows the first event that differs, and lists the figures
that drifted. The scenarios' own `expect` are checked too. A folder means the scenarios directly in it
(.yaml, .yml); those of them without a record are listed and not run.

Examples:
  splitgp-sim check scenarios
  splitgp-sim check my-fleet.yaml --bless
  splitgp-sim check scenarios --format github")]
pub(super) struct CheckArguments {
    /// Scenarios (YAML), or folders of them.
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Record the runs as they are now; of a folder those of all its scenarios.
    #[arg(long)]
    bless: bool,
    /// How to tell: for a person, as JSON, as JUnit XML, or as annotations of GitHub Actions.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Threads; results are the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// The folder in which what is learned is kept and looked up.
    #[arg(long, value_name = "DIR", default_value = "out/.learned")]
    cache: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Junit,
    Github,
}

/// Runs the command.
pub(super) fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let scenarios = listed(&arguments.scenarios).map_err(Failure::BadInput)?;
    let threads = arguments
        .threads
        .and_then(|threads| NonZeroUsize::new(threads.into()))
        .unwrap_or_else(all_cores);
    let share = NonZeroUsize::new(threads.get() / scenarios.len().max(1));
    let settings = CheckSettings {
        threads: share.unwrap_or(NonZeroUsize::MIN),
        learned: arguments.cache.clone(),
        stop: stop_at_interrupt(),
    };
    let bar = progress(scenarios.len());
    let mut findings = vec![None; scenarios.len()];
    let work =
        |listed: &Listed| Ok::<_, Infallible>(one::check(listed, arguments.bless, &settings));
    let all = each_in_parallel(&scenarios, threads, work, |place, finding| {
        findings[place] = Some(finding);
        bar.inc(1);
        Ok(())
    });
    let Ok(()) = all;
    bar.finish_and_clear();
    let findings: Vec<Finding> = findings.into_iter().flatten().collect();
    print(&match arguments.format {
        Format::Text => check_text(&findings),
        Format::Json => check_json(&findings),
        Format::Junit => check_junit(&findings),
        Format::Github => check_annotations(&findings) + &check_text(&findings),
    })?;
    verdict(&scenarios, &findings)
}

/// The worst of what was found.
fn verdict(scenarios: &[Listed], findings: &[Finding]) -> Result<(), Failure> {
    let count = |code: u8| findings.iter().filter(|finding| finding.exit_code() == code).count();
    if count(3) > 0 {
        return Err(Failure::Run(format!("error: runs that failed: {}", count(3))));
    }
    if count(2) > 0 {
        let message = format!("error: invalid scenarios or records: {}", count(2));
        return Err(Failure::BadInput(message));
    }
    if count(1) > 0 {
        let message = format!("error: scenarios not as recorded or expected: {}", count(1));
        return Err(Failure::Unmet(message));
    }
    let is_unrecorded = |finding: &Finding| finding.outcome == CheckOutcome::Unrecorded;
    let mut named = scenarios.iter().zip(findings).filter(|(listed, _)| listed.is_named);
    if named.any(|(_, finding)| is_unrecorded(finding)) {
        return Err(Failure::Unmet(
            "error: there is no record to hold a scenario against".to_owned(),
        ));
    }
    if findings.iter().all(is_unrecorded) {
        let message = "error: no scenario there has a record; `check --bless` makes them";
        return Err(Failure::Unmet(message.to_owned()));
    }
    Ok(())
}

/// How many scenarios are done.
fn progress(scenarios: usize) -> ProgressBar {
    bar(scenarios as u64, "check {wide_bar} scenario {pos}/{len}")
}
