//! `model`: the layers and where they are cut.

use crate::cost::SplitModel;
use crate::scenario::decode::Cursor;
use crate::scenario::model::{
    CostProxy, InferenceSpec, ModelPreset, ModelSpec, OffloadSpec, Precision, TrainingSpec,
};
use crate::scenario::section::Section;
use crate::scenario::vocabulary::{COST, MODEL, PRECISION, PRESET, unknown};

pub(super) fn decode(cursor: Cursor<'_>) -> Option<ModelSpec> {
    let section = cursor.section(&MODEL)?;
    let preset = section.required("preset", |value| preset(&value));
    // Without a preset no cut is right or wrong.
    let preset = preset?;
    let default = preset.default_cut().to_owned();
    let cut = section.or("cut", default, |value| cut(&value, preset));
    let cost = section.or("cost", CostProxy::Flops, |value| cost(&value));
    let smashed = section.or("smashed", Precision::default(), |value| precision(&value));
    Some(ModelSpec { preset, cut: cut?, cost: cost?, smashed: smashed? })
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

fn preset(cursor: &Cursor<'_>) -> Option<ModelPreset> {
    let name = cursor.word(&PRESET)?;
    let preset = ModelPreset::ALL.into_iter().find(|preset| preset.name() == name);
    Some(preset.unwrap_or_else(|| unreachable!("`{name}` is in the vocabulary and not built in")))
}

fn cut(cursor: &Cursor<'_>, preset: ModelPreset) -> Option<String> {
    let name = cursor.text()?;
    match SplitModel::preset(preset, name) {
        Ok(_) => Some(name.to_owned()),
        Err(error) => {
            let allowed: Vec<&str> = error.allowed.iter().map(String::as_str).collect();
            cursor.refuse(unknown("layer to cut after", name, &allowed, &allowed))
        }
    }
}
