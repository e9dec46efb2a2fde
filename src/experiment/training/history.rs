//! A training that knows a part of itself already, and keeps the rest.

use super::{FederatedTraining, RoundLosses};
use crate::experiment::course::Course;
use crate::experiment::store::{Keeper, LearnedBy, Recalled};
use crate::learning::{Outcome, OutcomeTable};

/// What was known of a training before it began.
pub(in crate::experiment) struct History {
    /// The course that it will take.
    pub(in crate::experiment) course: Course,
    /// What was learned in its first rounds, or in all of them.
    pub(in crate::experiment) recalled: Recalled,
    /// The hash of all that its learning depends on.
    pub(in crate::experiment) key: Vec<u8>,
}

impl FederatedTraining {
    /// Begins with what is known, and keeps with `keeper`, if there is one, what is learned.
    pub(in crate::experiment) fn begin_with(&mut self, history: History, keeper: Option<Keeper>) {
        self.history = Some(history);
        self.keeper = keeper;
    }

    /// How what was learned came about.
    pub(in crate::experiment) fn learned_by(&self) -> LearnedBy {
        match self.recalled_rounds() {
            0 => LearnedBy::Training,
            rounds if rounds == self.rounds => LearnedBy::Recalling,
            rounds => LearnedBy::Resuming { rounds },
        }
    }

    /// The outcomes of the last evaluation as they are written to a file, once there was one.
    pub(in crate::experiment) fn table(&self) -> Option<OutcomeTable> {
        self.latest_outcomes.as_ref().map(|outcomes| self.table_of(outcomes))
    }

    /// Keeps the models of the last aggregation, if they are not kept yet. Clients that have begun
    /// another round do no harm: they begin it again from the same models.
    fn keep_now(&mut self) {
        if !self.has_news() {
            return;
        }
        if let Some(keeper) = &mut self.keeper {
            let models = self.federation.state();
            if models.is_finite() {
                keeper.checkpoint(&self.losses, models);
            }
        }
    }

    /// The run has ended early, as it was asked to: keeps what it has learned, and tells of it.
    pub(in crate::experiment) fn ended_early(&mut self) {
        self.keep_now();
        let rounds = self.rounds;
        if let Some(keeper) = &mut self.keeper {
            keeper.tell_kept(rounds);
        }
    }

    /// The round after the last finished one, or the evaluation of this one, has failed, and would
    /// fail again.
    pub(in crate::experiment) fn failed(&mut self) {
        let rounds = self.rounds_done();
        if let Some(keeper) = &mut self.keeper {
            keeper.diverged(rounds);
        }
    }

    /// Keeps a checkpoint, if one is due.
    pub(super) fn keep_if_due(&mut self) {
        let (rounds, of) = (self.rounds_done(), self.rounds);
        if self.keeper.as_ref().is_some_and(|keeper| keeper.is_due(rounds, of)) {
            self.keep_now();
        }
    }

    /// Notes who arrived.
    ///
    /// # Panics
    /// If it was rehearsed otherwise.
    pub(super) fn on_course(&mut self, arrived: &[u32]) {
        self.course.aggregated(arrived);
        self.check_course();
    }

    /// Checks the course of the rounds so far.
    ///
    /// # Panics
    /// If it was rehearsed otherwise.
    pub(super) fn check_course(&self) {
        if let Some(history) = &self.history {
            assert!(self.course.begins(&history.course), "the course was rehearsed otherwise");
        }
    }

    /// Whether what is learned in `round` is known.
    pub(super) fn recalls(&self, round: u32) -> bool {
        round < self.recalled_rounds()
    }

    /// The losses of the present round, if it is known; after the last known round, its models are
    /// put in place.
    pub(super) fn recall_round(&mut self) -> Option<Option<RoundLosses>> {
        let round = self.losses.len();
        let recalled = &mut self.history.as_mut()?.recalled;
        let losses = *recalled.losses.get(round)?;
        if round + 1 == recalled.losses.len()
            && let Some(models) = recalled.models.take()
        {
            self.federation.restore(&models).expect("they were found to fit");
        }
        Some(losses)
    }

    /// Whether the outcomes after `rounds_done` rounds are known.
    pub(super) fn recalls_evaluation(&self, rounds_done: u32) -> bool {
        let recalled = self.history.as_ref().map(|history| &history.recalled);
        recalled.is_some_and(|recalled| {
            let norm_is_known = recalled.gradient_norm(rounds_done).is_some();
            recalled.outcomes.contains_key(&rounds_done) && (norm_is_known || !self.gradient_norm)
        })
    }

    /// The outcomes after `rounds_done` rounds, and the gradient norm if it is measured, if all that
    /// is known.
    pub(super) fn recall_evaluation(
        &mut self,
        rounds_done: u32,
    ) -> Option<(Vec<Vec<Outcome>>, Option<f64>)> {
        if !self.recalls_evaluation(rounds_done) {
            return None;
        }
        let recalled = &mut self.history.as_mut()?.recalled;
        let norm = recalled.gradient_norm(rounds_done);
        Some((recalled.outcomes.remove(&rounds_done)?, norm))
    }

    /// Notes the gradient norm after `rounds_done` rounds among what the round came to, so that it
    /// is kept with the losses.
    pub(super) fn note_gradient(&mut self, rounds_done: u32, norm: Option<f64>) {
        let round = rounds_done.checked_sub(1).and_then(|round| usize::try_from(round).ok());
        let losses = round.and_then(|round| self.losses.get_mut(round));
        if let (Some(losses), Some(_)) = (losses, norm) {
            losses.get_or_insert_default().gradient_norm = norm;
        }
    }

    /// `outcomes` with what else belongs in their file.
    pub(super) fn table_of(&self, outcomes: &[Vec<Outcome>]) -> OutcomeTable {
        OutcomeTable {
            classes: self.federation.classes(),
            source: self.history.as_ref().map(|history| history.key.clone()).unwrap_or_default(),
            clients: outcomes.to_vec(),
            validation: (0..self.clients()).map(|k| self.federation.validation(k)).collect(),
        }
    }

    /// Rounds finished, whether known or learned.
    pub(super) fn rounds_done(&self) -> u32 {
        u32::try_from(self.losses.len()).expect("rounds are u32")
    }

    fn recalled_rounds(&self) -> u32 {
        let recalled = self.history.as_ref().map_or(0, |history| history.recalled.losses.len());
        u32::try_from(recalled).expect("rounds are u32")
    }

    /// Whether there is a round to keep that was not known. Clients that train alone are not
    /// equally far, and those that are aggregated one by one began their rounds from older models:
    /// there is no state of all of them after so many rounds.
    fn has_news(&self) -> bool {
        let in_step = self.federation.method().averages() && !self.asynchronous;
        in_step && self.rounds_done() > self.recalled_rounds()
    }
}
