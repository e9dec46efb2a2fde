//! From the start to both sides of a boundary, by doubling and halving.

use super::trial::{Probe, Trials, Verdict};
use super::{Goal, Question};
use crate::scenario::Measure;
use crate::study::error::StudyError;

/// Doublings or halvings of one walk: a millionfold.
const MOST_STEPS: u32 = 20;

/// So many steps in a row without a change end a walk: an eightfold value that changes nothing.
const STEADY_STEPS: u32 = 3;

/// What ended a search that found no boundary.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// The next value would have created about so many requests.
    Requests {
        /// That value.
        value: Measure,
        /// The requests, all replications together.
        requests: u128,
    },
    /// Neither a figure nor a station's load changed any more.
    Steady,
    /// The key takes nothing beyond.
    Key,
    /// A millionfold of the start was tried.
    Range,
}

/// The values next to the answer that were met and missed, where there are any.
#[derive(Debug, Default)]
pub(super) struct Bracket {
    pub(super) met: Option<f64>,
    pub(super) missed: Option<f64>,
    /// What ended the search where one of them is absent.
    pub(super) limit: Option<Limit>,
}

/// How a walk ended, and its last value before that.
enum Walked {
    /// At a value with another verdict.
    Across { last: f64, at: f64, verdict: Verdict },
    /// At a limit.
    Ended { last: f64, limit: Limit },
    /// What was missed is missed by more: it lies the other way.
    Worse,
}

impl Question<'_> {
    /// A value that is met and, next to it on the way to the goal, one that is missed.
    pub(super) fn bracket<T: FnMut(&Probe)>(
        &self,
        trials: &mut Trials<'_, T>,
    ) -> Result<Bracket, StudyError> {
        let start = self.vary.start.number;
        let upwards = self.vary.goal == Goal::Largest;
        if trials.run(start)? == Verdict::Met {
            return self.beyond(start, upwards, trials);
        }
        let missed = trials.last().cloned().expect("the start was tried");
        match self.walk(start, !upwards, Some(&missed), trials)? {
            Walked::Across { last, at, verdict: Verdict::Met } => {
                Ok(Bracket { met: Some(at), missed: Some(last), limit: None })
            }
            Walked::Across { last, at, .. } => match self.in_between(last, at, trials)? {
                Some((met, missed, _)) => {
                    Ok(Bracket { met: Some(met), missed: Some(missed), limit: None })
                }
                None => Ok(Bracket { missed: Some(last), ..Bracket::default() }),
            },
            // A start at the end of its key says nothing of which way it falls.
            Walked::Ended { last, limit } if last != start => {
                Ok(Bracket { missed: Some(last), limit: Some(limit), met: None })
            }
            Walked::Ended { .. } | Walked::Worse => self.turned(start, upwards, &missed, trials),
        }
    }

    /// The figure falls where it was taken to rise: what is met lies on the way to the goal.
    fn turned<T: FnMut(&Probe)>(
        &self,
        start: f64,
        upwards: bool,
        missed: &Probe,
        trials: &mut Trials<'_, T>,
    ) -> Result<Bracket, StudyError> {
        match self.walk(start, upwards, Some(missed), trials)? {
            Walked::Across { at, verdict: Verdict::Met, .. } => self.beyond(at, upwards, trials),
            Walked::Across { last, at, .. } => match self.in_between(last, at, trials)? {
                Some((met, _, refused)) => {
                    Ok(Bracket { met: Some(met), missed: Some(refused), limit: None })
                }
                None => Ok(Bracket { missed: Some(last), ..Bracket::default() }),
            },
            Walked::Ended { last, limit } => {
                Ok(Bracket { missed: Some(last), limit: Some(limit), met: None })
            }
            Walked::Worse => Ok(Bracket { missed: Some(start), ..Bracket::default() }),
        }
    }

    /// From `met` towards the goal, until one is missed.
    fn beyond<T: FnMut(&Probe)>(
        &self,
        met: f64,
        upwards: bool,
        trials: &mut Trials<'_, T>,
    ) -> Result<Bracket, StudyError> {
        Ok(match self.walk(met, upwards, None, trials)? {
            Walked::Across { last, at, .. } => {
                Bracket { met: Some(last), missed: Some(at), limit: None }
            }
            Walked::Ended { last, limit } => {
                Bracket { met: Some(last), missed: None, limit: Some(limit) }
            }
            Walked::Worse => unreachable!("only what was missed can be missed by more"),
        })
    }

    /// Doubles or halves from `from`: from one that `missed` until one is met, else until one is
    /// missed.
    fn walk<T: FnMut(&Probe)>(
        &self,
        from: f64,
        upwards: bool,
        missed: Option<&Probe>,
        trials: &mut Trials<'_, T>,
    ) -> Result<Walked, StudyError> {
        trials.start_anew();
        let mut last = from;
        for _ in 0..MOST_STEPS {
            let Some(next) = self.vary.step(last, upwards) else {
                return Ok(Walked::Ended { last, limit: Limit::Key });
            };
            let verdict = trials.run(next)?;
            let probe = trials.last().expect("it was tried");
            match (verdict, missed) {
                (Verdict::TooManyRequests, _) => {
                    let limit = too_many(probe);
                    return Ok(Walked::Ended { last, limit });
                }
                // Away from the goal an overload is left; towards it, what is met comes before it.
                (Verdict::Overloaded, Some(_)) if upwards != (self.vary.goal == Goal::Largest) => {}
                (Verdict::Missed, Some(start)) => {
                    if probe.is_worse_than(start, self.slo) {
                        return Ok(Walked::Worse);
                    }
                }
                (Verdict::Met, None) => {}
                _ => return Ok(Walked::Across { last, at: next, verdict }),
            }
            last = next;
            if trials.unchanged() >= STEADY_STEPS {
                return Ok(Walked::Ended { last, limit: Limit::Steady });
            }
        }
        Ok(Walked::Ended { last, limit: Limit::Range })
    }

    /// Looks for a value that is met between `missed` and `refused`, which the key does not take or
    /// where a station is overloaded: a doubling may step over all that are good enough. With it
    /// the last ones tried on either side.
    fn in_between<T: FnMut(&Probe)>(
        &self,
        mut missed: f64,
        mut refused: f64,
        trials: &mut Trials<'_, T>,
    ) -> Result<Option<(f64, f64, f64)>, StudyError> {
        while let Some(middle) = self.between(missed, refused) {
            match trials.run(middle)? {
                Verdict::Met => return Ok(Some((middle, missed, refused))),
                Verdict::Missed => missed = middle,
                Verdict::Overloaded | Verdict::Refused | Verdict::TooManyRequests => {
                    refused = middle;
                }
            }
        }
        Ok(None)
    }
}

/// The limit that kept `probe` from being run.
fn too_many(probe: &Probe) -> Limit {
    match probe.outcome {
        super::Outcome::TooManyRequests(requests) => {
            Limit::Requests { value: probe.value.clone(), requests }
        }
        _ => Limit::Range,
    }
}
