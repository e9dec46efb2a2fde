//! One value tried: what its runs came to, and what that means for the search.

use super::{Question, Slo};
use crate::experiment::{LoadState, RunResult, StationResult};
use crate::scenario::{Measure, Scenario, SweptValue};
use crate::study::Estimate;
use crate::study::compare::replicated;
use crate::study::error::StudyError;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether a value is good enough.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Every objective is met.
    Met,
    /// The named objective is not.
    Missed(String),
    /// A station is overloaded, so that no latency is steady.
    Overloaded(String),
    /// The scenario does not take this value.
    Refused(String),
    /// It was not run, as it would create about so many requests.
    TooManyRequests(u128),
}

/// One value tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The value.
    pub value: Measure,
    /// One for each objective, where a run determined it.
    pub estimates: Vec<Option<Estimate>>,
    /// How far the objective that is missed most is missed, as a share of its value; at most 0 if
    /// all are met, infinite where a run does not determine one.
    pub excess: f64,
    /// Whether it is good enough.
    pub outcome: Outcome,
}

/// What a probe's outcome means for where to search next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Met,
    Missed,
    /// Missed, as a station is overloaded.
    Overloaded,
    Refused,
    TooManyRequests,
}

impl Verdict {
    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Met => Self::Met,
            Outcome::Missed(_) => Self::Missed,
            Outcome::Overloaded(_) => Self::Overloaded,
            Outcome::Refused(_) => Self::Refused,
            Outcome::TooManyRequests(_) => Self::TooManyRequests,
        }
    }
}

/// The probes of a search, each told as it ends.
pub(super) struct Trials<'q, T> {
    question: &'q Question<'q>,
    tell: T,
    probes: Vec<Probe>,
    /// Offered loads of the last run's stations, by name.
    loads: BTreeMap<Arc<str>, f64>,
    /// Probes in a row that differ from the one before in nothing that counts.
    unchanged: u32,
}

impl<'q, T: FnMut(&Probe)> Trials<'q, T> {
    pub(super) fn new(question: &'q Question<'q>, tell: T) -> Self {
        Self { question, tell, probes: Vec::new(), loads: BTreeMap::new(), unchanged: 0 }
    }

    pub(super) fn into_probes(self) -> Vec<Probe> {
        self.probes
    }

    /// The last value tried, if there is one.
    pub(super) fn last(&self) -> Option<&Probe> {
        self.probes.last()
    }

    /// How many probes in a row changed no objective's figure by more than the search's precision
    /// and loaded no station more than the probe before. Loads are looked at as well, since a
    /// latency hardly moves for long while its queue fills.
    pub(super) fn unchanged(&self) -> u32 {
        self.unchanged
    }

    /// Forgets how long nothing has changed: the search goes elsewhere.
    pub(super) fn start_anew(&mut self) {
        self.unchanged = 0;
    }

    /// Tries `number`.
    ///
    /// # Errors
    /// If the scenario is wrong at the first value, or a run fails.
    pub(super) fn run(&mut self, number: f64) -> Result<Verdict, StudyError> {
        let probe = self.probe(number)?;
        (self.tell)(&probe);
        let verdict = Verdict::of(&probe.outcome);
        self.probes.push(probe);
        Ok(verdict)
    }

    fn probe(&mut self, number: f64) -> Result<Probe, StudyError> {
        let Question { document, slo, vary, replications, most_requests, .. } = *self.question;
        let value = Measure { number, unit: vary.start.unit.clone() };
        let not_run = |outcome| Probe {
            value: value.clone(),
            estimates: vec![None; slo.objectives().len()],
            excess: f64::INFINITY,
            outcome,
        };
        let first = self.probes.is_empty();
        let changed = document.with(&vary.path, &SweptValue::of_measure(&value));
        let scenario = changed
            .map_err(StudyError::from)
            .and_then(|document| replicated(&document, replications));
        let ran = scenario.and_then(|scenario| {
            let requests = scenario.expected_requests().unwrap_or(0);
            if !first && requests > u128::from(most_requests) {
                return Ok(Err(requests));
            }
            self.result(scenario, &value).map(Ok)
        });
        match ran {
            Ok(Ok(result)) => Ok(self.judged(slo, value, &result)),
            Ok(Err(requests)) => Ok(not_run(Outcome::TooManyRequests(requests))),
            // Beyond the first value an error is the end of what the key takes.
            Err(error) if !first && error.is_bad_input() => {
                Ok(not_run(Outcome::Refused(reason(&error))))
            }
            Err(error) => Err(error),
        }
    }

    fn result(&self, scenario: Scenario, value: &Measure) -> Result<RunResult, StudyError> {
        let Question { vary, settings, .. } = *self.question;
        settings
            .run(scenario)
            .map_err(|cause| StudyError::run(format!("{} = {}", vary.path, value.text()), cause))
    }

    fn judged(&mut self, slo: &Slo, value: Measure, result: &RunResult) -> Probe {
        let judged: Vec<_> =
            slo.objectives().iter().map(|objective| (objective, objective.judge(result))).collect();
        let overloaded =
            result.verdict.as_ref().filter(|verdict| verdict.state == LoadState::Overloaded);
        let missed = judged.iter().find(|(_, (_, met))| !met);
        let outcome = match (missed, overloaded) {
            (Some((objective, _)), _) => Outcome::Missed(objective.to_string()),
            (None, Some(verdict)) => Outcome::Overloaded(verdict.station.clone()),
            (None, None) => Outcome::Met,
        };
        let excesses = judged.iter().map(|(objective, (estimate, _))| objective.excess(*estimate));
        let excess = excesses.fold(f64::NEG_INFINITY, f64::max);
        let estimates: Vec<_> = judged.into_iter().map(|(_, (estimate, _))| estimate).collect();
        let is_unchanged = self.is_unchanged(&estimates, &result.stations);
        self.unchanged = if is_unchanged { self.unchanged + 1 } else { 0 };
        self.loads =
            result.stations.iter().map(|s| (Arc::clone(&s.name), s.offered_load)).collect();
        Probe { value, estimates, excess, outcome }
    }

    fn is_unchanged(&self, estimates: &[Option<Estimate>], stations: &[StationResult]) -> bool {
        let Some(before) = self.probes.last() else { return false };
        let precision = self.question.precision;
        let alike = |(one, other): (&Option<Estimate>, &Option<Estimate>)| match (one, other) {
            (Some(one), Some(other)) => {
                (one.value - other.value).abs() <= precision * one.value.abs()
            }
            (None, None) => true,
            _ => false,
        };
        // Of a larger fleet the stations that both have: the same devices draw the same.
        let rose = |station: &StationResult| {
            let known = self.loads.get(&station.name);
            known.is_some_and(|load| station.offered_load > (1.0 + precision) * load)
        };
        before.estimates.iter().zip(estimates).all(alike) && !stations.iter().any(rose)
    }
}

/// Why a value is refused, in a line.
fn reason(error: &StudyError) -> String {
    match error {
        StudyError::Scenario(errors) => {
            let first = errors.as_slice().first();
            first.map_or_else(String::new, |error| error.message().to_owned())
        }
        StudyError::Run { cause, .. } => cause.to_string(),
        StudyError::Kept(message) | StudyError::Unexplained(message) => message.clone(),
    }
}

impl Probe {
    /// Whether this one misses what `start` missed by more than it did, beyond chance: the
    /// intervals of an objective that was missed are apart, and none of those came nearer.
    pub(super) fn is_worse_than(&self, start: &Self, slo: &Slo) -> bool {
        let mut apart = false;
        for ((objective, now), before) in
            slo.objectives().iter().zip(&self.estimates).zip(&start.estimates)
        {
            let (Some(now), Some(before)) = (now, before) else { return false };
            if objective.is_met(before) {
                continue;
            }
            let grew = objective.excess(Some(*now)) > objective.excess(Some(*before));
            if !grew {
                return false;
            }
            apart |= now.low() > before.high() || now.high() < before.low();
        }
        apart
    }
}
