//! The search: doubling until the answer is bracketed, then bisection.

use super::{Goal, Slo, Vary};
use crate::experiment::LoadState;
use crate::scenario::{Document, Measure, SweptValue};
use crate::study::compare::replicated;
use crate::study::error::StudyError;
use crate::study::{Estimate, StudySettings};

/// Doublings or halvings from the start: a millionfold.
const MOST_DOUBLINGS: u32 = 20;

/// What is asked.
#[derive(Debug)]
pub struct Question<'a> {
    /// The scenario around the varied key.
    pub document: &'a Document,
    /// What is good enough.
    pub slo: &'a Slo,
    /// What is varied.
    pub vary: &'a Vary,
    /// Replications of each probe, at least 2.
    pub replications: u32,
    /// The search ends when last met and first missed differ by at most this share of one another.
    pub precision: f64,
    /// How to run each probe.
    pub settings: &'a StudySettings,
}

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

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Every probe in order.
    pub probes: Vec<Probe>,
    /// The probe with the best value that is good enough.
    pub met: Option<usize>,
    /// The probe next to it that is not.
    pub missed: Option<usize>,
    /// Whether some value on the good side of another that was met was missed: then there may be
    /// more than one boundary, and this is one of them.
    pub non_monotone: bool,
}

/// What a probe's outcome means for where to search next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Met,
    Missed,
    Refused,
}

impl Verdict {
    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Met => Self::Met,
            Outcome::Missed(_) | Outcome::Overloaded(_) => Self::Missed,
            Outcome::Refused(_) => Self::Refused,
        }
    }
}

/// The values next to the answer that were met and missed, where there are any.
type Bracket = (Option<f64>, Option<f64>);

/// Searches for the answer to `question`; `tell` sees each probe as it ends.
///
/// # Errors
/// If the scenario is wrong at the beginning, or a run fails.
pub fn search(question: &Question<'_>, mut tell: impl FnMut(&Probe)) -> Result<Answer, StudyError> {
    let mut probes: Vec<Probe> = Vec::new();
    let mut try_value = |number: f64| -> Result<Verdict, StudyError> {
        let first = probes.is_empty();
        let probe = question.probe(number, first)?;
        tell(&probe);
        let verdict = Verdict::of(&probe.outcome);
        probes.push(probe);
        Ok(verdict)
    };
    let (mut met, mut missed) = question.bracket(&mut try_value)?;
    while let Some(middle) = met.zip(missed).and_then(|(a, b)| question.between(a, b)) {
        let is_met = try_value(middle)? == Verdict::Met;
        *if is_met { &mut met } else { &mut missed } = Some(middle);
    }
    let place = |number: Option<f64>| {
        number.and_then(|number| probes.iter().position(|probe| probe.value.number == number))
    };
    let (met, missed) = (place(met), place(missed));
    let non_monotone = question.is_non_monotone(&probes);
    Ok(Answer { probes, met, missed, non_monotone })
}

impl Question<'_> {
    /// Doubles or halves from the start until one value is met and the next one is missed.
    fn bracket(
        &self,
        try_value: &mut impl FnMut(f64) -> Result<Verdict, StudyError>,
    ) -> Result<Bracket, StudyError> {
        let start = self.vary.start.number;
        let first = try_value(start)? == Verdict::Met;
        let grows = (self.vary.goal == Goal::Largest) == first;
        let mut last = start;
        for _ in 0..MOST_DOUBLINGS {
            let next = if grows { 2.0 * last } else { self.whole(last / 2.0) };
            if next == last || self.vary.whole && next < 1.0 {
                break;
            }
            match (first, try_value(next)?) {
                (true, Verdict::Missed | Verdict::Refused) => return Ok((Some(last), Some(next))),
                (false, Verdict::Met) => return Ok((Some(next), Some(last))),
                (false, Verdict::Refused) => return self.before_refusal(last, next, try_value),
                (true, Verdict::Met) | (false, Verdict::Missed) => last = next,
            }
        }
        Ok(if first { (Some(last), None) } else { (None, Some(last)) })
    }

    /// Looks for a value that is met between `missed` and `refused`, which the key does not take:
    /// a doubling may step over all that are good enough below the key's limit.
    fn before_refusal(
        &self,
        mut missed: f64,
        mut refused: f64,
        try_value: &mut impl FnMut(f64) -> Result<Verdict, StudyError>,
    ) -> Result<Bracket, StudyError> {
        while let Some(middle) = self.between(missed, refused) {
            match try_value(middle)? {
                Verdict::Met => return Ok((Some(middle), Some(missed))),
                Verdict::Missed => missed = middle,
                Verdict::Refused => refused = middle,
            }
        }
        Ok((None, Some(missed)))
    }

    /// A value between two whose verdicts differ; `None` if they are near enough.
    fn between(&self, one: f64, other: f64) -> Option<f64> {
        let (low, high) = (one.min(other), one.max(other));
        if high - low <= self.precision * low || self.vary.whole && high - low <= 1.0 {
            return None;
        }
        // Ratios count for what ranges over magnitudes; integers are near one another at last.
        let middle = if self.vary.whole { (low + high) / 2.0 } else { (low * high).sqrt() };
        let middle = short(self.whole(middle));
        (low < middle && middle < high).then_some(middle)
    }

    fn whole(&self, number: f64) -> f64 {
        if self.vary.whole { number.floor() } else { number }
    }

    fn measure(&self, number: f64) -> Measure {
        Measure { number, unit: self.vary.start.unit.clone() }
    }

    fn probe(&self, number: f64, first: bool) -> Result<Probe, StudyError> {
        let value = self.measure(number);
        let refused = |reason: String| Probe {
            value: value.clone(),
            estimates: vec![None; self.slo.objectives().len()],
            excess: f64::INFINITY,
            outcome: Outcome::Refused(reason),
        };
        let changed = self.document.with(&self.vary.path, &SweptValue::of_measure(&value));
        let scenario = changed
            .map_err(StudyError::from)
            .and_then(|document| replicated(&document, self.replications));
        let scenario = match scenario {
            // Beyond the first value an error is the end of what the key takes.
            Err(StudyError::Scenario(errors)) if !first => {
                let reason = errors.as_slice().first().map(|error| error.message().to_owned());
                return Ok(refused(reason.unwrap_or_default()));
            }
            other => other?,
        };
        let result = self.settings.run(scenario).map_err(|cause| {
            StudyError::run(format!("{} = {}", self.vary.path, value.text()), cause)
        })?;
        let judged: Vec<_> = self
            .slo
            .objectives()
            .iter()
            .map(|objective| (objective, objective.judge(&result)))
            .collect();
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
        let estimates = judged.into_iter().map(|(_, (estimate, _))| estimate).collect();
        Ok(Probe { value, estimates, excess, outcome })
    }

    fn is_non_monotone(&self, probes: &[Probe]) -> bool {
        let numbers = |met: bool| {
            let of_outcome = move |probe: &&Probe| (probe.outcome == Outcome::Met) == met;
            probes.iter().filter(of_outcome).map(|probe| probe.value.number)
        };
        match self.vary.goal {
            Goal::Largest => {
                let met = numbers(true).fold(f64::NEG_INFINITY, f64::max);
                numbers(false).any(|missed| missed < met)
            }
            Goal::Smallest => {
                let met = numbers(true).fold(f64::INFINITY, f64::min);
                numbers(false).any(|missed| missed > met)
            }
        }
    }
}

/// `number` with six significant digits, which every allowed precision tells apart and a person can
/// read.
fn short(number: f64) -> f64 {
    format!("{number:.5e}").parse().expect("a number's digits are a number")
}

#[cfg(test)]
mod tests;
