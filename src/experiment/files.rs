//! The files that a scenario names besides its data.

use super::error::Rejection;
use super::split_model::classes;
use super::traffic::arrival_trace;
use crate::learning::{Outcome, OutcomeTable, reaches_level};
use crate::scenario::{InferenceSpec, OffloadSpec, OutcomeSpec, Scenario};
use crate::workload::ArrivalTrace;
use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;

/// What the files say.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// When requests arrive, if a trace says so.
    pub(super) trace: Option<ArrivalTrace>,
    /// The outcomes of clients trained elsewhere, if they are replayed.
    pub(super) outcomes: Option<Replayed>,
}

/// Outcomes of clients trained elsewhere.
#[derive(Debug, Clone)]
pub(super) struct Replayed {
    /// Of each client.
    pub(super) clients: Arc<Vec<Vec<Outcome>>>,
    /// For each of them whether thresholds may be fitted on it.
    pub(super) validation: Arc<Vec<Vec<bool>>>,
}

impl Files {
    /// Reads the files that `scenario` names.
    ///
    /// # Errors
    /// If one cannot be read, or does not suffice for what the scenario asks.
    pub(super) fn read(scenario: &Scenario) -> Result<Self, Rejection> {
        let replayed = scenario.inference.as_ref().map(|spec| replayed_outcomes(scenario, spec));
        let replayed = replayed.transpose()?.flatten();
        Ok(Self { trace: arrival_trace(scenario)?, outcomes: replayed })
    }
}

/// The outcomes that `spec` replays, if it does.
fn replayed_outcomes(
    scenario: &Scenario,
    spec: &InferenceSpec,
) -> Result<Option<Replayed>, Rejection> {
    let OutcomeSpec::Replayed(path) = &spec.outcomes else { return Ok(None) };
    let reject = |message: String| Rejection {
        key: "inference.outcomes".to_owned(),
        message: format!("{}: {message}", path.display()),
    };
    let file = File::open(path).map_err(|error| reject(format!("cannot be read: {error}")))?;
    let table = OutcomeTable::read(BufReader::new(file)).map_err(|e| reject(e.to_string()))?;
    // All that the format tells of the model.
    if let Some(classes) = classes(scenario).filter(|classes| *classes != table.classes) {
        return Err(reject(format!(
            "is of a model that tells {} classes apart, and `model` here tells {classes}",
            table.classes
        )));
    }
    if let Some(missing) = missing_answer(&table.clients[0][0], spec.offload) {
        return Err(reject(format!(
            "has no {missing}, which this `offload` policy asks for (see the arrays' names in \
             docs/outcomes.md)"
        )));
    }
    for (client, outcomes) in table.clients.iter().enumerate() {
        if !reaches_level(outcomes, spec.ood) {
            let main = outcomes.iter().filter(|outcome| outcome.main).count();
            let (ood, asked) = (outcomes.len() - main, spec.ood);
            return Err(reject(format!(
                "client {client} of the file has {ood} OOD samples for {main} main ones, too few \
                 for `ood: {asked}`"
            )));
        }
    }
    let fits = matches!(spec.offload, OffloadSpec::Adaptive(_));
    if fits && !table.validation.iter().flatten().any(|flag| *flag) {
        return Err(reject(
            "marks no sample in its array `validation`, and `adaptive` is fitted on such samples \
             only"
                .to_owned(),
        ));
    }
    Ok(Some(Replayed { clients: Arc::new(table.clients), validation: Arc::new(table.validation) }))
}

/// What a policy needs to know of a sample and `outcome` does not say.
fn missing_answer(outcome: &Outcome, policy: OffloadSpec) -> Option<&'static str> {
    let client = outcome.client.is_none().then_some("client exit");
    let server = outcome.server.is_none().then_some("server exit");
    let whole = outcome.whole().is_none().then_some("answer of the full model");
    match policy {
        OffloadSpec::ClientExit => client,
        OffloadSpec::ServerExit => server,
        OffloadSpec::ClientOnly | OffloadSpec::ServerOnly => whole,
        OffloadSpec::Entropy(_)
        | OffloadSpec::Margin(_)
        | OffloadSpec::Random(_)
        | OffloadSpec::Deadline(_)
        | OffloadSpec::Adaptive(_)
        | OffloadSpec::Oracle => client.or(server),
    }
}
