//! What `check` found, for a person, a program or a CI system.

mod figures;
mod github;
mod json;
mod junit;
mod text;

pub use figures::main_figures;
pub use github::check_annotations;
pub use json::check_json;
pub use junit::check_junit;
pub use text::check_text;

use super::Checked;
use crate::study::check::Changes;
use serde::Serialize;
use std::path::PathBuf;

/// What became of one scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The scenario's file.
    pub scenario: PathBuf,
    /// Handled events of all runs.
    pub events: u64,
    /// How it ended.
    pub outcome: CheckOutcome,
    /// What the scenario expects, and what its run came to.
    pub expectations: Vec<Checked>,
}

/// How the check of one scenario ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "details")]
pub enum CheckOutcome {
    /// The runs are as recorded; what changed besides, if anything, makes no difference.
    Same(Box<Changes>),
    /// They are not.
    Changed(Box<Changes>),
    /// There is no record to hold them against.
    Unrecorded,
    /// A record was written; what changed against the earlier one, if there was one.
    Blessed(Option<Box<Changes>>),
    /// The scenario, its data or its record is wrong.
    Invalid(String),
    /// A run failed, or was interrupted.
    Failed(String),
}

impl Finding {
    /// Expectations that are not met.
    pub fn missed(&self) -> impl Iterator<Item = &Checked> {
        self.expectations.iter().filter(|checked| !checked.met)
    }

    /// What the process's exit code would be for this finding alone: 0 good, 1 changed or not as
    /// expected, 2 invalid, 3 failed. What has no record is none's fault in a folder.
    pub fn exit_code(&self) -> u8 {
        match &self.outcome {
            CheckOutcome::Failed(_) => 3,
            CheckOutcome::Invalid(_) => 2,
            CheckOutcome::Changed(_) => 1,
            _ => u8::from(self.missed().next().is_some()),
        }
    }

    /// One word.
    fn state(&self) -> &'static str {
        match &self.outcome {
            CheckOutcome::Same(_) if self.exit_code() == 1 => "missed",
            CheckOutcome::Same(_) => "ok",
            CheckOutcome::Changed(_) => "changed",
            CheckOutcome::Unrecorded => "unrecorded",
            CheckOutcome::Blessed(_) => "recorded",
            CheckOutcome::Invalid(_) => "invalid",
            CheckOutcome::Failed(_) => "failed",
        }
    }
}

#[cfg(test)]
mod tests;
