//! `method`: how models are trained, and what that demands of other keys.

use crate::scenario::decode::Cursor;
use crate::scenario::model::{InferenceSpec, Method, OffloadSpec, TrainingSpec};
use crate::scenario::numbers::unit_number;
use crate::scenario::section::Section;
use crate::scenario::vocabulary::METHOD;

/// A weight that some methods have and others do not.
pub(super) struct Weight {
    key: &'static str,
    meaning: &'static str,
    of: fn(Method) -> bool,
}

/// γ.
pub(super) const GAMMA: Weight =
    Weight { key: "gamma", meaning: "weighs the losses of two exits", of: Method::has_gamma };

/// λ.
pub(super) const LAMBDA: Weight = Weight {
    key: "lambda",
    meaning: "is what clients keep of their own models when these are averaged",
    of: Method::has_lambda,
};

/// Decodes a method.
pub(super) fn decode(cursor: &Cursor<'_>) -> Option<Method> {
    let word = cursor.word(&METHOD)?;
    Some(Method::named(word).unwrap_or_else(|| unreachable!("`{word}` is no method")))
}

/// A weight: required by a method that has it and refused by one that does not, where it is 0.
/// `method` is `None` if it was refused itself.
pub(super) fn weight(
    section: &Section<'_>,
    weight: &Weight,
    method: Option<Method>,
) -> Option<f64> {
    let Weight { key, meaning, of } = weight;
    match (section.get(key), method.map(|method| (method, of(method)))) {
        (Some(cursor), Some((method, false))) => cursor.refuse(format!(
            "{key} {meaning}, which `{}` does not have; leave this key out",
            method.name()
        )),
        (Some(cursor), _) => unit_number(cursor),
        (None, Some((_, true))) => section.required(key, unit_number),
        (None, _) => Some(0.0),
    }
}

/// Who can answer requests with the models of a method: a policy must ask for what is there.
pub(super) fn policy_fits(
    section: &Section<'_>,
    training: Option<&TrainingSpec>,
    inference: Option<&InferenceSpec>,
) -> Option<()> {
    let (Some(training), Some(inference)) = (training, inference) else { return Some(()) };
    let (what, allowed): (_, &[&str]) = match training.method {
        Method::SplitGp | Method::MultiExit => return Some(()),
        Method::SplitFed => ("has no client exit", &["server-exit", "server-only"]),
        Method::FedAvg | Method::PersonalizedFl => {
            ("has a full model and no exits", &["client-only", "server-only"])
        }
        Method::Local => ("has full models that no device ever sends", &["client-only"]),
    };
    let given = match inference.offload {
        OffloadSpec::ServerExit => "server-exit",
        OffloadSpec::ClientOnly => "client-only",
        OffloadSpec::ServerOnly => "server-only",
        OffloadSpec::ClientExit | OffloadSpec::Entropy(_) | OffloadSpec::Random(_) => "",
    };
    if allowed.contains(&given) {
        return Some(());
    }
    let inference = section.get("inference")?;
    let place = ["offload", "outcomes"].into_iter().find_map(|key| inference.entry(key));
    place.unwrap_or(inference).refuse(format!(
        "`{}` {what}; who can answer: {}",
        training.method.name(),
        allowed.join(", ")
    ))
}
