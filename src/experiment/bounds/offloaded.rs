//! β at each cut: stated by the scenario, learned, or assumed to be that of the trained cut.

use super::{BoundsSettings, Cut};
use crate::experiment::error::{ExperimentError, Rejection};
use crate::experiment::result::RunResult;
use crate::experiment::run::{Experiment, RunSettings};
use crate::learning::accuracy as accuracy_at;
use crate::scenario::{OffloadSpec, OutcomeSpec, Scenario};

/// What is offloaded at a cut, and how right the exits are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offloaded {
    /// β.
    pub fraction: f64,
    /// Share of right answers with it, if it is known.
    pub accuracy: Option<f64>,
    /// Share of right answers of the full model, φ and θ, if it is known.
    pub full_accuracy: Option<f64>,
    /// How it is known.
    pub basis: Basis,
}

/// How β is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The scenario states it, for any cut.
    Stated,
    /// From the models trained at this very cut.
    Learned,
    /// From the models trained at the scenario's cut: those of this one may differ.
    Assumed,
}

impl Basis {
    /// As a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Learned => "learned",
            Self::Assumed => "assumed",
        }
    }
}

/// β at each of `cuts`.
pub(super) fn offloaded(
    scenario: &Scenario,
    cuts: &[Cut],
    settings: &BoundsSettings,
) -> Result<Vec<Offloaded>, ExperimentError> {
    if let Some(stated) = stated(scenario)? {
        return Ok(vec![stated; cuts.len()]);
    }
    if settings.train_cuts {
        if scenario.training.is_none() {
            let message =
                "there is no training to be repeated at other cuts: outcomes are replayed \
                           from a file"
                    .to_owned();
            return Err(Rejection { key: "inference.outcomes".to_owned(), message }.into());
        }
        return cuts.iter().map(|cut| learned(&cut.scenario, settings)).collect();
    }
    let own = learned(scenario, settings)?;
    let at = |cut: &Cut| match cut.name() == scenario.model.cut {
        true => own,
        false => Offloaded { basis: Basis::Assumed, accuracy: None, full_accuracy: None, ..own },
    };
    Ok(cuts.iter().map(at).collect())
}

/// β at the scenario's own cut.
pub(super) fn offloaded_at(
    scenario: &Scenario,
    settings: &BoundsSettings,
) -> Result<Offloaded, ExperimentError> {
    match stated(scenario)? {
        Some(stated) => Ok(stated),
        None => learned(scenario, settings),
    }
}

/// What the scenario says without a run; `None` if the models decide.
fn stated(scenario: &Scenario) -> Result<Option<Offloaded>, Rejection> {
    let reject = |key: &str, message: &str| Rejection { key: key.into(), message: message.into() };
    let Some(inference) = &scenario.inference else {
        return Err(reject("inference", "is missing: it says which requests are offloaded"));
    };
    let fraction = match inference.offload {
        OffloadSpec::Random(fraction) => fraction,
        OffloadSpec::ClientExit => 0.0,
        OffloadSpec::ServerExit => 1.0,
        OffloadSpec::ClientOnly | OffloadSpec::ServerOnly => {
            let message = "is one of the ways that are compared and says nothing of SplitGP; give a \
                           policy of two exits, such as `{ entropy: 0.4 }`";
            return Err(reject("inference.offload", message));
        }
        OffloadSpec::Entropy(_)
        | OffloadSpec::Margin(_)
        | OffloadSpec::Deadline(_)
        | OffloadSpec::Adaptive(_)
        | OffloadSpec::Oracle => return Ok(None),
    };
    let (accuracy, full_accuracy) = match inference.outcomes {
        OutcomeSpec::Stated { client_accuracy, server_accuracy } => {
            let mean = (1.0 - fraction) * client_accuracy + fraction * server_accuracy;
            (Some(mean), Some(server_accuracy))
        }
        OutcomeSpec::Learned | OutcomeSpec::Replayed(_) => (None, None),
    };
    Ok(Some(Offloaded { fraction, accuracy, full_accuracy, basis: Basis::Stated }))
}

/// What the scenario's own run comes to.
fn learned(scenario: &Scenario, settings: &BoundsSettings) -> Result<Offloaded, ExperimentError> {
    let run = Experiment::prepare(scenario.clone())?.run(RunSettings {
        threads: settings.threads,
        store: settings.store.clone(),
        ..RunSettings::default()
    })?;
    let ood = scenario.inference.as_ref().map_or(0.0, |inference| inference.ood);
    of_run(&run, ood).ok_or_else(|| {
        let message = "no request was decided, so that nobody knows what is offloaded; lengthen it";
        Rejection { key: "inference.duration".to_owned(), message: message.to_owned() }.into()
    })
}

/// The full model answers as the server exit does.
fn of_run(run: &RunResult, ood: f64) -> Option<Offloaded> {
    let inference = run.inference.as_ref()?;
    let (fraction, accuracy) = (inference.offloaded_fraction?, inference.accuracy);
    let outcomes = run.training.as_ref().and_then(|training| training.outcomes.as_ref());
    let full_accuracy = outcomes.and_then(|table| {
        accuracy_at(&table.clients, &[ood], &[])[0].server_exit.map(|exit| exit.mean)
    });
    Some(Offloaded { fraction, accuracy, full_accuracy, basis: Basis::Learned })
}
