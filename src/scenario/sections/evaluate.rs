//! `evaluate`: when and at which points accuracy is measured.

use super::offload::threshold;
use crate::scenario::decode::Cursor;
use crate::scenario::model::{DataSource, DataSpec, EvaluateSpec, EvaluatedModels, TrainingSpec};
use crate::scenario::numbers::{integer_u32, truth, unit_number};
use crate::scenario::section::Section;
use crate::scenario::vocabulary::{EVALUATE, EVALUATED_MODELS};

/// The published levels of ρ.
const DEFAULT_OOD: [f64; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];

/// The published thresholds in nats.
const DEFAULT_ENTROPY: [f64; 8] = [0.05, 0.1, 0.2, 0.4, 0.8, 1.2, 1.6, 2.3];

/// Points of a digits run at which accuracy is evaluated by default.
const DIGITS_EVALUATIONS: u32 = 10;

const MAX_ROUNDS: u32 = 1_000_000;

/// Points of one axis: each costs an evaluation of all clients.
const MAX_POINTS: usize = 100;

/// What holds without the section: ten points along training on digits, which costs next to
/// nothing; the last round alone elsewhere, where an evaluation costs more than two rounds.
pub(super) fn default(data: Option<&DataSpec>, training: Option<&TrainingSpec>) -> EvaluateSpec {
    let is_digits = data.is_some_and(|data| data.source == DataSource::Digits);
    EvaluateSpec {
        every: training
            .filter(|_| is_digits)
            .map(|training| training.rounds.div_ceil(DIGITS_EVALUATIONS)),
        ood: DEFAULT_OOD.to_vec(),
        entropy: DEFAULT_ENTROPY.to_vec(),
        models: EvaluatedModels::Mixed,
        gradient_norm: false,
    }
}

/// Decodes `evaluate` over its defaults.
pub(super) fn decode(cursor: Cursor<'_>, default: EvaluateSpec) -> Option<EvaluateSpec> {
    let section = cursor.section(&EVALUATE)?;
    let every =
        section.or("every", default.every, |value| integer_u32(&value, 1, MAX_ROUNDS).map(Some));
    let ood = points(&section, "ood", default.ood, unit_number);
    let entropy = points(&section, "entropy", default.entropy, |value| threshold(&value));
    let models = section.or("models", default.models, models);
    let gradient_norm = section.or("gradient_norm", default.gradient_norm, truth);
    Some(EvaluateSpec {
        every: every?,
        ood: ood?,
        entropy: entropy?,
        models: models?,
        gradient_norm: gradient_norm?,
    })
}

fn models(cursor: Cursor<'_>) -> Option<EvaluatedModels> {
    match cursor.word(&EVALUATED_MODELS)? {
        "mixed" => Some(EvaluatedModels::Mixed),
        "local" => Some(EvaluatedModels::Local),
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

/// An ascending list of numbers.
fn points(
    section: &Section<'_>,
    key: &str,
    default: Vec<f64>,
    decode: fn(Cursor<'_>) -> Option<f64>,
) -> Option<Vec<f64>> {
    section.or(key, default, |list| {
        let items: Vec<_> = list.items("numbers")?.take(MAX_POINTS + 1).collect();
        if items.is_empty() || items.len() > MAX_POINTS {
            return list.refuse(format!("expected 1 to {MAX_POINTS} numbers"));
        }
        let numbers: Vec<_> = items.into_iter().map(decode).collect();
        let numbers: Vec<_> = numbers.into_iter().collect::<Option<_>>()?;
        if !numbers.is_sorted_by(|a, b| a < b) {
            return list.refuse("the numbers must ascend");
        }
        Some(numbers)
    })
}
