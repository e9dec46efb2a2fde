//! Training with several seeds: each deals the data, initialises the models and shuffles the batches
//! anew, in the same network with the same draws. Accuracies become means over them with confidence
//! intervals; everything else is the first seed's.

use super::error::ExperimentError;
use super::result::{Evaluation, RunResult, SeedResult, TrainingResult};
use super::run::{RunProgress, thresholds};
use super::store::StoreNotice;
use crate::learning::{Accuracy, AccuracyPoint, SelectiveAccuracy};
use crate::scenario::Scenario;
use crate::stats::{Tally, half_width_95};
use std::cell::RefCell;
use std::rc::Rc;

/// Who is told how far a run has come.
type Progress = Box<dyn FnMut(RunProgress)>;

/// Who is told of the store.
pub(super) type Notices = Box<dyn FnMut(StoreNotice)>;

/// The scenarios that train with the seeds after the first one: with each alone, and without what
/// follows training. They evaluate what the whole scenario does.
pub(super) fn others(scenario: &Scenario) -> Vec<Scenario> {
    let seeds = scenario.training.as_ref().map(|spec| spec.seeds(scenario.seed));
    let alone = |seed| {
        let mut alone = scenario.clone();
        alone.training.as_mut().expect("there are seeds").seeds = Some(vec![seed]);
        alone.evaluate.entropy = thresholds(scenario);
        alone.inference = None;
        alone.replications = 1;
        alone
    };
    seeds.unwrap_or_default().into_iter().skip(1).map(alone).collect()
}

/// Hands `progress` to several runs, one after the other: each counts its rounds from the number
/// given.
pub(super) fn split(progress: Option<Progress>) -> impl FnMut(u32) -> Option<Progress> {
    let shared = progress.map(|progress| Rc::new(RefCell::new(progress)));
    move |before| {
        let shared = Rc::clone(shared.as_ref()?);
        Some(Box::new(move |progress| {
            let progress = match progress {
                RunProgress::Rounds(done) => RunProgress::Rounds(before.saturating_add(done)),
                other => other,
            };
            shared.borrow_mut()(progress);
        }))
    }
}

/// Hands `notices` to several runs, one after the other.
pub(super) fn share(notices: Option<Notices>) -> impl FnMut() -> Option<Notices> {
    let shared = notices.map(|notices| Rc::new(RefCell::new(notices)));
    move || {
        let shared = Rc::clone(shared.as_ref()?);
        Some(Box::new(move |notice| shared.borrow_mut()(notice)))
    }
}

/// Joins the run of the first of `seeds` with the `others`, in their order.
///
/// # Errors
/// The first error of the others.
pub(super) fn join(
    seeds: &[u64],
    mut first: RunResult,
    others: impl Iterator<Item = Result<RunResult, ExperimentError>>,
) -> Result<RunResult, ExperimentError> {
    let training = first.training.as_mut().expect("only training has seeds");
    training.seeds = vec![seed_result(seeds[0], first.fingerprint, training)];
    let mut evaluations = vec![training.evaluations.clone()];
    for (seed, other) in seeds[1..].iter().zip(others) {
        let RunResult { fingerprint, interrupted, training: other, .. } = other?;
        first.interrupted |= interrupted;
        // Means are over trainings that came equally far.
        let came = |other: &TrainingResult| {
            other.evaluations.len() == evaluations[0].len()
                && other.rounds.len() == training.rounds.len()
        };
        let Some(other) = other.filter(came) else { break };
        training.seeds.push(seed_result(*seed, fingerprint, &other));
        evaluations.push(other.evaluations);
    }
    if evaluations.len() == 1 {
        training.seeds.clear();
        return Ok(first);
    }
    for (index, joined) in training.evaluations.iter_mut().enumerate() {
        let all: Vec<&Evaluation> = evaluations.iter().map(|seed| &seed[index]).collect();
        (joined.points, joined.half_widths) = over_seeds(&all);
    }
    Ok(first)
}

fn seed_result(seed: u64, fingerprint: u128, training: &TrainingResult) -> SeedResult {
    SeedResult { seed, fingerprint, time: training.time }
}

/// The means of each point over the seeds, and their half-widths.
fn over_seeds(seeds: &[&Evaluation]) -> (Vec<AccuracyPoint>, Vec<AccuracyPoint>) {
    (0..seeds[0].points.len())
        .map(|index| {
            let points: Vec<&AccuracyPoint> =
                seeds.iter().map(|evaluation| &evaluation.points[index]).collect();
            (statistics(&points, Tally::mean), statistics(&points, half_width_95))
        })
        .unzip()
}

/// A statistic of each accuracy over `points`, which are one point of several seeds.
fn statistics(
    points: &[&AccuracyPoint],
    statistic: impl Fn(&Tally) -> Option<f64>,
) -> AccuracyPoint {
    let exit = |exit: fn(&AccuracyPoint) -> Option<Accuracy>| {
        let seeds: Option<Vec<Accuracy>> = points.iter().map(|point| exit(point)).collect();
        seeds.map(|seeds| over(&seeds, &statistic))
    };
    let selective = (0..points[0].selective.len()).map(|index| {
        let seeds: Vec<SelectiveAccuracy> =
            points.iter().map(|point| point.selective[index]).collect();
        let accuracies: Vec<Accuracy> = seeds.iter().map(|seed| seed.accuracy).collect();
        SelectiveAccuracy {
            threshold: seeds[0].threshold,
            accuracy: over(&accuracies, &statistic),
            offloaded: of(seeds.iter().map(|seed| seed.offloaded), &statistic),
        }
    });
    AccuracyPoint {
        ood: points[0].ood,
        client_exit: exit(|point| point.client_exit),
        server_exit: exit(|point| point.server_exit),
        full: exit(|point| point.full),
        selective: selective.collect(),
    }
}

/// A statistic of one exit's accuracy. Samples out of distribution there may be for some seeds
/// alone.
fn over(seeds: &[Accuracy], statistic: impl Fn(&Tally) -> Option<f64>) -> Accuracy {
    let value = |value: fn(&Accuracy) -> f64| of(seeds.iter().map(value), &statistic);
    Accuracy {
        mean: value(|accuracy| accuracy.mean),
        worst_decile: value(|accuracy| accuracy.worst_decile),
        main: value(|accuracy| accuracy.main),
        ood: statistic(&seeds.iter().filter_map(|accuracy| accuracy.ood).collect()),
    }
}

/// A statistic of one value of each seed.
fn of(values: impl Iterator<Item = f64>, statistic: impl Fn(&Tally) -> Option<f64>) -> f64 {
    statistic(&values.collect()).expect("there are several seeds")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SimTime;

    fn evaluation(mean: f64, ood: Option<f64>) -> Evaluation {
        let accuracy = Accuracy { mean, worst_decile: 0.5, main: mean, ood };
        let selective = SelectiveAccuracy { threshold: 1.2, accuracy, offloaded: mean };
        let point = AccuracyPoint {
            ood: 0.4,
            client_exit: Some(accuracy),
            server_exit: None,
            full: None,
            selective: vec![selective],
        };
        Evaluation {
            rounds_done: 1,
            time: SimTime::ZERO,
            points: vec![point],
            half_widths: Vec::new(),
            gradient_norm: None,
        }
    }

    #[test]
    fn accuracies_are_means_with_student_t_half_widths_over_seeds() {
        let seeds = [(0.2, None), (0.4, Some(0.5)), (0.9, Some(0.7))]
            .map(|(mean, ood)| evaluation(mean, ood));
        let (means, half_widths) = over_seeds(&seeds.iter().collect::<Vec<_>>());
        let (mean, half_width) = (&means[0], &half_widths[0]);
        assert!((mean.client_exit.unwrap().mean - 0.5).abs() < 1e-12);
        assert_eq!((mean.server_exit, mean.full, mean.ood), (None, None, 0.4));
        // 0.2, 0.4, 0.9: variance 0.13, t(2) = 4.3027, 4.3027 · √(0.13/3) = 0.89567
        assert!((half_width.client_exit.unwrap().mean - 0.895_67).abs() < 1e-5);
        assert!((half_width.selective[0].offloaded - 0.895_67).abs() < 1e-5);
        assert_eq!(half_width.selective[0].threshold, 1.2);
        assert_eq!(half_width.client_exit.unwrap().worst_decile, 0.0);
        // 0.5, 0.7: variance 0.02, t(1) = 12.7062, 12.7062 · √(0.02/2) = 1.27062
        assert!((half_width.client_exit.unwrap().ood.unwrap() - 1.270_62).abs() < 1e-5);
    }
}
