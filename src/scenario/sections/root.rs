//! The whole document, and the rules that join its sections.

use super::split_model::Images;
use super::{
    data, evaluate, fleet, inference, method, network, output, server, split_model, training,
};
use crate::scenario::decode::Cursor;
use crate::scenario::model::{
    DataSpec, FleetEntry, InferenceSpec, ModelPreset, ModelSource, ModelSpec, NetworkSpec,
    OutcomeSpec, Scenario, TrainingSpec,
};
use crate::scenario::numbers::{integer, integer_u32};
use crate::scenario::section::Section;
use crate::scenario::traffic::{ArrivalSpec, MAX_REQUESTS};
use crate::scenario::vocabulary::{ROOT, shorten};
use std::path::Path;

const DEFAULT_SEED: u64 = 1;

/// More replications narrow an interval no further than a longer run would.
const MAX_REPLICATIONS: u32 = 1000;

/// Characters of a scenario's name.
const MAX_NAME_CHARS: usize = 100;

/// Decodes the whole document; relative paths in it are taken from `folder`.
pub(in crate::scenario) fn decode(cursor: &Cursor<'_>, folder: &Path) -> Option<Scenario> {
    let section = cursor.section(&ROOT)?;
    let name = section.required("name", |value| name(&value));
    let seed = section.or("seed", DEFAULT_SEED, |value| integer(&value, 0..=u64::MAX));
    let data = section.optional("data", |value| data::decode(value, folder));
    let images = match &data {
        Some(Some(data)) => Images::From(&data.source),
        Some(None) => Images::None,
        None => Images::Invalid,
    };
    let model = section.required("model", |value| split_model::decode(value, images, folder));
    let fleet = section.required("fleet", fleet::decode);
    let server = section.required("server", server::decode);
    let mut network = section.or("network", NetworkSpec::default(), network::decode);
    let training = section.optional("training", training::decode);
    let inference = section.optional("inference", |value| inference::decode(value, folder));
    // What is known of the sections that others must agree with.
    let known_data = data.as_ref().and_then(Option::as_ref);
    let known_training = training.as_ref().and_then(Option::as_ref);
    let known_inference = inference.as_ref().and_then(Option::as_ref);
    let default = evaluate::default(known_data, known_training);
    let evaluate =
        section.or("evaluate", default.clone(), |value| evaluate::decode(value, default));
    let output = section.or("output", output::DEFAULT, output::decode);
    let replications =
        section.or("replications", 1, |value| integer_u32(&value, 1, MAX_REPLICATIONS));

    let joined = match (network.as_mut(), server.as_ref(), fleet.as_ref()) {
        (Some(network), Some(server), Some(fleet)) => {
            network::join(&section, network, server, fleet)
        }
        _ => Some(()),
    };
    let agreed = [
        joined,
        something_happens(&section),
        training_has_its_data(&section),
        only_training_is_evaluated(&section),
        method::comparison_is_of_training(&section, known_training),
        method::policy_fits(&section, known_training, known_inference),
        split_model::precision_fits(&section, model.as_ref(), known_training, known_inference),
        images_fit_model(&section, model.as_ref(), known_data),
        what_is_trained_has_layers(&section, model.as_ref()),
        outcomes_are_learned_somewhere(&section, known_inference),
        replications_learn_alike(&section, fleet.as_deref(), known_training, replications),
        requests_are_countable(&section, fleet.as_deref(), known_inference, replications),
    ];
    agreed.into_iter().collect::<Option<()>>()?;
    Some(Scenario {
        name: name?,
        seed: seed?,
        model: model?,
        data: data?,
        fleet: fleet?,
        server: server?,
        network: network?,
        training: training?,
        inference: inference?,
        evaluate: evaluate?,
        output: output?,
        replications: replications?,
    })
}

/// A name that every file system takes as a folder's name.
fn name(cursor: &Cursor<'_>) -> Option<String> {
    let name = cursor.text()?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !begins_well || name.len() > MAX_NAME_CHARS || !name.chars().all(allowed) {
        return cursor.refuse(format!(
            "`{}` is no name for a folder; it has 1 to {MAX_NAME_CHARS} letters, digits, `-`, `_` \
             or `.`, and begins with a letter or digit",
            shorten(name)
        ));
    }
    Some(name.to_owned())
}

fn something_happens(section: &Section<'_>) -> Option<()> {
    if section.has("training") || section.has("inference") {
        return Some(());
    }
    section.cursor().refuse("there is neither `training` nor `inference`: nothing to simulate")
}

fn training_has_its_data(section: &Section<'_>) -> Option<()> {
    if section.has("data") || !section.has("training") {
        return Some(());
    }
    section.required("data", |_| Some(()))
}

fn only_training_is_evaluated(section: &Section<'_>) -> Option<()> {
    match section.get("evaluate") {
        Some(cursor) if !section.has("training") => {
            cursor.refuse("without `training` there is no model to evaluate; leave this key out")
        }
        _ => Some(()),
    }
}

fn images_fit_model(
    section: &Section<'_>,
    model: Option<&ModelSpec>,
    data: Option<&DataSpec>,
) -> Option<()> {
    let (Some(model), Some(data)) = (model, data) else { return Some(()) };
    let ModelSource::Preset(preset) = model.source else { return Some(()) };
    let Some((images, _)) = data.source.known_samples() else { return Some(()) };
    let takes = preset.input();
    if takes == images {
        return Some(());
    }
    let other = ModelPreset::ALL.into_iter().find(|preset| preset.input() == images);
    let other = other.map(|preset| format!("`preset: {}` or ", preset.name())).unwrap_or_default();
    section.get("data")?.entry("source")?.refuse(format!(
        "`{}` takes images of {takes} (channels, height, width) and these are {images}; use \
         {other}your own `layers`",
        preset.name()
    ))
}

/// Costs alone can be timed, not trained.
fn what_is_trained_has_layers(section: &Section<'_>, model: Option<&ModelSpec>) -> Option<()> {
    match model {
        Some(ModelSpec { source: ModelSource::Costs(_), .. }) if section.has("training") => {
            section.get("model")?.entry("costs")?.refuse(
                "layers known by their costs can be timed, but there is nothing to train; leave \
                 `training` out and state `outcomes`, or use `preset` or `layers`",
            )
        }
        _ => Some(()),
    }
}

fn outcomes_are_learned_somewhere(
    section: &Section<'_>,
    inference: Option<&InferenceSpec>,
) -> Option<()> {
    match inference {
        Some(inference)
            if inference.outcomes == OutcomeSpec::Learned && !section.has("training") =>
        {
            let inference = section.get("inference")?;
            inference.entry("outcomes").unwrap_or(inference).refuse(
                "learned outcomes need `training`; add it, or state `outcomes: { client_accuracy: \
                 0.8, server_accuracy: 0.9, offload: 0.3 }`, or name a file of outcomes",
            )
        }
        Some(InferenceSpec { outcomes: OutcomeSpec::Replayed(_), .. })
            if section.has("training") =>
        {
            section.get("inference")?.entry("outcomes")?.refuse(
                "models that were trained elsewhere answer, so that `training` here would change \
                 no answer; leave one of the two out",
            )
        }
        _ => Some(()),
    }
}

/// Replications repeat what was learned once, which cannot be where the clock decides what that is.
fn replications_learn_alike(
    section: &Section<'_>,
    fleet: Option<&[FleetEntry]>,
    training: Option<&TrainingSpec>,
    replications: Option<u32>,
) -> Option<()> {
    let fails = fleet.unwrap_or_default().iter().any(|entry| entry.availability.is_some());
    let cause = if fails && section.has("training") {
        "devices that fail make"
    } else if training.is_some_and(TrainingSpec::learns_by_the_clock) {
        "a deadline, asynchronous aggregation and a shared server model make"
    } else {
        return Some(());
    };
    match section.get("replications") {
        Some(value) if replications.is_some_and(|count| count > 1) => value.refuse(format!(
            "{cause} learning depend on timing; training again in every replication is valid here, \
             but is not simulated yet"
        )),
        _ => Some(()),
    }
}

/// Refuses traffic whose records would not fit in memory, all replications running at once, or whose
/// states change as often. A trace is counted when it is read.
fn requests_are_countable(
    section: &Section<'_>,
    fleet: Option<&[FleetEntry]>,
    inference: Option<&InferenceSpec>,
    replications: Option<u32>,
) -> Option<()> {
    let (Some(fleet), Some(inference)) = (fleet, inference) else { return Some(()) };
    let replications = replications.unwrap_or(1);
    let clients: u128 = fleet.iter().map(|entry| u128::from(entry.count)).sum();
    let refuse = |what: &str, count: u128| {
        section.get("inference")?.entry("arrivals")?.refuse(format!(
            "about {count} {what} are expected from a fleet of {clients}; at most {MAX_REQUESTS} \
             are simulated: shorten `duration` or lower the rate of `arrivals`"
        ))
    };
    if let ArrivalSpec::Bursty { quiet, burst } = inference.arrivals {
        let sojourn = quiet.mean_sojourn.min(burst.mean_sojourn);
        let changes = inference.expected_events(sojourn, clients, replications);
        if changes > u128::from(MAX_REQUESTS) {
            return refuse("changes of state", changes);
        }
    }
    match inference.expected_requests(clients, replications) {
        Some(requests) if requests > u128::from(MAX_REQUESTS) => refuse("requests", requests),
        _ => Some(()),
    }
}
