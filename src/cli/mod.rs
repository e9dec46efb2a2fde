//! The command line, one file for each subcommand.

mod bounds;
mod calibrate;
mod capacity;
mod check;
mod compare;
mod completions;
mod exit;
mod explain;
mod graph;
mod interrupt;
mod load;
mod merge;
mod methods;
mod output;
mod plot;
mod profiles;
mod progress;
mod report;
mod run;
mod schema;
mod study;
mod sweep;
mod table;
mod talk;
mod trace;
mod validate;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Simulates training and inference of SplitGP on fleets of edge devices.
#[derive(Debug, Parser)]
#[command(
    name = "splitgp-sim",
    version,
    after_help = "\
Examples:
  splitgp-sim run scenarios/quickstart.yaml
  splitgp-sim validate my-fleet.yaml
  splitgp-sim help capacity

Exit codes:
  0    good
  1    an expectation is not met (run), a run is not as recorded (check), or nothing meets the objective (capacity)
  2    the scenario or the arguments are wrong
  3    the run failed, or was interrupted by Ctrl-C and wrote what was finished
  130  interrupted twice

Progress is shown on terminals only; NO_COLOR switches off what is coloured there.",
    propagate_version = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Say nothing on stderr but errors: no progress, notes or warnings.
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::RunArguments),
    Plot(plot::PlotArguments),
    Table(table::TableArguments),
    Report(report::ReportArguments),
    Bounds(bounds::BoundsArguments),
    Sweep(sweep::SweepArguments),
    Merge(merge::MergeArguments),
    Compare(compare::CompareArguments),
    Capacity(capacity::CapacityArguments),
    Explain(explain::ExplainArguments),
    Calibrate(calibrate::CalibrateArguments),
    Check(check::CheckArguments),
    Validate(validate::ValidateArguments),
    Profiles(profiles::ProfilesArguments),
    Schema(schema::SchemaArguments),
    Completions(completions::CompletionsArguments),
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.quiet {
        talk::be_quiet();
    }
    let outcome = match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Table(arguments) => table::table(&arguments),
        Command::Report(arguments) => report::report(&arguments),
        Command::Plot(arguments) => plot::plot(&arguments),
        Command::Bounds(arguments) => bounds::compare_cuts(&arguments),
        Command::Sweep(arguments) => sweep::sweep(&arguments),
        Command::Merge(arguments) => merge::merge(&arguments),
        Command::Compare(arguments) => compare::compare(&arguments),
        Command::Capacity(arguments) => capacity::capacity(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Calibrate(arguments) => calibrate::calibrate(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Validate(arguments) => validate::validate(&arguments),
        Command::Profiles(arguments) => profiles::profiles(&arguments),
        Command::Schema(arguments) => schema::schema(&arguments),
        Command::Completions(arguments) => completions::completions(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.message());
            failure.code()
        }
    }
}
