//! How a command fails.

use std::process::ExitCode;

/// A failed command: what to tell, and the exit code.
#[derive(Debug)]
pub(super) enum Failure {
    /// The question has no answer, or the results are not what was expected or recorded, which was
    /// told: exit code 1.
    Unmet(String),
    /// The scenario, its data or the arguments are wrong: exit code 2.
    BadInput(String),
    /// The run failed: exit code 3.
    Run(String),
}

impl Failure {
    /// What to tell on stderr.
    pub(super) fn message(&self) -> &str {
        match self {
            Self::Unmet(message) | Self::BadInput(message) | Self::Run(message) => {
                message.trim_end()
            }
        }
    }

    /// The process's exit code.
    pub(super) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Unmet(_) => 1,
            Self::BadInput(_) => 2,
            Self::Run(_) => 3,
        })
    }
}
