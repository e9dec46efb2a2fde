//! The scenario's model: built in, listed, or known by a file of costs.

use super::error::Rejection;
use crate::cost::{CostTable, SplitModel};
use crate::scenario::{CostsSpec, ModelSource, ModelSpec, Scenario};
use std::fs::File;

/// The split model that `spec` names.
///
/// # Errors
/// If its table of costs cannot be read, has no such cut, or nobody states the raw input.
pub(super) fn split_model(spec: &ModelSpec) -> Result<SplitModel, Rejection> {
    let at_cut = |message| Rejection { key: "model.cut".to_owned(), message };
    match &spec.source {
        ModelSource::Preset(preset) => {
            SplitModel::preset(*preset, &spec.cut).map_err(|error| at_cut(error.to_string()))
        }
        ModelSource::Layers(architecture) => {
            architecture.split(&spec.cut).map_err(|error| at_cut(error.to_string()))
        }
        ModelSource::Costs(costs) => {
            let table = table(costs)?;
            let input = match (costs.input, table.input) {
                (Some(input), None) | (None, Some(input)) => input,
                (stated, _) => return Err(ambiguous_input(costs, stated.is_some())),
            };
            table
                .split(input, &spec.cut, costs.aux)
                .map_err(|error| at_cut(format!("{}: {error}", costs.path.display())))
        }
    }
}

/// How many classes the model of `scenario` tells apart; `None` where only its costs are known, or
/// if it has no such cut.
pub fn classes(scenario: &Scenario) -> Option<u32> {
    let model = split_model(&scenario.model).ok()?;
    (model.classes > 0).then_some(model.classes)
}

fn table(costs: &CostsSpec) -> Result<CostTable, Rejection> {
    let reject = |message: String| Rejection {
        key: "model.costs".to_owned(),
        message: format!("{}: {message}", costs.path.display()),
    };
    let file =
        File::open(&costs.path).map_err(|error| reject(format!("cannot be read: {error}")))?;
    CostTable::read(file).map_err(|error| reject(error.to_string()))
}

/// The raw input is stated both in the scenario and in the table, or nowhere.
fn ambiguous_input(costs: &CostsSpec, twice: bool) -> Rejection {
    let message = if twice {
        format!("{} has it too, in `input_bytes`; leave one of them out", costs.path.display())
    } else {
        "is missing: state the bytes of a sample's raw input, such as `input: 3072 B`, or give the \
         first layer `input_bytes`"
            .to_owned()
    };
    Rejection { key: "model.input".to_owned(), message }
}
