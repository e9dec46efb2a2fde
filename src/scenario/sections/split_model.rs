//! `model`: the layers and where they are cut.

use super::layers;
use crate::cost::{AuxiliaryCost, CostTable, ModelError, SplitModel};
use crate::scenario::decode::Cursor;
use crate::scenario::model::{
    CostProxy, CostsSpec, DataSource, InferenceSpec, ModelPreset, ModelSource, ModelSpec,
    OffloadSpec, Precision, TrainingSpec,
};
use crate::scenario::numbers::integer;
use crate::scenario::section::Section;
use crate::scenario::units::positive_size;
use crate::scenario::vocabulary::{AUX_COSTS, COST, MODEL, PRECISION, PRESET, shorten, unknown};
use std::path::Path;

/// What is known of the images that the model takes in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Images<'a> {
    /// There are none.
    None,
    /// Their section has errors of its own.
    Invalid,
    /// These.
    From(&'a DataSource),
}

/// Decodes `model` for these `images`; relative paths are taken from `folder`.
pub(super) fn decode(cursor: Cursor<'_>, images: Images<'_>, folder: &Path) -> Option<ModelSpec> {
    let section = cursor.section(&MODEL)?;
    let cost = section.or("cost", CostProxy::Flops, |value| cost(&value));
    let smashed = section.or("smashed", Precision::default(), |value| precision(&value));
    let sources = ["preset", "layers", "costs"];
    let given: Vec<&str> = sources.into_iter().filter(|source| section.has(source)).collect();
    let model = match given.as_slice() {
        ["layers"] => layers::decode(&section, images),
        ["costs"] => costs_model(&section, folder),
        [] | [_] => preset_model(&section),
        [_, second, ..] => section.get(second)?.refuse(format!(
            "a model has one of `preset`, `layers` and `costs`, not {} of them",
            given.len()
        )),
    };
    let (source, cut) = model?;
    Some(ModelSpec { source, cut, cost: cost?, smashed: smashed? })
}

/// Smashed data in fewer bits change what the server exit answers; a policy that sends none asks for
/// answers that are not evaluated then.
pub(super) fn precision_fits(
    section: &Section<'_>,
    model: Option<&ModelSpec>,
    training: Option<&TrainingSpec>,
    inference: Option<&InferenceSpec>,
) -> Option<()> {
    let (Some(model), Some(training), Some(inference)) = (model, training, inference) else {
        return Some(());
    };
    let sends_none = matches!(inference.offload, OffloadSpec::ClientOnly | OffloadSpec::ServerOnly);
    if model.smashed == Precision::Float32 || !sends_none || !training.method.layout().is_split() {
        return Some(());
    }
    section.get("model")?.entry("smashed")?.refuse(format!(
        "{} changes the answers of the server exit, and this `offload` sends no smashed data and \
         asks for unchanged ones, which are not evaluated; use float32, or another policy",
        model.smashed.name()
    ))
}

fn cost(cursor: &Cursor<'_>) -> Option<CostProxy> {
    match cursor.word(&COST)? {
        "flops" => Some(CostProxy::Flops),
        "parameters" => Some(CostProxy::Parameters),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn precision(cursor: &Cursor<'_>) -> Option<Precision> {
    let name = cursor.word(&PRECISION)?;
    let precision = Precision::ALL.into_iter().find(|precision| precision.name() == name);
    Some(precision.unwrap_or_else(|| unreachable!("`{name}` is in the vocabulary and not decoded")))
}

fn preset_model(section: &Section<'_>) -> Option<(ModelSource, String)> {
    let preset = section.required("preset", |value| preset(&value));
    let none_of_its_own = ["aux", "input", "classes"].map(|key| match section.get(key) {
        Some(value) => value.refuse("a preset has its own; leave this key out, or list `layers`"),
        None => Some(()),
    });
    // Without a preset no cut is right or wrong.
    let preset = preset?;
    let default = preset.default_cut().to_owned();
    let cut = section.or("cut", default, |value| {
        let name = value.text()?;
        cut_at(&value, name, SplitModel::preset(preset, name))
    });
    none_of_its_own.into_iter().collect::<Option<()>>()?;
    Some((ModelSource::Preset(preset), cut?))
}

fn preset(cursor: &Cursor<'_>) -> Option<ModelPreset> {
    let name = cursor.word(&PRESET)?;
    let preset = ModelPreset::ALL.into_iter().find(|preset| preset.name() == name);
    Some(preset.unwrap_or_else(|| unreachable!("`{name}` is in the vocabulary and not built in")))
}

/// The cut `name`, if `model` could be built with it.
pub(super) fn cut_at(
    cursor: &Cursor<'_>,
    name: &str,
    model: Result<SplitModel, ModelError>,
) -> Option<String> {
    match model {
        Ok(_) => Some(name.to_owned()),
        Err(ModelError::Cut(error)) => {
            let allowed: Vec<&str> = error.allowed.iter().map(String::as_str).collect();
            cursor.refuse(unknown("layer to cut after", name, &allowed, &allowed))
        }
        Err(error) => cursor.refuse(error.to_string()),
    }
}

fn costs_model(section: &Section<'_>, folder: &Path) -> Option<(ModelSource, String)> {
    let path = section.required("costs", |value| match value.text()? {
        "" => value.refuse("is empty; it names a CSV file of the layers' costs"),
        path => Some(folder.join(path)),
    });
    let input = section.optional("input", |value| match positive_size(value.clone())? {
        size if size > CostTable::MAX_INPUT => {
            value.refuse(format!("a raw input has at most {} bytes", CostTable::MAX_INPUT.0))
        }
        size => Some(size),
    });
    let aux = section.or("aux", AuxiliaryCost::default(), |value| aux_costs(&value));
    // Which layers there are is in the file.
    let cut = section.required("cut", |value| match value.text()? {
        "" => value.refuse("is empty; it names a layer of the CSV file"),
        name => Some(shorten(name)),
    });
    if let Some(classes) = section.get("classes") {
        return classes.refuse("costs do not depend on the number of classes; leave this key out");
    }
    let costs = CostsSpec { path: path?, input: input?, aux: aux? };
    Some((ModelSource::Costs(costs), cut?))
}

fn aux_costs(cursor: &Cursor<'_>) -> Option<AuxiliaryCost> {
    let section = cursor.section(&AUX_COSTS)?;
    let flops = section.or("flops", 0, |value| integer(&value, 0..=AuxiliaryCost::MAX_FLOPS));
    let parameters =
        section.or("parameters", 0, |value| integer(&value, 0..=AuxiliaryCost::MAX_PARAMETERS));
    Some(AuxiliaryCost { flops: flops?, parameters: parameters? })
}
