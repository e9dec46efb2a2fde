//! The actors' training, done by the federation's real models.

use super::result::Evaluation;
use crate::actors::{RoundJob, Training};
use crate::learning::{
    Federation, Layout, LocalUpdate, Outcome, RoundStart, SharedUpdate, accuracy,
};
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

/// Losses of one client's update.
#[derive(Debug, Clone, Copy)]
struct Losses {
    client: Option<f64>,
    theta: f64,
}

/// A round in which all clients train one θ.
#[derive(Default)]
struct SharedWork {
    /// The clients that have begun it.
    starts: Vec<RoundStart>,
    update: Slot<SharedUpdate>,
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
    /// Losses of the updates merged since the last round was reported.
    merged: Vec<Losses>,
    outcomes: Vec<Slot<Vec<Outcome>>>,
    losses: Vec<Option<RoundLosses>>,
    evaluations: Vec<Evaluation>,
    final_outcomes: FinalOutcomes,
    on_round: Option<Box<dyn FnMut(u32)>>,
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
            merged: Vec::new(),
            outcomes: (0..clients).map(|_| Slot::default()).collect(),
            losses: Vec::new(),
            evaluations: Vec::new(),
            final_outcomes: FinalOutcomes::default(),
            on_round: None,
        }
    }

    /// The same on one θ for all clients.
    pub(super) fn on_one_theta(self) -> Self {
        Self { shared: Some(SharedWork::default()), ..self }
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

    /// A round is over, with the mean of these losses.
    fn round_done(&mut self, losses: &[Losses]) {
        self.losses.push(mean_losses(losses, self.federation.method().layout()));
        if let Some(on_round) = &mut self.on_round {
            on_round(u32::try_from(self.losses.len()).expect("rounds are u32"));
        }
    }

    /// Takes the evaluations and each round's losses out.
    pub(super) fn take_results(&mut self) -> (Vec<Evaluation>, Vec<Option<RoundLosses>>) {
        (std::mem::take(&mut self.evaluations), std::mem::take(&mut self.losses))
    }
}

impl Training for FederatedTraining {
    fn models_sent(&mut self, client: u32, round: u32) {
        self.sent[client as usize] = Some((round, self.federation.start(client, round)));
    }

    fn local_round(&mut self, client: u32, round: u32) -> RoundJob {
        // Newer models are on their way to a client whose round is over: it trains in vain.
        let sent = self.sent[client as usize].take_if(|(sent, _)| *sent == round);
        match (sent, &mut self.shared) {
            (None, _) => Box::new(|| Ok(())),
            (Some((_, start)), Some(shared)) => {
                shared.starts.push(start);
                Box::new(|| Ok(()))
            }
            (Some((_, start)), None) => {
                into_slot(start.train(), &mut self.updates[client as usize])
            }
        }
    }

    fn shared_round(&mut self, order: &[u32]) -> RoundJob {
        let shared = self.shared.as_mut().expect("asked for with one θ for all");
        let starts = std::mem::take(&mut shared.starts);
        let work = self.federation.shared_round(starts, order.to_vec());
        into_slot(work, &mut shared.update)
    }

    fn aggregate(&mut self, arrived: &[u32]) {
        let losses: Vec<Losses>;
        if let Some(shared) = &self.shared {
            let SharedUpdate { theta, clients } = take(&shared.update);
            let updates: Vec<LocalUpdate> =
                clients.into_iter().filter(|update| arrived.contains(&update.client)).collect();
            losses = updates.iter().map(Losses::of).collect();
            self.federation.aggregate_shared(theta, updates);
        } else {
            let updates: Vec<LocalUpdate> =
                arrived.iter().map(|&client| take(&self.updates[client as usize])).collect();
            losses = updates.iter().map(Losses::of).collect();
            self.federation.aggregate(updates);
        }
        self.round_done(&losses);
    }

    fn merge(&mut self, client: u32, weight: f64) {
        let update = take(&self.updates[client as usize]);
        self.merged.push(Losses::of(&update));
        self.federation.merge(update, weight);
    }

    fn merged_round(&mut self) {
        let losses = std::mem::take(&mut self.merged);
        self.round_done(&losses);
    }

    fn evaluation(&mut self, client: u32) -> RoundJob {
        let work = self.federation.evaluation(client);
        into_slot(work, &mut self.outcomes[client as usize])
    }

    fn evaluated(&mut self, rounds_done: u32, time: SimTime) {
        let outcomes: Vec<Vec<Outcome>> = self.outcomes.iter().map(take).collect();
        let points = accuracy(&outcomes, &self.ood, &self.thresholds);
        self.evaluations.push(Evaluation { rounds_done, time, points });
        if rounds_done == self.rounds {
            self.final_outcomes.set(Arc::new(outcomes)).expect("training ends once");
        }
    }
}

impl Losses {
    fn of(update: &LocalUpdate) -> Self {
        Self { client: update.client_loss, theta: update.theta_loss }
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
fn mean_losses(losses: &[Losses], layout: Layout) -> Option<RoundLosses> {
    let count = (!losses.is_empty()).then_some(losses.len() as f64)?;
    let mean = |loss: fn(&Losses) -> Option<f64>| {
        losses.iter().map(loss).sum::<Option<f64>>().map(|sum| sum / count)
    };
    let client = mean(|losses| losses.client);
    let theta = mean(|losses| Some(losses.theta));
    let (server, full) = if layout.is_split() { (theta, None) } else { (None, theta) };
    Some(RoundLosses { client, server, full })
}
