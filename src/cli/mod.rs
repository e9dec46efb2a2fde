//! The command line, one file for each subcommand.

mod bounds;
mod calibrate;
mod capacity;
mod check;
mod compare;
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
mod trace;
mod validate;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Simulates training and inference of SplitGP on fleets of edge devices.
#[derive(Debug, Parser)]
#[command(
    name = "splitgp-sim",
    version,
    after_help = "Exit codes: 0 good, 1 an expectation is not met (run), a run is not as recorded (check) or \
                  nothing meets the objective (capacity), 2 the scenario or the arguments are \
                  wrong, 3 the run failed.",
    propagate_version = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
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
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
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
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.message());
            failure.code()
        }
    }
}
