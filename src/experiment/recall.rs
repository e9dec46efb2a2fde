//! What a training begins with: what the store has of it.

use super::costing::Costing;
use super::course::{Course, rehearse};
use super::error::ExperimentError;
use super::plan::evaluated_rounds;
use super::replay::Learned;
use super::seeds::Notices;
use super::store::{Entry, Keeper, Recalled, StoreNotice, StoreSettings, TrainingStart, Wanted};
use super::training::{FederatedTraining, History};
use crate::kernel::StopFlag;
use crate::scenario::{Scenario, TrainingSpec};
use std::num::NonZeroU32;

/// FLOPs of training from one checkpoint to the next, if nothing else is asked for: some twenty
/// seconds on one core.
const CHECKPOINT_FLOPS: u128 = 2_000_000_000_000;

/// Looks up in the store what was learned before of the `training` of `scenario`, and lets it keep
/// there what it learns. Whom `notices` yields is told what a user should know, now and as it learns.
///
/// # Errors
/// If the scenario's training cannot be run to its end.
pub(super) fn recall(
    scenario: &Scenario,
    spec: &TrainingSpec,
    costing: &Costing,
    training: &mut FederatedTraining,
    store: &StoreSettings,
    stop: Option<StopFlag>,
    notices: &mut dyn FnMut() -> Notices,
) -> Result<(), ExperimentError> {
    let course = rehearse(scenario, costing, Learned::nothing(training), stop)?;
    // A training that is stopped before it begins learns nothing that could be kept.
    let Some(course) = course else { return Ok(()) };
    let evaluated = evaluated_rounds(scenario, spec);
    let entry = Entry::new(&store.folder, inputs(training, &evaluated, &course));
    let wanted = Wanted {
        federation: training.federation(),
        clients: training.clients(),
        rounds: training.rounds(),
        evaluated: &evaluated,
    };
    let recalled = look_up(&entry, &wanted, store.start, &mut notices());
    let every = store.checkpoint_every.unwrap_or_else(|| rounds_between(costing, training));
    let is_news = !recalled.is_all_of(training.rounds());
    let history = History { course, recalled, key: entry.key() };
    training.begin_with(history, is_news.then(|| Keeper::new(entry, every, notices())));
    Ok(())
}

/// Everything that a training's result depends on, as a text.
fn inputs(training: &FederatedTraining, evaluated: &[u32], course: &Course) -> String {
    format!(
        "rounds={}\nevaluated={evaluated:?}\n{}course={:032x}\n{}",
        training.rounds(),
        if training.measures_gradients() { "gradient_norm=true\n" } else { "" },
        course.hash(),
        training.federation().inputs(),
    )
}

/// What `entry` has, as far as it may be used.
fn look_up(
    entry: &Entry,
    wanted: &Wanted<'_>,
    start: TrainingStart,
    notify: &mut dyn FnMut(StoreNotice),
) -> Recalled {
    let folder = || entry.folder().to_owned();
    if start == TrainingStart::Fresh {
        if let Err(error) = entry.clear() {
            notify(StoreNotice::NotKept { folder: folder(), reason: error.to_string() });
        }
        return Recalled::default();
    }
    match entry.finished(wanted) {
        Ok(Some(recalled)) => return recalled,
        Ok(None) => {}
        Err(damaged) => notify(StoreNotice::Damaged(damaged)),
    }
    let of = wanted.rounds;
    match (entry.checkpoint(), start) {
        (Some(rounds), TrainingStart::Resume) => match entry.unfinished(rounds, wanted) {
            Ok(recalled) => {
                notify(StoreNotice::Resumed { folder: folder(), rounds, of });
                return recalled;
            }
            Err(damaged) => {
                notify(StoreNotice::Damaged(damaged));
                // It must not keep better ones away; that it may stay there is no new failure.
                let _ = entry.drop_checkpoint(rounds);
            }
        },
        (None, TrainingStart::Resume) => {
            notify(StoreNotice::NothingToResume { folder: folder() });
        }
        (Some(rounds), _) => notify(StoreNotice::Unfinished { folder: folder(), rounds, of }),
        (None, _) => {}
    }
    Recalled::default()
}

/// As many rounds as make [`CHECKPOINT_FLOPS`]: three times a forward pass for each sample.
fn rounds_between(costing: &Costing, training: &FederatedTraining) -> NonZeroU32 {
    let model = &costing.model;
    let layers = model.phi.iter().chain(&model.kappa).chain(&model.theta);
    let forward: u128 = layers.map(|layer| 2 * u128::from(layer.macs())).sum();
    let samples = |client| u128::from(training.steps(client)) * u128::from(training.batch(client));
    let round = 3 * forward * (0..training.clients()).map(samples).sum::<u128>();
    let rounds = CHECKPOINT_FLOPS.div_ceil(round.max(1));
    u32::try_from(rounds).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX)
}
