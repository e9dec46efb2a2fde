//! Reading a scenario, with errors that point into its file.

use super::exit::Failure;
use crate::experiment::{Experiment, ExperimentError, overloads};
use crate::report::check_expectations;
use crate::scenario::{self, LoadedScenario, Scenario, ScenarioErrors, SourceMap};
use std::path::Path;

/// Reads the scenario at `path` and checks all that can be checked without its data.
pub(super) fn load(path: &Path) -> Result<LoadedScenario, Failure> {
    let loaded = scenario::load(path).map_err(|errors| Failure::BadInput(errors.to_string()))?;
    Experiment::check(&loaded.scenario).map_err(|error| located(error, &loaded.source))?;
    check_expectations(&loaded).map_err(|errors| Failure::BadInput(errors.to_string()))?;
    Ok(loaded)
}

/// Says where in the file the values stand that do not fit.
pub(super) fn located(error: ExperimentError, source: &SourceMap) -> Failure {
    match error {
        ExperimentError::Rejected(rejections) => {
            let errors = rejections
                .into_iter()
                .map(|rejection| source.error(&rejection.key, rejection.message))
                .collect();
            Failure::BadInput(ScenarioErrors::sorted(errors).to_string())
        }
        ExperimentError::Data(error) => {
            Failure::BadInput(source.error("data.path", error.to_string()).to_string())
        }
        ExperimentError::Learning(error) => {
            Failure::BadInput(source.error("data", error.to_string()).to_string())
        }
        error => Failure::Run(format!("error: the run failed: {error}")),
    }
}

/// A warning for each station that the scenario's traffic would overload.
pub(super) fn overload_warnings(scenario: &Scenario) -> Vec<String> {
    let warning = |overload: crate::experiment::Overload| {
        let condition =
            if overload.if_all_offloaded { " if every request is offloaded" } else { "" };
        format!(
            "warning: {} is offered a load of {:.2}{condition}: its queue grows while requests \
             arrive",
            overload.station, overload.load
        )
    };
    overloads(scenario).unwrap_or_default().into_iter().map(warning).collect()
}
