//! The actors' training, done by the federation's real models.

mod history;

pub(super) use history::History;

use super::course::{Course, nothing_to_do};
use super::result::Evaluation;
use super::store::Keeper;
use crate::actors::{RoundJob, Training};
use crate::kernel::StopFlag;
use crate::learning::{
    Federation, Layout, LocalUpdate, Outcome, RoundStart, SharedUpdate, TrainingError, accuracy,
};
use crate::stats::Tally;
use crate::time::SimTime;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

/// Where a job on another thread leaves its result.
type Slot<T> = Arc<Mutex<Option<T>>>;

/// All clients' outcomes with the final models, there once training is over.
pub(super) type FinalOutcomes = Rc<OnceCell<Arc<Vec<Vec<Outcome>>>>>;

/// What an evaluation says of one client.
struct Evaluated {
    outcomes: Vec<Outcome>,
    /// ‖∇F_k‖², if it is asked for.
    gradient_norm: Option<f64>,
}

/// Why models could not be evaluated.
#[derive(Debug, thiserror::Error)]
#[error("evaluation after {rounds_done} of {rounds} rounds: {error}")]
struct EvaluationError {
    rounds_done: u32,
    rounds: u32,
    error: TrainingError,
}

/// Mean losses of a round over the clients that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct RoundLosses {
    pub(super) client: Option<f64>,
    pub(super) server: Option<f64>,
    pub(super) full: Option<f64>,
    /// Mean over clients of ‖∇F_k‖² after the round, if it was measured then.
    pub(super) gradient_norm: Option<f64>,
}

/// A round in which all clients train one θ.
#[derive(Default)]
struct SharedWork {
    /// The clients that have begun it.
    starts: Vec<RoundStart>,
    update: Slot<SharedUpdate>,
}

/// Mean losses of one client's round.
#[derive(Debug, Clone, Copy)]
struct StepLosses {
    client: u32,
    client_exit: Option<f64>,
    theta: f64,
}

impl StepLosses {
    fn of(update: &LocalUpdate) -> Self {
        let LocalUpdate { client, client_loss, theta_loss, .. } = *update;
        Self { client, client_exit: client_loss, theta: theta_loss }
    }
}

/// Where a run ends early.
pub(super) struct StopAfter {
    /// After so many rounds.
    pub(super) rounds: u32,
    /// Whether their evaluation is awaited.
    pub(super) evaluated: bool,
    /// Ends the run.
    pub(super) stop: StopFlag,
}

/// Real training in simulated time.
pub(super) struct FederatedTraining {
    federation: Federation,
    rounds: u32,
    ood: Vec<f64>,
    thresholds: Vec<f64>,
    /// What clients were sent and have not begun to train, with its round.
    sent: Vec<Option<(u32, RoundStart)>>,
    updates: Vec<Slot<LocalUpdate>>,
    /// With one θ for all: the round under way.
    shared: Option<SharedWork>,
    /// Whether clients are aggregated one by one.
    asynchronous: bool,
    /// Losses of the updates merged since the last round was reported.
    merged: Vec<StepLosses>,
    /// Each client's evaluation after so many rounds; clients that train alone are not equally far.
    evaluated: BTreeMap<u32, Vec<Slot<Evaluated>>>,
    gradient_norm: bool,
    losses: Vec<Option<RoundLosses>>,
    /// Of clients that train alone, by round; `None` of those whose round was known before.
    own_losses: BTreeMap<u32, Vec<Option<StepLosses>>>,
    evaluations: Vec<Evaluation>,
    latest_outcomes: Option<Arc<Vec<Vec<Outcome>>>>,
    final_outcomes: FinalOutcomes,
    on_round: Option<Box<dyn FnMut(u32)>>,
    course: Course,
    history: Option<History>,
    keeper: Option<Keeper>,
    stop_after: Option<StopAfter>,
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
            sent: (0..clients).map(|_| None).collect(),
            updates: (0..clients).map(|_| Slot::default()).collect(),
            shared: None,
            asynchronous: false,
            merged: Vec::new(),
            evaluated: BTreeMap::new(),
            gradient_norm: false,
            losses: Vec::new(),
            own_losses: BTreeMap::new(),
            evaluations: Vec::new(),
            latest_outcomes: None,
            final_outcomes: FinalOutcomes::default(),
            on_round: None,
            course: Course::default(),
            history: None,
            keeper: None,
            stop_after: None,
        }
    }

    /// The same on one θ for all clients.
    pub(super) fn on_one_theta(self) -> Self {
        Self { shared: Some(SharedWork::default()), ..self }
    }

    /// The same with updates that are merged as they arrive.
    pub(super) fn one_by_one(self) -> Self {
        Self { asynchronous: true, ..self }
    }

    /// Measures the gradients of the clients' losses, too, whenever it evaluates.
    pub(super) fn measure_gradients(&mut self) {
        self.gradient_norm = true;
    }

    /// Whether it measures them.
    pub(super) fn measures_gradients(&self) -> bool {
        self.gradient_norm
    }

    /// Calls `on_round` with the number of finished rounds after each aggregation.
    pub(super) fn on_round(&mut self, on_round: Box<dyn FnMut(u32)>) {
        self.on_round = Some(on_round);
    }

    /// Ends the run early.
    pub(super) fn stop_after(&mut self, stop_after: StopAfter) {
        self.stop_after = Some(stop_after);
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

    /// Mini-batches of a client in a round.
    pub(super) fn steps(&self, client: u32) -> u32 {
        self.federation.steps(client)
    }

    /// How many clients there are.
    pub(super) fn clients(&self) -> u32 {
        u32::try_from(self.updates.len()).expect("clients are u32")
    }

    /// Rounds of the whole training.
    pub(super) fn rounds(&self) -> u32 {
        self.rounds
    }

    /// For each client's test samples whether thresholds may be fitted on them.
    pub(super) fn validation(&self) -> Arc<Vec<Vec<bool>>> {
        Arc::new((0..self.clients()).map(|client| self.federation.validation(client)).collect())
    }

    /// The models, before training.
    pub(super) fn federation(&self) -> &Federation {
        &self.federation
    }

    /// Takes the evaluations out, with a copy of each round's losses: a training that has ended early
    /// is kept with them.
    pub(super) fn take_results(&mut self) -> (Vec<Evaluation>, Vec<Option<RoundLosses>>) {
        (std::mem::take(&mut self.evaluations), self.losses.clone())
    }
}

impl FederatedTraining {
    /// A round is over, with these losses.
    fn round_done(&mut self, losses: Option<RoundLosses>) {
        self.losses.push(losses);
        if let (Some(_), Some(keeper)) = (losses, &mut self.keeper) {
            keeper.tested();
        }
        self.keep_if_due();
        let rounds = self.rounds_done();
        if let Some(on_round) = &mut self.on_round {
            on_round(rounds);
        }
        self.stop_if_due(rounds, false);
    }

    /// Ends the run, if it was to end after so many rounds, `evaluated` or not.
    fn stop_if_due(&self, rounds: u32, evaluated: bool) {
        if let Some(at) = &self.stop_after
            && (at.rounds, at.evaluated) == (rounds, evaluated)
        {
            at.stop.raise();
        }
    }

    /// Averages what the `arrived` clients have really learned in this round.
    fn train_round(&mut self, arrived: &[u32]) -> Option<RoundLosses> {
        let losses: Vec<StepLosses>;
        if let Some(shared) = &self.shared {
            let SharedUpdate { theta, mut clients } = take(&shared.update);
            clients.retain(|update| arrived.contains(&update.client));
            losses = clients.iter().map(StepLosses::of).collect();
            self.federation.aggregate_shared(theta, clients);
        } else {
            let updates: Vec<LocalUpdate> =
                arrived.iter().map(|&client| take(&self.updates[client as usize])).collect();
            losses = updates.iter().map(StepLosses::of).collect();
            self.federation.aggregate(updates);
        }
        mean_losses(&losses, self.federation.method().layout())
    }

    /// What `client`, which trains alone, has learned in its round is from now on its models.
    fn keep_own(&mut self, client: u32) -> StepLosses {
        let update = take(&self.updates[client as usize]);
        let losses = StepLosses::of(&update);
        self.federation.keep(update);
        losses
    }

    /// The mean of a round's losses of clients that train alone, summed in client order.
    fn mean_of_own(&self, losses: Vec<Option<StepLosses>>) -> Option<RoundLosses> {
        let mut losses: Vec<StepLosses> = losses.into_iter().flatten().collect();
        losses.sort_by_key(|losses| losses.client);
        mean_losses(&losses, self.federation.method().layout())
    }

    /// All clients' outcomes after `rounds_done` rounds, now that their jobs are done, and the mean of
    /// their squared gradient norms, if those are measured.
    fn evaluate(&mut self, rounds_done: u32) -> (Vec<Vec<Outcome>>, Option<f64>) {
        let slots = self.evaluated.remove(&rounds_done).unwrap_or_default();
        let (outcomes, norms): (Vec<_>, Vec<_>) =
            slots.iter().map(take).map(|client| (client.outcomes, client.gradient_norm)).unzip();
        let gradient_norm = norms.into_iter().flatten().collect::<Tally>().mean();
        self.note_gradient(rounds_done, gradient_norm);
        let table = self.keeper.is_some().then(|| self.table_of(&outcomes));
        if let (Some(keeper), Some(table)) = (&mut self.keeper, table) {
            keeper.outcomes(rounds_done, table);
        }
        (outcomes, gradient_norm)
    }
}

impl Training for FederatedTraining {
    fn models_sent(&mut self, client: u32, round: u32) {
        self.course.sent(client);
        if self.recalls(round) {
            return;
        }
        self.sent[client as usize] = Some((round, self.federation.start(client, round)));
    }

    fn local_round(&mut self, client: u32, round: u32) -> RoundJob {
        if self.recalls(round) {
            return nothing_to_do();
        }
        // Newer models are on their way to a client whose round is over: it trains in vain.
        let sent = self.sent[client as usize].take_if(|(sent, _)| *sent == round);
        match (sent, &mut self.shared) {
            (None, _) => nothing_to_do(),
            (Some((_, start)), Some(shared)) => {
                shared.starts.push(start);
                nothing_to_do()
            }
            (Some((_, start)), None) => {
                into_slot(start.train(), &mut self.updates[client as usize])
            }
        }
    }

    fn shared_round(&mut self, order: &[u32]) -> RoundJob {
        self.course.served(order);
        if self.recalls(self.rounds_done()) {
            return nothing_to_do();
        }
        let shared = self.shared.as_mut().expect("asked for with one θ for all");
        let starts = std::mem::take(&mut shared.starts);
        let work = self.federation.shared_round(starts, order.to_vec());
        into_slot(work, &mut shared.update)
    }

    fn keep(&mut self, client: u32, round: u32) {
        let learned = (!self.recalls(round)).then(|| self.keep_own(client));
        let losses = self.own_losses.entry(round).or_default();
        losses.push(learned);
        if losses.len() == self.updates.len() {
            let losses = self.own_losses.remove(&round).unwrap_or_default();
            let losses = self.recall_round().unwrap_or_else(|| self.mean_of_own(losses));
            self.round_done(losses);
        }
    }

    fn merge(&mut self, client: u32, weight: f64) {
        self.course.merged(client, weight);
        if self.recalls(self.rounds_done()) {
            return;
        }
        let update = take(&self.updates[client as usize]);
        self.merged.push(StepLosses::of(&update));
        self.federation.merge(update, weight);
    }

    fn merged_round(&mut self) {
        self.course.round_over();
        self.check_course();
        let merged = std::mem::take(&mut self.merged);
        let losses = match self.recall_round() {
            Some(losses) => losses,
            None => mean_losses(&merged, self.federation.method().layout()),
        };
        self.round_done(losses);
    }

    fn aggregate(&mut self, arrived: &[u32]) {
        self.on_course(arrived);
        let losses = match self.recall_round() {
            Some(losses) => losses,
            None => self.train_round(arrived),
        };
        self.round_done(losses);
    }

    fn evaluation(&mut self, client: u32, rounds_done: u32) -> RoundJob {
        if self.recalls_evaluation(rounds_done) {
            return nothing_to_do();
        }
        let answers = self.federation.evaluation(client);
        let norm = self.gradient_norm.then(|| self.federation.gradient_norm(client));
        let rounds = self.rounds;
        let failed = move |error| EvaluationError { rounds_done, rounds, error };
        let work = move || -> Result<Evaluated, EvaluationError> {
            let gradient_norm = norm.map(|norm| norm()).transpose().map_err(failed)?;
            Ok(Evaluated { outcomes: answers().map_err(failed)?, gradient_norm })
        };
        let slots = || (0..self.updates.len()).map(|_| Slot::default()).collect();
        let slots = self.evaluated.entry(rounds_done).or_insert_with(slots);
        into_slot(work, &mut slots[client as usize])
    }

    fn evaluated(&mut self, rounds_done: u32, time: SimTime) {
        let (outcomes, gradient_norm) =
            self.recall_evaluation(rounds_done).unwrap_or_else(|| self.evaluate(rounds_done));
        let points = accuracy(&outcomes, &self.ood, &self.thresholds);
        let half_widths = Vec::new();
        self.evaluations.push(Evaluation { rounds_done, time, points, half_widths, gradient_norm });
        let outcomes = Arc::new(outcomes);
        self.latest_outcomes = Some(Arc::clone(&outcomes));
        self.stop_if_due(rounds_done, true);
        if rounds_done == self.rounds {
            self.final_outcomes.set(outcomes).expect("training ends once");
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
fn mean_losses(losses: &[StepLosses], layout: Layout) -> Option<RoundLosses> {
    let count = (!losses.is_empty()).then_some(losses.len() as f64)?;
    let mean = |loss: fn(&StepLosses) -> Option<f64>| {
        losses.iter().map(loss).sum::<Option<f64>>().map(|sum| sum / count)
    };
    let client = mean(|losses| losses.client_exit);
    let theta = mean(|losses| Some(losses.theta));
    let (server, full) = if layout.is_split() { (theta, None) } else { (None, theta) };
    Some(RoundLosses { client, server, full, gradient_norm: None })
}
