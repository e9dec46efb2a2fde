//! Arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    splitgp_sim::cli::main()
}
