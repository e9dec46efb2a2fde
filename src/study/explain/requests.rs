//! Why the slowest requests took so long.

use super::path::{Leg, StageShare, shares, tiled, total};
use super::speedup::Speedup;
use super::watchers::{Eye, Sight};
use super::{Measured, measured};
use crate::actors::{RequestOutcome, RequestRecord, Sojourn, Subject};
use crate::experiment::{
    Clock, InferenceResult, RunResult, RunSettings, StoreSettings, TrainingStart,
};
use crate::scenario::Scenario;
use crate::study::{StudyError, StudySettings};
use crate::time::SimDuration;
use std::collections::BTreeMap;

/// Which requests are slow: those at or above a quantile of latency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlowShare {
    /// The slower half.
    P50,
    /// The slowest tenth.
    P90,
    /// The slowest hundredth.
    P99,
    /// The slowest one.
    Max,
}

impl SlowShare {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::P50 => "p50",
            Self::P90 => "p90",
            Self::P99 => "p99",
            Self::Max => "max",
        }
    }

    /// The quantile of ascending `latencies` by nearest rank: the ⌈q·n⌉-th.
    fn quantile(self, latencies: &[SimDuration]) -> Option<SimDuration> {
        let (numerator, denominator) = match self {
            Self::P50 => (1, 2),
            Self::P90 => (9, 10),
            Self::P99 => (99, 100),
            Self::Max => (1, 1),
        };
        let rank = (latencies.len() * numerator).div_ceil(denominator);
        latencies.get(rank.checked_sub(1)?).copied()
    }
}

/// Why the slowest requests took so long.
#[derive(Debug, Clone)]
pub struct RequestsExplanation {
    /// The scenario's name.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// Which requests are explained.
    pub slow: SlowShare,
    /// Latency from which on they are.
    pub threshold: SimDuration,
    /// How many they are.
    pub requests: usize,
    /// Of so many that were answered in the window.
    pub answered: usize,
    /// The mean latency of all of these.
    pub mean: SimDuration,
    /// The latency of all slow requests together.
    pub time: SimDuration,
    /// Their time by stage, the longest first; it adds up to `time`.
    pub shares: Vec<StageShare>,
    /// Whose they are, the class with most of them first.
    pub classes: Vec<ClassShare>,
    /// The device with most of them, and how many.
    pub device: (String, usize),
    /// The quantile and the mean with one thing twice as fast, the best first.
    pub speedups: Vec<Measured>,
}

/// A device class's part of the slow requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassShare {
    /// The class.
    pub name: String,
    /// Its slow requests.
    pub slow: usize,
    /// All of its requests that were answered in the window.
    pub answered: usize,
}

/// Explains the `slow` requests of `scenario` in its window, and measures at most `most` speedups.
/// Where requests are answered by models of the scenario's own these are trained once, or found.
///
/// # Errors
/// If there are no requests or none was answered, or a run fails.
pub fn explain_requests(
    scenario: &Scenario,
    slow: SlowShare,
    most: usize,
    settings: &StudySettings,
) -> Result<RequestsExplanation, StudyError> {
    if scenario.inference.is_none() {
        return Err(StudyError::Unexplained("this scenario has no requests".to_owned()));
    }
    let failed = |cause| StudyError::run(format!("scenario '{}'", scenario.name), cause);
    let clock = Clock::of_requests(scenario, learning(settings)).map_err(failed)?;
    let result = clock.run(scenario, None).map_err(failed)?;
    let answered = answered(&result);
    let Some((threshold, mean)) = figures(&answered, slow) else {
        return Err(StudyError::Unexplained(
            "no request was answered in the window, so that there is nothing to explain".to_owned(),
        ));
    };
    let is_slow = |request: &&Answered| match slow {
        SlowShare::Max => true,
        _ => request.latency >= threshold,
    };
    let mut chosen: Vec<&Answered> = answered.iter().filter(is_slow).collect();
    if slow == SlowShare::Max {
        chosen.retain(|request| request.latency == threshold);
        chosen.truncate(1);
    }
    let numbers = chosen.iter().map(|request| request.number).collect();
    let (eye, seen) = Eye::open(Sight::Requests(numbers));
    clock.run(scenario, Some(eye)).map_err(failed)?;
    let seen = seen.borrow();
    let legs = paths(&chosen, &seen.sojourns);
    let likely = Speedup::likely(scenario, &seen.stations, &legs, most);
    let read = |result: &RunResult| figures(&self::answered(result), slow);
    Ok(RequestsExplanation {
        scenario: scenario.name.clone(),
        seed: scenario.seed,
        slow,
        threshold,
        requests: chosen.len(),
        answered: answered.len(),
        mean,
        time: total(&legs),
        shares: shares(&legs, &seen.stations),
        classes: classes(&result, &answered, &chosen),
        device: most_frequent(&result, &chosen),
        speedups: measured(&clock, scenario, &likely, settings, read)?,
    })
}

fn learning(settings: &StudySettings) -> RunSettings {
    let store = settings.learned.clone().map(|folder| StoreSettings {
        folder,
        start: TrainingStart::Resume,
        checkpoint_every: None,
    });
    RunSettings { threads: settings.threads, store, ..RunSettings::default() }
}

/// A request that was answered.
struct Answered {
    number: u32,
    record: RequestRecord,
    latency: SimDuration,
}

/// The requests that arrived in the window and were answered.
fn answered(result: &RunResult) -> Vec<Answered> {
    let Some(inference) = &result.inference else { return Vec::new() };
    let InferenceResult { origin, warmup, duration, records, .. } = inference;
    let counts = |record: &RequestRecord| {
        let since = record.arrival.since(*origin);
        since >= *warmup && since < *duration && record.outcome == RequestOutcome::Completed
    };
    (0..)
        .zip(records)
        .filter(|(_, record)| counts(record))
        .filter_map(|(number, record)| {
            let latency = record.done?.since(record.arrival);
            Some(Answered { number, record: *record, latency })
        })
        .collect()
}

/// The quantile and the mean of latency.
fn figures(answered: &[Answered], slow: SlowShare) -> Option<(SimDuration, SimDuration)> {
    let mut latencies: Vec<SimDuration> = answered.iter().map(|request| request.latency).collect();
    latencies.sort_unstable();
    let quantile = slow.quantile(&latencies)?;
    let sum: u128 = latencies.iter().map(|latency| u128::from(latency.as_nanos())).sum();
    let mean = u64::try_from(sum / latencies.len() as u128).expect("a mean is at most the largest");
    Some((quantile, SimDuration::from_nanos(mean)))
}

/// The way of each of the `chosen` requests, tiled by itself.
fn paths(chosen: &[&Answered], sojourns: &[Sojourn]) -> Vec<Leg> {
    let mut by_request: BTreeMap<u32, Vec<Sojourn>> = BTreeMap::new();
    for stay in sojourns {
        if let Subject::Request { request, .. } = stay.subject {
            by_request.entry(request).or_default().push(*stay);
        }
    }
    let path = |request: &&Answered| {
        let stays = by_request.remove(&request.number).unwrap_or_default();
        let done = request.record.done.unwrap_or(request.record.arrival);
        tiled(stays, request.record.arrival, done)
    };
    chosen.iter().flat_map(path).collect()
}

fn classes(result: &RunResult, all: &[Answered], chosen: &[&Answered]) -> Vec<ClassShare> {
    let class = |request: &Answered| result.clients[request.record.client as usize].class;
    let mut classes: Vec<ClassShare> = (0..)
        .zip(&result.classes)
        .map(|(index, name)| ClassShare {
            name: name.clone(),
            slow: chosen.iter().filter(|request| class(request) == index).count(),
            answered: all.iter().filter(|request| class(request) == index).count(),
        })
        .collect();
    classes.sort_by_key(|share| std::cmp::Reverse(share.slow));
    classes
}

fn most_frequent(result: &RunResult, chosen: &[&Answered]) -> (String, usize) {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for request in chosen {
        *counts.entry(request.record.client).or_default() += 1;
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| **count);
    let (client, count) = most.expect("at least one request is slow");
    (result.clients[*client as usize].name.to_string(), *count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_by_nearest_rank() {
        let nanos: Vec<SimDuration> = (1..=10).map(SimDuration::from_nanos).collect();
        let quantile = |slow: SlowShare| slow.quantile(&nanos).unwrap().as_nanos();
        // ⌈0.5·10⌉ = 5, ⌈0.9·10⌉ = 9, ⌈0.99·10⌉ = 10
        assert_eq!(
            [SlowShare::P50, SlowShare::P90, SlowShare::P99, SlowShare::Max].map(quantile),
            [5, 9, 10, 10]
        );
        assert_eq!(SlowShare::P99.quantile(&[]), None);
    }
}
