//! The state of all models, and the work of a round on it.

mod inputs;
mod state;

pub use inputs::LEARNING_REVISION;
pub use state::{FederationState, StateError};

use super::aggregation::means;
use super::batch_norm::with_single_values;
use super::config::LearningConfig;
use super::dataset::Dataset;
use super::error::{LearningError, TrainingError};
use super::evaluation::{EvaluatedModels, EvaluationJob, Outcome};
use super::footprint;
use super::gradient_norm::GradientNormJob;
use super::local_round::{LocalRound, LocalUpdate, RoundStart};
use super::method::{Layout, Method};
use super::partition::main_classes;
use super::parts::Models;
use super::shared_round::{SharedRound, SharedUpdate};
use super::test_set::ClientTestSet;
use super::validation::validation_part;
use super::weights::Weights;
use crate::cost::SplitModel;
use crate::random::Streams;
use std::sync::Arc;

/// The models of all clients and of the server between rounds.
#[derive(Debug)]
pub struct Federation {
    config: Arc<LearningConfig>,
    data: Arc<Dataset>,
    clients: Vec<Client>,
    /// φ̄, κ̄ and θ̄ of the last aggregation; before the first one, what all began with.
    means: Models,
}

#[derive(Debug)]
struct Client {
    samples: Arc<[u32]>,
    tests: Arc<ClientTestSet>,
    own: Models,
    /// Whether its own models are still to be mixed with the last means: it has not been given its
    /// personalised aggregate yet.
    unmixed: bool,
}

impl Federation {
    /// Deals the training samples to the clients and gives all of them one initialisation, which is
    /// the same whatever the method.
    ///
    /// # Errors
    /// If a number is out of range, the model does not fit the data, or the data do not suffice
    /// for this many shards or for the largest ρ.
    pub fn new(config: LearningConfig, data: Arc<Dataset>) -> Result<Self, LearningError> {
        config.validate()?;
        let model = &config.model;
        fits(model, &data)?;
        let streams = Streams::new(config.seed, 0);
        let initialise = |layers, part| {
            Arc::new(Weights::initialise(layers, &mut streams.stream("model", part)))
        };
        let has_client_exit = config.method.layout().has_client_exit();
        let means = Models {
            phi: initialise(&model.phi, "phi"),
            kappa: has_client_exit.then(|| initialise(&model.kappa, "kappa")),
            theta: initialise(&model.theta, "theta"),
        };
        let mut stream = streams.stream("data", "partition");
        let dealt = config.partition.deal(&data, config.client_count(), &mut stream)?;
        let most_samples = dealt.iter().map(Vec::len).max().unwrap_or(0) as u64;
        footprint::check(&config, most_samples.min(config.batch_size.into()))?;
        let batch_size = config.batch_size as usize;
        let clients = config.clients.iter().zip(dealt).map(|(client, samples)| {
            if samples.is_empty() {
                let (client, seed) = (client.clone(), config.seed);
                return Err(LearningError::NoSamples { client, seed });
            }
            let single = with_single_values(config.trained_layers());
            if let Some(layer) = single.filter(|_| samples.len().min(batch_size) == 1) {
                let (client, layer) = (client.clone(), layer.name.clone());
                return Err(LearningError::SingleValue { client, layer });
            }
            let tests = test_set(&config, &data, client, &samples)?;
            let (samples, tests) = (samples.into(), Arc::new(tests));
            Ok(Client { samples, tests, own: means.clone(), unmixed: false })
        });
        let clients = clients.collect::<Result<_, _>>()?;
        Ok(Self { config: Arc::new(config), data, clients, means })
    }

    /// The training method.
    pub fn method(&self) -> Method {
        self.config.method
    }

    /// n_k: training samples that `client` holds.
    pub fn samples(&self, client: u32) -> u64 {
        self.client(client).samples.len() as u64
    }

    /// Samples of a mini-batch of `client`: min(batch size, n_k).
    pub fn batch(&self, client: u32) -> u32 {
        let samples = u32::try_from(self.client(client).samples.len()).unwrap_or(u32::MAX);
        self.config.batch_size.min(samples)
    }

    /// Mini-batches of `client` in a round.
    pub fn steps(&self, client: u32) -> u32 {
        self.config.local_work.steps(self.samples(client), self.config.batch_size)
    }

    /// Which test samples `client` is asked about.
    pub fn test_set(&self, client: u32) -> &ClientTestSet {
        &self.client(client).tests
    }

    /// For each of those samples whether it is one of the fifth that thresholds are fitted on.
    pub fn validation(&self, client: u32) -> Vec<bool> {
        let streams = Streams::new(self.config.seed, 0);
        // Asked for while a training is kept, and not when it is looked up.
        let mut stream = streams.generator(self.config.name(client), "validation");
        validation_part(self.test_set(client), &mut stream)
    }

    /// Classes that the exits tell apart.
    pub fn classes(&self) -> u32 {
        self.config.model.classes
    }

    /// What `client` starts `round` with if it is sent it now: its personalised aggregate, φ_k ← λ φ_k +
    /// (1−λ) φ̄ and κ_k ← λ κ_k + (1−λ) κ̄, and with the full model on the device θ_k alike; with a
    /// split model the present θ. Nothing changes until an update comes back: a client whose update
    /// is lost keeps what it had before.
    pub fn start(&self, client: u32, round: u32) -> RoundStart {
        RoundStart(LocalRound {
            config: self.config.clone(),
            data: self.data.clone(),
            client,
            round,
            samples: self.client(client).samples.clone(),
            models: self.models(client),
        })
    }

    /// The work of one client's round, to be run on any thread, if it starts now.
    ///
    /// The job fails if a loss is not finite.
    pub fn local_round(
        &self,
        client: u32,
        round: u32,
    ) -> impl FnOnce() -> Result<LocalUpdate, TrainingError> + Send + 'static + use<> {
        self.start(client, round).train()
    }

    /// The work of a round on one θ for all clients, to be run on any thread: the mini-batches of
    /// those that `starts` has models for, in the given order of clients.
    ///
    /// The job fails if a loss is not finite.
    pub fn shared_round(
        &self,
        starts: Vec<RoundStart>,
        order: Vec<u32>,
    ) -> impl FnOnce() -> Result<SharedUpdate, TrainingError> + Send + 'static + use<> {
        let rounds = starts.into_iter().map(|start| start.0).collect();
        let theta = self.means.theta.clone();
        let job = SharedRound { config: self.config.clone(), theta, rounds, order };
        move || job.run()
    }

    /// Ends a round: θ ← Σ a_k θ_k, and φ̄, κ̄ alike, over the clients that arrived; sums run in
    /// client order whatever the order of `updates`. What each client holds on its device is mixed
    /// with the means when it is given them; one that was absent keeps its own until it returns.
    /// Without any update nothing changes.
    pub fn aggregate(&mut self, mut updates: Vec<LocalUpdate>) {
        updates.sort_by_key(|update| update.client);
        let Some(means) = means(&updates, |client| self.samples(client)) else { return };
        self.means = means;
        if self.keeps_own() {
            updates.into_iter().for_each(|update| self.hold(update));
        }
        self.clients.iter_mut().for_each(|client| client.unmixed = true);
    }

    /// Ends a round on one θ for all clients: θ becomes `theta`, which is not averaged; φ̄ and κ̄ are
    /// the means over the updates of the clients that arrived.
    pub fn aggregate_shared(&mut self, theta: Arc<Weights>, updates: Vec<LocalUpdate>) {
        self.aggregate(updates);
        self.means.theta = Arc::clone(&theta);
        // A client that has not been given an aggregate yet trains on this θ, too.
        self.clients.iter_mut().for_each(|client| client.own.theta = Arc::clone(&theta));
    }

    /// Takes in one client's update with this weight as it arrives: x ← (1 − weight) · x + weight · x_k
    /// for φ̄, κ̄ and θ̄ (Xie, Koyejo, Gupta, "Asynchronous Federated Optimization", 2019). What each
    /// client holds on its device is mixed with these when it is given them.
    pub fn merge(&mut self, update: LocalUpdate, weight: f64) {
        self.means = update.mixed_into(&self.means, weight);
        if self.keeps_own() {
            self.hold(update);
        }
        self.clients.iter_mut().for_each(|client| client.unmixed = true);
    }

    /// Ends a client's round without an average: it goes on with its own models.
    pub fn keep(&mut self, update: LocalUpdate) {
        self.hold(update);
    }

    /// The evaluation of `client`'s exits, or its full model, on its test set, to be run on any
    /// thread: the main samples, then its fixed permutation of OOD samples up to the largest ρ.
    ///
    /// The job fails if an answer is not finite.
    pub fn evaluation(
        &self,
        client: u32,
    ) -> impl FnOnce() -> Result<Vec<Outcome>, TrainingError> + Send + 'static + use<> {
        let job = EvaluationJob {
            config: self.config.clone(),
            data: self.data.clone(),
            client,
            tests: self.client(client).tests.clone(),
            models: self.evaluated_models(client),
        };
        move || job.run()
    }

    /// The squared norm ‖∇F_k‖² of the gradient of `client`'s loss on all of its training samples at
    /// its models after the λ-mix, to be computed on any thread. Nothing is rounded for the wire.
    ///
    /// The job fails if the norm is not finite.
    pub fn gradient_norm(
        &self,
        client: u32,
    ) -> impl FnOnce() -> Result<f64, TrainingError> + Send + 'static + use<> {
        let job = GradientNormJob {
            config: self.config.clone(),
            data: self.data.clone(),
            client,
            samples: self.client(client).samples.clone(),
            models: self.models(client),
        };
        move || job.run()
    }

    /// The models of `client` that are asked.
    fn evaluated_models(&self, client: u32) -> Models {
        let mixed = self.models(client);
        match self.config.evaluated {
            EvaluatedModels::Mixed => mixed,
            EvaluatedModels::Local => {
                let own = &self.client(client).own;
                let theta = match self.config.method.layout() {
                    Layout::TwoExits | Layout::ServerExit => mixed.theta,
                    Layout::Full => Arc::clone(&own.theta),
                };
                Models { theta, ..own.clone() }
            }
        }
    }

    /// The models of `client` after the λ-mix.
    fn models(&self, client: u32) -> Models {
        let Client { own, unmixed, .. } = self.client(client);
        if *unmixed {
            own.mix(&self.means, self.config.lambda_in_force(), self.config.method.layout())
        } else {
            own.clone()
        }
    }

    /// Whether what clients made of their models is used again after the average: at λ = 0 it is not,
    /// unless it is to be evaluated.
    fn keeps_own(&self) -> bool {
        self.config.lambda_in_force() > 0.0 || self.config.evaluated == EvaluatedModels::Local
    }

    /// What a client's device holds becomes what its local updates made of it.
    fn hold(&mut self, update: LocalUpdate) {
        let own = &mut self.clients[update.client as usize].own;
        own.phi = Arc::new(update.phi);
        own.kappa = update.kappa.map(Arc::new);
        if !self.config.method.layout().is_split() {
            own.theta = update.theta;
        }
    }

    fn client(&self, client: u32) -> &Client {
        &self.clients[client as usize]
    }
}

/// Whether `model` takes in what the data set has.
fn fits(model: &SplitModel, data: &Dataset) -> Result<(), LearningError> {
    if model.input == data.shape && model.classes == u32::from(data.classes) {
        return Ok(());
    }
    Err(LearningError::Shape {
        model: model.input,
        model_classes: model.classes,
        data: data.shape,
        data_classes: data.classes,
    })
}

/// The test set of a client that holds `samples`.
fn test_set(
    config: &LearningConfig,
    data: &Dataset,
    client: &str,
    samples: &[u32],
) -> Result<ClientTestSet, LearningError> {
    let counts = data.train.class_counts(samples, data.classes);
    let main = main_classes(client, &counts, config.main_share)?;
    let streams = Streams::new(config.seed, 0);
    let mut stream = streams.stream(client, "ood");
    ClientTestSet::new(client, &data.test, &main, config.max_ood, &mut stream)
}

#[cfg(test)]
mod tests;
