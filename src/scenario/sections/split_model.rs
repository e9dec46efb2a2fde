//! `model`: the layers and where they are cut.

use crate::scenario::decode::Cursor;
use crate::scenario::model::{ModelPreset, ModelSpec};
use crate::scenario::vocabulary::{MODEL, PRESET, unknown};

pub(super) fn decode(cursor: Cursor<'_>) -> Option<ModelSpec> {
    let section = cursor.section(&MODEL)?;
    let preset = section.required("preset", |value| preset(&value));
    // Without a preset no cut is right or wrong.
    let preset = preset?;
    let default = default_cut(preset).to_owned();
    let cut = section.or("cut", default, |value| cut(&value, preset));
    Some(ModelSpec { preset, cut: cut? })
}

fn preset(cursor: &Cursor<'_>) -> Option<ModelPreset> {
    match cursor.word(&PRESET)? {
        "digits-cnn" => Some(ModelPreset::DigitsCnn),
        "paper-cnn" => Some(ModelPreset::PaperCnn),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn cut(cursor: &Cursor<'_>, preset: ModelPreset) -> Option<String> {
    let name = cursor.text()?;
    let allowed = allowed_cuts(preset);
    if allowed.contains(&name) {
        return Some(name.to_owned());
    }
    cursor.refuse(unknown("layer to cut after", name, allowed, allowed))
}

/// The cut that a scenario gets if it names none: for the paper's CNN, the paper's.
fn default_cut(preset: ModelPreset) -> &'static str {
    match preset {
        ModelPreset::DigitsCnn => "conv2",
        ModelPreset::PaperCnn => "conv4",
    }
}

/// The layers that may be the last on the device: each one but the last, which answers.
fn allowed_cuts(preset: ModelPreset) -> &'static [&'static str] {
    match preset {
        ModelPreset::DigitsCnn => &["conv1", "conv2", "conv3", "fc1"],
        ModelPreset::PaperCnn => &["conv1", "conv2", "conv3", "conv4", "conv5", "fc1", "fc2"],
    }
}
