//! `model`: the layers and where they are cut.

use crate::cost::SplitModel;
use crate::scenario::decode::Cursor;
use crate::scenario::model::{CostProxy, ModelPreset, ModelSpec, Precision};
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
