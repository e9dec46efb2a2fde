//! Reading a scenario, with errors that point into its file.

use super::exit::Failure;
use crate::experiment::{Experiment, ExperimentError};
use crate::scenario::{self, LoadedScenario, ScenarioErrors, SourceMap};
use std::path::Path;

/// Reads the scenario at `path` and checks all that can be checked without its data.
pub(super) fn load(path: &Path) -> Result<LoadedScenario, Failure> {
    let loaded = scenario::load(path).map_err(|errors| Failure::BadInput(errors.to_string()))?;
    Experiment::check(&loaded.scenario).map_err(|error| located(error, &loaded.source))?;
    Ok(loaded)
}

/// Says where in the file the values stand that do not fit.
pub(super) fn located(error: ExperimentError, source: &SourceMap) -> Failure {
    match error {
        ExperimentError::Rejected(rejections) => {
            let errors: ScenarioErrors = rejections
                .into_iter()
                .map(|rejection| source.error(&rejection.key, rejection.message))
                .collect();
            Failure::BadInput(errors.to_string())
        }
        error if error.is_bad_input() => {
            Failure::BadInput(format!("error: {}: {error}", source.file()))
        }
        error => Failure::Run(format!("error: the run failed: {error}")),
    }
}
