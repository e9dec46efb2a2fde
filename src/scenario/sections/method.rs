//! `method`: how models are trained, or a list of methods to compare, and what they demand of
//! other keys.

use crate::scenario::decode::Cursor;
use crate::scenario::model::{InferenceSpec, Method, TrainingSpec};
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

/// Decodes a method, or a list of at least one; none is listed twice.
pub(super) fn decode(cursor: &Cursor<'_>) -> Option<Vec<Method>> {
    if !cursor.value().is_sequence() {
        return Some(vec![one(cursor)?]);
    }
    // One more than there are must repeat one, so that a long list is not read to its end.
    let listed = cursor.items("training methods")?.take(Method::ALL.len() + 1);
    let mut methods = Vec::new();
    for cursor in listed {
        let method = one(&cursor)?;
        if methods.contains(&method) {
            return cursor.refuse(format!("`{}` is listed twice", method.name()));
        }
        methods.push(method);
    }
    if methods.is_empty() {
        return cursor.refuse("expected at least one training method");
    }
    Some(methods)
}

fn one(cursor: &Cursor<'_>) -> Option<Method> {
    let word = cursor.word(&METHOD)?;
    Some(Method::named(word).unwrap_or_else(|| unreachable!("`{word}` is no method")))
}

/// A weight: required if one of `methods` has it, and refused if none does, where it is 0.
/// `methods` is `None` if they were refused themselves.
pub(super) fn weight(
    section: &Section<'_>,
    weight: &Weight,
    methods: Option<&[Method]>,
) -> Option<f64> {
    let Weight { key, meaning, of } = weight;
    let is_meant = methods.map(|methods| methods.iter().any(|method| of(*method)));
    match (section.get(key), is_meant) {
        (Some(cursor), Some(false)) => {
            let names: Vec<String> =
                methods?.iter().map(|method| format!("`{}`", method.name())).collect();
            let lack = if names.len() == 1 { "does" } else { "do" };
            cursor.refuse(format!(
                "{key} {meaning}, which {} {lack} not have; leave this key out",
                names.join(" and ")
            ))
        }
        (Some(cursor), _) => unit_number(cursor),
        (None, Some(true)) => section.required(key, unit_number),
        (None, _) => Some(0.0),
    }
}

/// A comparison of methods is one of training: who could answer differs from method to method.
pub(super) fn comparison_is_of_training(
    section: &Section<'_>,
    training: Option<&TrainingSpec>,
) -> Option<()> {
    match section.get("inference") {
        Some(cursor) if training.is_some_and(|spec| !spec.compared_with.is_empty()) => cursor
            .refuse("several training methods are compared by their training; leave this key out"),
        _ => Some(()),
    }
}

/// Who can answer requests with the models of a method: a policy must ask for what is there.
pub(super) fn policy_fits(
    section: &Section<'_>,
    training: Option<&TrainingSpec>,
    inference: Option<&InferenceSpec>,
) -> Option<()> {
    let (Some(training), Some(inference)) = (training, inference) else { return Some(()) };
    if !training.compared_with.is_empty() {
        return Some(());
    }
    let (what, allowed): (_, &[&str]) = match training.method {
        Method::SplitGp | Method::MultiExit => return Some(()),
        Method::SplitFed => ("has no client exit", &["server-exit", "server-only"]),
        Method::FedAvg | Method::PersonalizedFl => {
            ("has a full model and no exits", &["client-only", "server-only"])
        }
        Method::Local => ("has full models that no device ever sends", &["client-only"]),
    };
    if allowed.contains(&inference.offload.name()) {
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
