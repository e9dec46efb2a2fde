//! The search: doubling until the answer is bracketed, then bisection.

use super::trial::{Outcome, Probe, Trials, Verdict};
use super::walk::{Bracket, Limit};
use super::{Goal, Slo, Vary};
use crate::scenario::Document;
use crate::study::StudySettings;
use crate::study::error::StudyError;

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
    /// Values beyond the first one that would create about more requests than this, all
    /// replications together, are not run.
    pub most_requests: u64,
    /// How to run each probe.
    pub settings: &'a StudySettings,
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
    /// What ended the search where that probe, or one that is good enough, was not found.
    pub limit: Option<Limit>,
    /// Whether some value on the good side of another that was met was missed: then there may be
    /// more than one boundary, and this is one of them.
    pub non_monotone: bool,
}

/// Searches for the answer to `question`; `tell` sees each probe as it ends.
///
/// # Errors
/// If the scenario is wrong at the beginning, or a run fails.
pub fn search(question: &Question<'_>, tell: impl FnMut(&Probe)) -> Result<Answer, StudyError> {
    let mut trials = Trials::new(question, tell);
    let Bracket { mut met, mut missed, limit } = question.bracket(&mut trials)?;
    while let Some(middle) = met.zip(missed).and_then(|(a, b)| question.between(a, b)) {
        let is_met = trials.run(middle)? == Verdict::Met;
        *if is_met { &mut met } else { &mut missed } = Some(middle);
    }
    let probes = trials.into_probes();
    let place = |number: Option<f64>| {
        number.and_then(|number| probes.iter().position(|probe| probe.value.number == number))
    };
    let (met, missed) = (place(met), place(missed));
    let non_monotone = question.is_non_monotone(&probes);
    Ok(Answer { probes, met, missed, limit, non_monotone })
}

impl Question<'_> {
    /// A value between two whose verdicts differ; `None` if they are near enough.
    pub(super) fn between(&self, one: f64, other: f64) -> Option<f64> {
        let (low, high) = (one.min(other), one.max(other));
        if high - low <= self.precision * low || self.vary.whole && high - low <= 1.0 {
            return None;
        }
        // Ratios count for what ranges over magnitudes; integers are near one another at last.
        let middle = if self.vary.whole { (low + high) / 2.0 } else { (low * high).sqrt() };
        let middle = short(if self.vary.whole { middle.floor() } else { middle });
        (low < middle && middle < high).then_some(middle)
    }

    fn is_non_monotone(&self, probes: &[Probe]) -> bool {
        let numbers = |met: bool| {
            let judged = |probe: &&Probe| !matches!(probe.outcome, Outcome::TooManyRequests(_));
            let of_outcome = move |probe: &&Probe| (probe.outcome == Outcome::Met) == met;
            probes.iter().filter(judged).filter(of_outcome).map(|probe| probe.value.number)
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
