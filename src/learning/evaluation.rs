//! What the exits, or the full model, really answer to a client's test samples.

use super::config::LearningConfig;
use super::dataset::Dataset;
use super::error::TrainingError;
use super::footprint;
use super::method::{CLIENT_EXIT, Layout};
use super::network::Network;
use super::parts::Models;
use super::quantisation::received_apart;
use super::split_step::batch;
use super::tensor::{Activations, Workspace, read};
use super::test_set::ClientTestSet;
use crate::cost::Precision;
use dfdx::prelude::HasShape as _;
use std::sync::Arc;

/// The answers to one test sample: of the exits that the method has, or of the full model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Index in the test set.
    pub sample: u32,
    /// Its true class.
    pub truth: u8,
    /// Whether that is one of the client's main classes.
    pub main: bool,
    /// The client exit's answer, if there is one.
    pub client: Option<ClientExit>,
    /// The server exit's answer, if there is one.
    pub server: Option<u8>,
    /// The full model's answer, where the device has it all.
    pub full: Option<u8>,
}

impl Outcome {
    /// The answer of φ_k and θ together, wherever they are: the server exit's or the full model's.
    pub fn whole(&self) -> Option<u8> {
        self.server.or(self.full)
    }
}

/// What the client exit answers, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClientExit {
    /// Shannon entropy of its softmax in nats, in [0, ln classes].
    pub entropy: f64,
    /// Its largest probability.
    pub top1: f32,
    /// Its second largest probability.
    pub top2: f32,
    /// Its answer.
    pub class: u8,
}

/// Whose answers are evaluated, and given when requests ask for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvaluatedModels {
    /// Each client's personalised aggregate, after the λ-mix.
    Mixed,
    /// What each client's last local update left on its device, before any mix; θ on the server is
    /// the mean in either case.
    Local,
}

/// Everything that the evaluation of one client depends on; it may run on any thread.
#[derive(Debug)]
pub(super) struct EvaluationJob {
    pub(super) config: Arc<LearningConfig>,
    pub(super) data: Arc<Dataset>,
    pub(super) client: u32,
    pub(super) tests: Arc<ClientTestSet>,
    pub(super) models: Models,
}

impl EvaluationJob {
    /// The outcomes of all test samples, the main ones first.
    ///
    /// # Errors
    /// If an answer is not finite.
    pub(super) fn run(self) -> Result<Vec<Outcome>, TrainingError> {
        let at_once = footprint::evaluated_at_once(&self.config.model);
        self.run_by(at_once)
    }

    /// The same with `at_once` samples in a pass. A sample's answers depend on no other sample: batch
    /// norms use their running statistics, and each sample is quantised by itself. How a matrix product
    /// rounds may depend on its number of rows; this number depends on the model alone, so that the same
    /// learning has the same outcomes.
    fn run_by(&self, at_once: usize) -> Result<Vec<Outcome>, TrainingError> {
        let model = &self.config.model;
        let workspace = Workspace::default();
        let phi = Network::new(&model.phi, &self.models.phi, &workspace);
        let kappa = self.models.kappa.as_deref();
        let kappa = kappa.map(|kappa| Network::new(&model.kappa, kappa, &workspace));
        let theta = Network::new(&model.theta, &self.models.theta, &workspace);
        let classes = model.classes as usize;
        let samples: Vec<u32> = self.tests.samples().collect();
        let mut outcomes = Vec::with_capacity(samples.len());
        for samples in samples.chunks(at_once) {
            let inputs = self.data.batch(&self.data.test, samples);
            let smashed = phi.forward(batch(inputs.pixels, samples.len()));
            let client = kappa.as_ref().map(|kappa| read(&kappa.forward(smashed.clone())));
            let whole = read(&theta.forward(sent(smashed, self.config.wire())));
            for (index, &sample) in samples.iter().enumerate() {
                let logits = index * classes..(index + 1) * classes;
                let client = client.as_ref().map(|client| &client[logits.clone()]);
                let main = outcomes.len() < self.tests.main().len();
                outcomes.push(self.outcome(sample, main, client, &whole[logits])?);
            }
        }
        Ok(outcomes)
    }

    /// The outcome behind the logits of κ, if it exists, and of θ.
    fn outcome(
        &self,
        sample: u32,
        main: bool,
        client: Option<&[f32]>,
        whole: &[f32],
    ) -> Result<Outcome, TrainingError> {
        let layout = self.config.method.layout();
        let answers = [(CLIENT_EXIT, client), (layout.theta_answer(), Some(whole))];
        for (answer, logits) in answers {
            if !logits.into_iter().flatten().all(|logit| logit.is_finite()) {
                let client = self.config.name(self.client).to_owned();
                return Err(TrainingError::Unanswerable { client, sample, answer });
            }
        }
        let class = Some(largest(whole));
        let (server, full) = match layout {
            Layout::TwoExits | Layout::ServerExit => (class, None),
            Layout::Full => (None, class),
        };
        let truth = self.data.test.labels[sample as usize];
        Ok(Outcome { sample, truth, main, client: client.map(ClientExit::of), server, full })
    }
}

impl ClientExit {
    fn of(logits: &[f32]) -> Self {
        let probabilities = softmax(logits);
        let (top1, top2) = top_two(&probabilities);
        Self { entropy: entropy(&probabilities), top1, top2, class: largest(logits) }
    }
}

/// Smashed data as the server receives them, each sample in a message of its own.
fn sent(smashed: Activations, wire: Precision) -> Activations {
    if wire == Precision::Float32 {
        return smashed;
    }
    let (samples, length) = *smashed.shape();
    batch(received_apart(read(&smashed), length, wire), samples)
}

/// Probabilities in proportion to e^logit; the largest logit is subtracted first, so that nothing
/// overflows.
fn softmax(logits: &[f32]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> =
        logits.iter().map(|&logit| (f64::from(logit) - f64::from(largest)).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// −Σ p ln p in nats, kept within [0, ln n] against rounding.
fn entropy(probabilities: &[f64]) -> f64 {
    let terms = probabilities.iter().filter(|&&p| p > 0.0).map(|p| -p * p.ln());
    #[expect(clippy::cast_precision_loss, reason = "there are few classes")]
    let most = (probabilities.len() as f64).ln();
    terms.sum::<f64>().clamp(0.0, most)
}

/// The class with the largest logit; of equal ones the first.
fn largest(logits: &[f32]) -> u8 {
    let mut best = 0;
    for (class, &logit) in logits.iter().enumerate() {
        if logit > logits[best] {
            best = class;
        }
    }
    u8::try_from(best).expect("classes are numbered by bytes")
}

/// The largest and the second largest probability.
#[expect(clippy::cast_possible_truncation, reason = "a probability to seven digits")]
fn top_two(probabilities: &[f64]) -> (f32, f32) {
    let (first, second) = probabilities.iter().fold((0.0_f64, 0.0_f64), |(first, second), &p| {
        if p > first { (p, first) } else { (first, second.max(p)) }
    });
    (first as f32, second as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Layer, LayerKind, SplitModel};
    use crate::learning::weights::Weights;
    use crate::learning::{LocalWork, Method, Partition, Sgd};
    use crate::random::Streams;

    /// φ: a convolution of one channel and a batch norm; κ: a layer; θ: a convolution by tiles, a
    /// pooling, a batch norm and a layer.
    fn model(wire: Precision) -> SplitModel {
        let conv = LayerKind::Conv2d { out_channels: 16, kernel: 3, padding: 1, stride: 1 };
        let chain = |input, kinds: &[LayerKind]| {
            let mut input = input;
            let layers = kinds.iter().enumerate().map(|(index, &kind)| {
                let layer = Layer::new(format!("layer{index}"), kind, index == 1, input);
                input = layer.output;
                layer
            });
            layers.collect::<Vec<Layer>>()
        };
        let data = Dataset::digits();
        let phi = chain(data.shape, &[conv, LayerKind::BatchNorm]);
        let smashed = phi[1].output;
        let kappa = chain(smashed, &[LayerKind::Linear { outputs: 10 }]);
        let pool = LayerKind::MaxPool2d { kernel: 2, stride: 2 };
        let logits = LayerKind::Linear { outputs: 10 };
        let theta = chain(smashed, &[conv, pool, LayerKind::BatchNorm, logits]);
        let preset = crate::cost::ModelPreset::DigitsCnn;
        let model = SplitModel::preset(preset, "conv2").unwrap().sending(wire);
        SplitModel { phi, kappa, theta, ..model }
    }

    fn job(wire: Precision) -> EvaluationJob {
        let model = model(wire);
        let data = Arc::new(Dataset::digits());
        let initialise = |layers, part| {
            Arc::new(Weights::initialise(layers, &mut Streams::new(1, 0).stream("model", part)))
        };
        let models = Models {
            phi: initialise(&model.phi, "phi"),
            kappa: Some(initialise(&model.kappa, "kappa")),
            theta: initialise(&model.theta, "theta"),
        };
        let main: Vec<bool> = (0..10).map(|class| class == 1 || class == 2).collect();
        let mut stream = Streams::new(1, 0).stream("pi/0", "ood");
        let tests = ClientTestSet::new("pi/0", &data.test, &main, 0.3, &mut stream).unwrap();
        let config = LearningConfig {
            method: Method::SplitGp,
            model,
            partition: Partition::Shards { per_client: 2 },
            clients: vec!["pi/0".to_owned()],
            main_share: 0.1,
            batch_size: 16,
            local_work: LocalWork::Updates(1),
            sgd: Sgd::constant(0.05),
            gamma: 0.5,
            lambda: 0.2,
            evaluated: EvaluatedModels::Mixed,
            max_ood: 0.3,
            seed: 1,
        };
        EvaluationJob { config: Arc::new(config), data, client: 0, tests: Arc::new(tests), models }
    }

    /// Classes, and the largest distance of entropies.
    fn compare(a: &[Outcome], b: &[Outcome]) -> (bool, f64) {
        let classes = |o: &Outcome| (o.sample, o.main, o.client.unwrap().class, o.server);
        let entropy = |o: &Outcome| o.client.unwrap().entropy;
        let distances = a.iter().zip(b).map(|(a, b)| (entropy(a) - entropy(b)).abs());
        (a.iter().map(classes).eq(b.iter().map(classes)), distances.fold(0.0, f64::max))
    }

    #[test]
    fn a_samples_answers_do_not_depend_on_those_that_are_evaluated_with_it() {
        for wire in [Precision::Float32, Precision::Int8] {
            let job = job(wire);
            let at_once = |count| job.run_by(count).unwrap();
            let together = at_once(64);
            assert!(together.len() > 64, "more than one pass: {}", together.len());
            assert!(at_once(10_000) == together, "all at once, to the bit, {wire:?}");
            assert!(at_once(32) == together, "half as many, to the bit, {wire:?}");
            for count in [1, 7] {
                // Products of one row or of few sum in another order.
                let (same_classes, distance) = compare(&at_once(count), &together);
                assert!(same_classes && distance < 1e-5, "{count} at once, {wire:?}: {distance}");
            }
        }
    }

    #[test]
    fn equal_logits_have_the_largest_entropy() {
        // ln 4 = 1.3863 nats; the probabilities are 1/4 each
        let uniform = softmax(&[7.0; 4]);
        assert_eq!(uniform, [0.25; 4]);
        assert!((entropy(&uniform) - 4.0_f64.ln()).abs() < 1e-12);
        assert!(entropy(&uniform) <= 4.0_f64.ln());
    }

    #[test]
    fn a_certain_answer_has_no_entropy() {
        // e^−2000 underflows to 0, and 0 · ln 0 counts as 0
        let certain = softmax(&[2000.0, 0.0]);
        assert_eq!(certain, [1.0, 0.0]);
        assert_eq!(entropy(&certain), 0.0);
    }

    #[test]
    fn entropy_is_in_nats() {
        // p = 1/4, 3/4: ¼ ln 4 + ¾ ln(4/3) = 0.5623
        let p = softmax(&[0.0, 3.0_f32.ln()]);
        assert!((entropy(&p) - 0.562_335).abs() < 1e-6);
    }

    #[test]
    fn of_equal_answers_the_first_wins_and_the_second_is_as_probable() {
        assert_eq!(largest(&[1.0, 3.0, 3.0]), 1);
        assert_eq!(top_two(&[0.25, 0.5, 0.25]), (0.5, 0.25));
        assert_eq!(top_two(&[0.5, 0.5]), (0.5, 0.5));
    }
}
