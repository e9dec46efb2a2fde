//! The actors' training, done by the federation's real models.

use super::course::{Course, nothing_to_do};
use super::result::Evaluation;
use super::store::{Keeper, LearnedBy, Recalled};
use crate::actors::{RoundJob, Training};
use crate::learning::{Federation, Layout, LocalUpdate, Outcome, OutcomeTable, accuracy};
use crate::time::SimTime;
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

/// Where a job on another thread leaves its result.
type Slot<T> = Arc<Mutex<Option<T>>>;

/// All clients' outcomes with the final models, there once training is over.
pub(super) type FinalOutcomes = Rc<OnceCell<Arc<Vec<Vec<Outcome>>>>>;

/// Mean losses of a round over the clients that arrived.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RoundLosses {
    pub(super) client: Option<f64>,
    pub(super) server: Option<f64>,
    pub(super) full: Option<f64>,
}

/// Real training in simulated time.
pub(super) struct FederatedTraining {
    federation: Federation,
    rounds: u32,
    ood: Vec<f64>,
    thresholds: Vec<f64>,
    updates: Vec<Slot<LocalUpdate>>,
    outcomes: Vec<Slot<Vec<Outcome>>>,
    losses: Vec<Option<RoundLosses>>,
    evaluations: Vec<Evaluation>,
    final_outcomes: FinalOutcomes,
    on_round: Option<Box<dyn FnMut(u32)>>,
    course: Course,
    /// What is known of the course, and what was learned on it before.
    history: Option<History>,
    /// Keeps what is learned.
    keeper: Option<Keeper>,
}

/// What was known of a training before it began.
pub(super) struct History {
    /// The course that it will take.
    pub(super) course: Course,
    /// What was learned in its first rounds, or in all of them.
    pub(super) recalled: Recalled,
    /// The hash of all that its learning depends on.
    pub(super) key: Vec<u8>,
}

impl FederatedTraining {
    /// Training of `federation` for `rounds` rounds, evaluated at the given ρ and E_th.
    pub(super) fn new(
        federation: Federation,
        clients: u32,
        rounds: u32,
        ood: Vec<f64>,
        thresholds: Vec<f64>,
    ) -> Self {
        Self {
            federation,
            rounds,
            ood,
            thresholds,
            updates: (0..clients).map(|_| Slot::default()).collect(),
            outcomes: (0..clients).map(|_| Slot::default()).collect(),
            losses: Vec::new(),
            evaluations: Vec::new(),
            final_outcomes: FinalOutcomes::default(),
            on_round: None,
            course: Course::default(),
            history: None,
            keeper: None,
        }
    }

    /// Begins with what is known, and keeps with `keeper` what is learned.
    pub(super) fn begin_with(&mut self, history: History, keeper: Keeper) {
        self.history = Some(history);
        self.keeper = Some(keeper);
    }

    /// The federation, before training.
    pub(super) fn federation(&self) -> &Federation {
        &self.federation
    }

    /// How many clients there are.
    pub(super) fn clients(&self) -> u32 {
        u32::try_from(self.updates.len()).expect("clients are u32")
    }

    /// Rounds of the whole training.
    pub(super) fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Calls `on_round` with the number of finished rounds after each aggregation.
    pub(super) fn on_round(&mut self, on_round: Box<dyn FnMut(u32)>) {
        self.on_round = Some(on_round);
    }

    /// A handle to the final outcomes.
    pub(super) fn final_outcomes(&self) -> FinalOutcomes {
        Rc::clone(&self.final_outcomes)
    }

    /// Training samples of a client.
    pub(super) fn samples(&self, client: u32) -> u64 {
        self.federation.samples(client)
    }

    /// Samples of a client's mini-batch.
    pub(super) fn batch(&self, client: u32) -> u32 {
        self.federation.batch(client)
    }

    /// How what was learned came about.
    pub(super) fn learned_by(&self) -> LearnedBy {
        match self.recalled_rounds() {
            0 => LearnedBy::Training,
            rounds if rounds == self.rounds => LearnedBy::Recalling,
            rounds => LearnedBy::Resuming { rounds },
        }
    }

    /// The final outcomes as they are written to a file, once training is over.
    pub(super) fn table(&self) -> Option<OutcomeTable> {
        self.final_outcomes.get().map(|outcomes| self.table_of(outcomes))
    }

    /// Keeps the models of the last aggregation, if there are any that are not kept yet. Clients
    /// that have begun another round do no harm: they begin it again from the same models.
    pub(super) fn keep_now(&mut self) {
        let rounds = self.rounds_done();
        if rounds > self.recalled_rounds()
            && let Some(keeper) = &mut self.keeper
        {
            keeper.checkpoint(&self.losses, self.federation.state());
        }
    }

    /// What keeps, if anything does.
    pub(super) fn keeper(&self) -> Option<&Keeper> {
        self.keeper.as_ref()
    }

    fn rounds_done(&self) -> u32 {
        u32::try_from(self.losses.len()).expect("rounds are u32")
    }

    /// Rounds whose results were there before.
    fn recalled_rounds(&self) -> u32 {
        let recalled = self.history.as_ref().map_or(0, |history| history.recalled.losses.len());
        u32::try_from(recalled).expect("rounds are u32")
    }

    /// The losses of the present round, if it was learned before; after the last such round, its
    /// models are put in place.
    fn recall_round(&mut self) -> Option<Option<RoundLosses>> {
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

    fn train_round(&mut self, arrived: &[u32]) -> Option<RoundLosses> {
        let updates: Vec<LocalUpdate> =
            arrived.iter().map(|&client| take(&self.updates[client as usize])).collect();
        let losses = mean_losses(&updates, self.federation.method().layout());
        self.federation.aggregate(updates);
        losses
    }

    fn keep_if_due(&mut self) {
        let (rounds, of) = (self.rounds_done(), self.rounds);
        if rounds > self.recalled_rounds()
            && let Some(keeper) = self.keeper.as_mut().filter(|keeper| keeper.is_due(rounds, of))
        {
            keeper.checkpoint(&self.losses, self.federation.state());
        }
    }

    fn recalls_evaluation(&self) -> bool {
        let rounds = self.rounds_done();
        self.history.as_ref().is_some_and(|history| history.recalled.outcomes.contains_key(&rounds))
    }

    /// All clients' outcomes after `rounds_done` rounds, recalled or just evaluated.
    fn take_outcomes(&mut self, rounds_done: u32) -> Vec<Vec<Outcome>> {
        let history = self.history.as_mut();
        if let Some(outcomes) =
            history.and_then(|history| history.recalled.outcomes.remove(&rounds_done))
        {
            return outcomes;
        }
        let outcomes: Vec<Vec<Outcome>> = self.outcomes.iter().map(take).collect();
        let table = self.table_of(&outcomes);
        if let Some(keeper) = &mut self.keeper {
            keeper.outcomes(rounds_done, &table);
        }
        outcomes
    }

    fn table_of(&self, outcomes: &[Vec<Outcome>]) -> OutcomeTable {
        OutcomeTable {
            classes: self.federation.classes(),
            source: self.history.as_ref().map(|history| history.key.clone()).unwrap_or_default(),
            clients: outcomes.to_vec(),
            validation: (0..self.clients()).map(|k| self.federation.validation(k)).collect(),
        }
    }

    /// Takes the evaluations and each round's losses out.
    pub(super) fn take_results(&mut self) -> (Vec<Evaluation>, Vec<Option<RoundLosses>>) {
        (std::mem::take(&mut self.evaluations), std::mem::take(&mut self.losses))
    }
}

impl Training for FederatedTraining {
    fn local_round(&mut self, client: u32, round: u32) -> RoundJob {
        if round < self.recalled_rounds() {
            return nothing_to_do();
        }
        let work = self.federation.local_round(client, round);
        into_slot(work, &mut self.updates[client as usize])
    }

    /// # Panics
    /// If the course is not the one that was rehearsed.
    fn aggregate(&mut self, arrived: &[u32]) {
        self.course.aggregated(arrived);
        if let Some(history) = &self.history {
            assert!(self.course.begins(&history.course), "the course was rehearsed otherwise");
        }
        let losses = match self.recall_round() {
            Some(losses) => losses,
            None => self.train_round(arrived),
        };
        self.losses.push(losses);
        self.keep_if_due();
        let rounds = self.rounds_done();
        if let Some(on_round) = &mut self.on_round {
            on_round(rounds);
        }
    }

    fn evaluation(&mut self, client: u32) -> RoundJob {
        if self.recalls_evaluation() {
            return nothing_to_do();
        }
        let work = self.federation.evaluation(client);
        into_slot(work, &mut self.outcomes[client as usize])
    }

    fn evaluated(&mut self, rounds_done: u32, time: SimTime) {
        let outcomes = self.take_outcomes(rounds_done);
        let points = accuracy(&outcomes, &self.ood, &self.thresholds);
        self.evaluations.push(Evaluation { rounds_done, time, points });
        if rounds_done == self.rounds {
            self.final_outcomes.set(Arc::new(outcomes)).expect("training ends once");
            if let Some(keeper) = &mut self.keeper {
                keeper.finish(&self.losses);
            }
        }
    }
}

/// A job that leaves what `work` yields in a new slot. The slot of an earlier job of this client is
/// let go: a round that failed in simulated time may still be computing, and must not write here.
fn into_slot<T, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
    slot: &mut Slot<T>,
) -> RoundJob
where
    T: Send + 'static,
    E: std::fmt::Display,
{
    *slot = Slot::default();
    let slot = Arc::clone(slot);
    Box::new(move || {
        let result = work().map_err(|error| error.to_string())?;
        *slot.lock().expect("no job panics while it holds its slot") = Some(result);
        Ok(())
    })
}

fn take<T>(slot: &Slot<T>) -> T {
    let result = slot.lock().expect("no job panics while it holds its slot").take();
    result.expect("a result is asked for after its job is done")
}

#[expect(clippy::cast_precision_loss, reason = "a number of clients")]
fn mean_losses(updates: &[LocalUpdate], layout: Layout) -> Option<RoundLosses> {
    let count = (!updates.is_empty()).then_some(updates.len() as f64)?;
    let mean = |loss: fn(&LocalUpdate) -> Option<f64>| {
        updates.iter().map(loss).sum::<Option<f64>>().map(|sum| sum / count)
    };
    let client = mean(|update| update.client_loss);
    let theta = mean(|update| Some(update.theta_loss));
    let (server, full) = if layout.is_split() { (theta, None) } else { (None, theta) };
    Some(RoundLosses { client, server, full })
}
