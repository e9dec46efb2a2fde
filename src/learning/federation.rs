//! The state of all models, and the work of a round on it.

use super::aggregation::{Means, means};
use super::dataset::Dataset;
use super::error::{LearningError, TrainingError};
use super::evaluation::{EvaluationJob, Outcome};
use super::local_round::{LocalRound, LocalUpdate, Models};
use super::partition::{deal_shards, main_classes};
use super::test_set::ClientTestSet;
use super::weights::Weights;
use crate::cost::SplitModel;
use crate::random::Streams;
use std::sync::Arc;

/// Everything that learning depends on besides the data set.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningConfig {
    /// The layers and the cut.
    pub model: SplitModel,
    /// Label shards for each client, at least 1.
    pub shards_per_client: u32,
    /// Clients, at least 1.
    pub clients: u32,
    /// The share of a client's samples from which on a class is one of its main classes, in
    /// [0, 1].
    pub main_share: f64,
    /// Samples of a mini-batch, at least 1; a client with fewer uses all of them.
    pub batch_size: u32,
    /// Mini-batches of a client in a round, at least 1.
    pub local_updates: u32,
    /// SGD step size, positive.
    pub learning_rate: f64,
    /// γ: weight of the client exit's loss, in [0, 1].
    pub gamma: f64,
    /// λ: weight of a client's own model in its personalised aggregate, in [0, 1].
    pub lambda: f64,
    /// The largest ρ that will be asked for, not negative.
    pub max_ood: f64,
    /// Seeds the partition, the initialisation and the batches.
    pub seed: u64,
}

/// The models of all clients and of the server between rounds.
#[derive(Debug)]
pub struct Federation {
    config: Arc<LearningConfig>,
    data: Arc<Dataset>,
    clients: Vec<Client>,
    theta: Arc<Weights>,
}

#[derive(Debug)]
struct Client {
    samples: Arc<[u32]>,
    tests: Arc<ClientTestSet>,
    phi: Arc<Weights>,
    kappa: Arc<Weights>,
}

impl LearningConfig {
    fn validate(&self) -> Result<(), LearningError> {
        let at_least_one = |value: u32| (f64::from(value), value >= 1, "1 or more");
        let share = |value: f64| (value, (0.0..=1.0).contains(&value), "0 to 1");
        let positive =
            |value: f64, ok: bool| (value, value.is_finite() && ok, "finite and positive");
        let checks = [
            ("clients", at_least_one(self.clients)),
            ("shards_per_client", at_least_one(self.shards_per_client)),
            ("batch_size", at_least_one(self.batch_size)),
            ("local_updates", at_least_one(self.local_updates)),
            ("main_share", share(self.main_share)),
            ("gamma", share(self.gamma)),
            ("lambda", share(self.lambda)),
            ("learning_rate", positive(self.learning_rate, self.learning_rate > 0.0)),
            ("ood", positive(self.max_ood, self.max_ood >= 0.0)),
        ];
        match checks.into_iter().find(|(_, (_, valid, _))| !valid) {
            Some((key, (value, _, allowed))) => {
                Err(LearningError::OutOfRange { key, value, allowed })
            }
            None => Ok(()),
        }
    }
}

impl Federation {
    /// Deals the training samples to the clients and gives all of them one initialisation.
    ///
    /// # Errors
    /// If a number is out of range, the model does not fit the data, or the data do not suffice
    /// for this many shards or for the largest ρ.
    pub fn new(config: LearningConfig, data: Arc<Dataset>) -> Result<Self, LearningError> {
        config.validate()?;
        let model = &config.model;
        if model.input != data.shape || model.classes != u32::from(data.classes) {
            return Err(LearningError::Shape {
                model: model.input,
                model_classes: model.classes,
                data: data.shape,
                data_classes: data.classes,
            });
        }
        let streams = Streams::new(config.seed, 0);
        let initialise = |layers, part| {
            Arc::new(Weights::initialise(layers, &mut streams.stream("model", part)))
        };
        let (phi, kappa) = (initialise(&model.phi, "phi"), initialise(&model.kappa, "kappa"));
        let theta = initialise(&model.theta, "theta");
        let mut stream = streams.stream("data", "partition");
        let dealt =
            deal_shards(&data.train, config.clients, config.shards_per_client, &mut stream)?;
        let clients = (0_u32..).zip(dealt).map(|(client, samples)| {
            let tests = test_set(&config, &data, client, &samples)?;
            let (phi, kappa) = (phi.clone(), kappa.clone());
            Ok(Client { samples: samples.into(), tests: Arc::new(tests), phi, kappa })
        });
        let clients = clients.collect::<Result<_, _>>()?;
        Ok(Self { config: Arc::new(config), data, clients, theta })
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

    /// Which test samples `client` is asked about.
    pub fn test_set(&self, client: u32) -> &ClientTestSet {
        &self.client(client).tests
    }

    /// The work of one client's round on the models as they are now, to be run on any thread.
    ///
    /// The job fails if a loss is not finite.
    pub fn local_round(
        &self,
        client: u32,
        round: u32,
    ) -> impl FnOnce() -> Result<LocalUpdate, TrainingError> + Send + 'static + use<> {
        let job = LocalRound {
            config: self.config.clone(),
            data: self.data.clone(),
            client,
            round,
            samples: self.client(client).samples.clone(),
            models: self.models(client),
        };
        move || job.run()
    }

    /// Ends a round: θ ← Σ a_k θ_k over the clients that arrived, and for every client
    /// φ_k ← λ φ_k + (1−λ) φ̄, κ_k ← λ κ_k + (1−λ) κ̄; an absent client mixes the models that it
    /// had. Sums run in client order whatever the order of `updates`. Without any update nothing
    /// changes.
    pub fn aggregate(&mut self, mut updates: Vec<LocalUpdate>) {
        updates.sort_by_key(|update| update.client);
        let Some(Means { phi, kappa, theta }) = means(&updates, |client| self.samples(client))
        else {
            return;
        };
        self.theta = Arc::new(theta);
        for update in updates {
            let client = &mut self.clients[update.client as usize];
            client.phi = Arc::new(update.phi);
            client.kappa = Arc::new(update.kappa);
        }
        #[expect(clippy::cast_possible_truncation, reason = "λ is stated to a few digits")]
        let lambda = self.config.lambda as f32;
        for client in &mut self.clients {
            client.phi = Arc::new(client.phi.mix(&phi, lambda));
            client.kappa = Arc::new(client.kappa.mix(&kappa, lambda));
        }
    }

    /// The evaluation of both exits of `client` on its test set with the models as they are now,
    /// to be run on any thread: the main samples, then its fixed permutation of OOD samples up to
    /// the largest ρ.
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
            models: self.models(client),
        };
        move || job.run()
    }

    /// All weights in a fixed order: θ, then φ and κ of each client. For fingerprints.
    pub fn weights(&self) -> impl Iterator<Item = f32> + '_ {
        let own =
            self.clients.iter().flat_map(|client| client.phi.values().chain(client.kappa.values()));
        self.theta.values().chain(own)
    }

    fn models(&self, client: u32) -> Models {
        let Client { phi, kappa, .. } = self.client(client);
        Models { phi: phi.clone(), kappa: kappa.clone(), theta: self.theta.clone() }
    }

    fn client(&self, client: u32) -> &Client {
        &self.clients[client as usize]
    }
}

/// The test set of a client that holds `samples`.
fn test_set(
    config: &LearningConfig,
    data: &Dataset,
    client: u32,
    samples: &[u32],
) -> Result<ClientTestSet, LearningError> {
    let counts = data.train.class_counts(samples, data.classes);
    let main = main_classes(client, &counts, config.main_share)?;
    let streams = Streams::new(config.seed, 0);
    let mut stream = streams.stream(&format!("client/{client}"), "ood");
    ClientTestSet::new(client, &data.test, &main, config.max_ood, &mut stream)
}
