//! Why a study stopped.

use crate::experiment::{Experiment, ExperimentError};
use crate::scenario::{Document, LoadedScenario, ScenarioErrors};

/// Why a study stopped.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// A scenario, or a value that was put into it, is wrong.
    #[error(transparent)]
    Scenario(#[from] ScenarioErrors),
    /// One run failed.
    #[error("{run}: {cause}")]
    Run {
        /// Which one.
        run: String,
        /// Why.
        cause: Box<ExperimentError>,
    },
    /// The scenario has not what is to be explained.
    #[error("{0}")]
    Unexplained(String),
    /// What was found could not be kept.
    #[error("{0}")]
    Kept(String),
}

impl StudyError {
    /// Whether the scenario or its data is to blame, not the run.
    pub fn is_bad_input(&self) -> bool {
        match self {
            Self::Scenario(_) | Self::Unexplained(_) => true,
            Self::Run { cause, .. } => matches!(
                **cause,
                ExperimentError::Rejected(_)
                    | ExperimentError::Data(_)
                    | ExperimentError::Learning(_)
            ),
            Self::Kept(_) => false,
        }
    }

    /// A failed `run`.
    pub(super) fn run(run: String, cause: ExperimentError) -> Self {
        Self::Run { run, cause: Box::new(cause) }
    }
}

/// The scenario of `document`, also checked for what needs no data: that models fit memories and
/// that every device reaches the server.
pub(super) fn checked(document: &Document) -> Result<LoadedScenario, ScenarioErrors> {
    let loaded = document.decode()?;
    if loaded.scenario.compares_methods() {
        let message = "a study runs one method at a time; sweep `training.method` over several";
        return Err(loaded.source.error("training.method", message).into());
    }
    match Experiment::check(&loaded.scenario) {
        Ok(()) => Ok(loaded),
        Err(ExperimentError::Rejected(rejections)) => {
            let error = |rejection: crate::experiment::Rejection| {
                loaded.source.error(&rejection.key, rejection.message)
            };
            Err(ScenarioErrors::sorted(rejections.into_iter().map(error).collect()))
        }
        Err(other) => Err(loaded.source.error("", other.to_string()).into()),
    }
}
