//! Training that was done once, for the replications that only repeat its timing.

use super::course::Rehearsal;
use super::training::{FederatedTraining, FinalOutcomes};
use crate::actors::Training;
use crate::learning::Outcome;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// What a replication needs to know of the training that was really done.
#[derive(Debug, Clone)]
pub(super) struct Learned {
    /// Samples of each client's mini-batch.
    batches: Vec<u32>,
    /// Mini-batches of each client in a round.
    steps: Vec<u32>,
    /// Training samples of each client.
    samples: Vec<u64>,
    /// All clients' outcomes with the final models.
    outcomes: Arc<Vec<Vec<Outcome>>>,
    /// For each of their test samples whether thresholds may be fitted on it.
    validation: Arc<Vec<Vec<bool>>>,
}

/// The training behind one simulation.
pub(super) enum SimulatedTraining {
    /// Models are trained.
    Real(Rc<RefCell<FederatedTraining>>),
    /// Nothing is computed: what was learned before is taken for granted.
    Replayed(Learned, Rc<RefCell<Rehearsal>>),
}

impl Learned {
    /// What the clients of `training` have learned.
    ///
    /// # Panics
    /// Before training is over.
    pub(super) fn from(training: &FederatedTraining) -> Self {
        let outcomes = training.final_outcomes();
        let outcomes = Arc::clone(outcomes.get().expect("a run ends after its training"));
        Self { outcomes, ..Self::nothing(training) }
    }

    /// The clients of `training` before they have learned anything.
    pub(super) fn nothing(training: &FederatedTraining) -> Self {
        let clients = training.clients();
        Self {
            batches: (0..clients).map(|client| training.batch(client)).collect(),
            steps: (0..clients).map(|client| training.steps(client)).collect(),
            samples: (0..clients).map(|client| training.samples(client)).collect(),
            outcomes: Arc::default(),
            validation: training.validation(),
        }
    }
}

impl SimulatedTraining {
    /// Samples of a client's mini-batch.
    pub(super) fn batch(&self, client: u32) -> u32 {
        match self {
            Self::Real(training) => training.borrow().batch(client),
            Self::Replayed(learned, _) => learned.batches[client as usize],
        }
    }

    /// Mini-batches of a client in a round.
    pub(super) fn steps(&self, client: u32) -> u32 {
        match self {
            Self::Real(training) => training.borrow().steps(client),
            Self::Replayed(learned, _) => learned.steps[client as usize],
        }
    }

    /// Training samples of a client.
    pub(super) fn samples(&self, client: u32) -> u64 {
        match self {
            Self::Real(training) => training.borrow().samples(client),
            Self::Replayed(learned, _) => learned.samples[client as usize],
        }
    }

    /// A handle to the final outcomes.
    pub(super) fn final_outcomes(&self) -> FinalOutcomes {
        match self {
            Self::Real(training) => training.borrow().final_outcomes(),
            Self::Replayed(learned, _) => Rc::new(OnceCell::from(Arc::clone(&learned.outcomes))),
        }
    }

    /// For each client's test samples whether thresholds may be fitted on them.
    pub(super) fn validation(&self) -> Arc<Vec<Vec<bool>>> {
        match self {
            Self::Real(training) => training.borrow().validation(),
            Self::Replayed(learned, _) => Arc::clone(&learned.validation),
        }
    }

    /// What does the actors' real work.
    pub(super) fn backend(&self) -> Rc<RefCell<dyn Training>> {
        match self {
            Self::Real(training) => Rc::clone(training) as _,
            Self::Replayed(_, backend) => Rc::clone(backend) as _,
        }
    }
}

#[cfg(test)]
impl Learned {
    /// Nothing, by `clients` clients with `steps` mini-batches of `batch` in a round.
    pub(super) fn of_batches(clients: usize, batch: u32, steps: u32) -> Self {
        Self {
            batches: vec![batch; clients],
            steps: vec![steps; clients],
            samples: vec![u64::from(batch); clients],
            outcomes: Arc::default(),
            validation: Arc::default(),
        }
    }
}
