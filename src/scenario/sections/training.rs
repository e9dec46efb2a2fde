//! `training`: the method and its hyperparameters.

use super::{method, rounds, sgd};
use crate::scenario::decode::Cursor;
use crate::scenario::model::{LocalWork, Method, ServerModelSpec, TrainingSpec};
use crate::scenario::numbers::{integer, integer_u32, truth};
use crate::scenario::section::Section;
use crate::scenario::units::duration;
use crate::scenario::vocabulary::TRAINING;
use crate::time::SimDuration;

/// Rounds, updates, samples and retries beyond which no run would end.
const MAX_COUNT: u32 = 1_000_000;

/// Every seed trains all over again, and keeps its models meanwhile.
const MAX_SEEDS: usize = 32;

const DEFAULT_RETRY_AFTER: SimDuration = SimDuration::from_nanos(1_000_000_000);
const DEFAULT_RETRIES: u32 = 7;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<TrainingSpec> {
    let count = |value: Cursor<'_>| integer_u32(&value, 1, MAX_COUNT);
    let section = cursor.section(&TRAINING)?;
    let methods = section.or("method", vec![Method::SplitGp], |value| method::decode(&value));
    let rounds = section.required("rounds", count);
    let local_work = local_work(&section, count);
    let batch_size = section.required("batch_size", count);
    let sgd = sgd::decode(&section);
    let gamma = method::weight(&section, &method::GAMMA, methods.as_deref());
    let lambda = method::weight(&section, &method::LAMBDA, methods.as_deref());
    let retry_after = section.or("retry_after", DEFAULT_RETRY_AFTER, duration);
    let retries = section.or("retries", DEFAULT_RETRIES, |value| integer_u32(&value, 0, MAX_COUNT));
    let aggregation = rounds::aggregation(&section);
    let server_model = section.or("server_model", ServerModelSpec::PerClient, rounds::server_model);
    rounds::agree(&section, methods.as_deref(), aggregation, server_model)?;
    let overlap = section.or("overlap", false, |value| overlap(&value, methods.as_deref()));
    let seeds = section.optional("seeds", seeds);
    let mut methods = methods?.into_iter();
    Some(TrainingSpec {
        method: methods.next()?,
        compared_with: methods.collect(),
        rounds: rounds?,
        local_work: local_work?,
        batch_size: batch_size?,
        sgd: sgd?,
        gamma: gamma?,
        lambda: lambda?,
        retry_after: retry_after?,
        retries: retries?,
        aggregation: aggregation?,
        server_model: server_model?,
        overlap: overlap?,
        seeds: seeds?,
    })
}

/// `local_updates` or `local_epochs`, one of them.
fn local_work(
    section: &Section<'_>,
    count: impl FnOnce(Cursor<'_>) -> Option<u32>,
) -> Option<LocalWork> {
    match (section.get("local_updates"), section.get("local_epochs")) {
        (Some(_), Some(epochs)) => epochs.refuse(
            "`local_updates` already says how much a client trains in a round; leave one of the \
             two out",
        ),
        (None, Some(epochs)) => count(epochs).map(LocalWork::Epochs),
        (_, None) => section.required("local_updates", count).map(LocalWork::Updates),
    }
}

/// Whether κ runs while the gradient is awaited, which it can only in a method that has it.
/// `methods` is `None` if they were refused themselves.
fn overlap(cursor: &Cursor<'_>, methods: Option<&[Method]>) -> Option<bool> {
    let overlap = truth(cursor.clone())?;
    let has_exit = |method: &Method| method.layout().has_client_exit();
    if overlap && methods.is_some_and(|methods| !methods.iter().any(has_exit)) {
        return cursor.refuse(
            "there is no client exit that could run while the gradient is awaited; leave this key \
             out",
        );
    }
    Some(overlap)
}

/// A list of distinct seeds.
fn seeds(list: Cursor<'_>) -> Option<Vec<u64>> {
    let items: Vec<_> = list.items("seeds")?.take(MAX_SEEDS + 1).collect();
    if items.is_empty() || items.len() > MAX_SEEDS {
        return list.refuse(format!("expected 1 to {MAX_SEEDS} seeds"));
    }
    let mut seeds = Vec::new();
    let mut valid = Some(());
    for item in items {
        match integer(&item, 0..=u64::MAX) {
            Some(seed) if seeds.contains(&seed) => {
                valid = item.refuse(format!("`{seed}` is in the list already"));
            }
            Some(seed) => seeds.push(seed),
            None => valid = None,
        }
    }
    valid.map(|()| seeds)
}
