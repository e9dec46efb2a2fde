//! How far a client's models are from a stationary point of its loss.

use super::batch_norm::with_single_values;
use super::config::LearningConfig;
use super::dataset::Dataset;
use super::error::TrainingError;
use super::network::Network;
use super::parts::Models;
use super::split_step::sides;
use super::tensor::Gradient;
use std::sync::Arc;

/// Everything that the gradient of one client's loss depends on; it may run on any thread.
#[derive(Debug)]
pub(super) struct GradientNormJob {
    pub(super) config: Arc<LearningConfig>,
    pub(super) data: Arc<Dataset>,
    pub(super) client: u32,
    /// The client's training samples, at least one.
    pub(super) samples: Arc<[u32]>,
    pub(super) models: Models,
}

impl GradientNormJob {
    /// ‖∇F_k‖², F_k = γ · CE(κ_k(φ_k(x)), y) + (1−γ) · CE(θ(φ_k(x)), y) in the mean over all samples,
    /// differentiated by every parameter of φ_k, κ_k and θ (Han et al., INFOCOM 2023, section IV).
    /// A method without one of the exits has the other one's loss.
    ///
    /// The samples pass in chunks of the batch size in the order in which the client holds them, and
    /// every sample has the same weight, also in a smaller last chunk. A batch norm uses the statistics
    /// of the chunk, as it does in training, and is differentiated through them: with batch norms F_k is
    /// the mean of what training minimises over this division into mini-batches, not the loss under
    /// running statistics.
    ///
    /// # Errors
    /// If it is not finite.
    pub(super) fn run(self) -> Result<f64, TrainingError> {
        let norm = squared_norm(&self.gradient());
        if norm.is_finite() {
            return Ok(norm);
        }
        let client = self.config.name(self.client).to_owned();
        Err(TrainingError::Unmeasurable { client })
    }

    /// ∇F_k: the mean of the mini-batches' gradients by their numbers of samples.
    #[expect(clippy::cast_precision_loss, reason = "a client holds few samples")]
    fn gradient(&self) -> Vec<f64> {
        let sgd = self.config.sgd.in_round(0);
        let (mut device, mut server) = sides(&self.config, &self.models, sgd);
        let mut sum = Sum::default();
        for samples in self.chunks() {
            let batch = self.data.batch(&self.data.train, samples);
            let (smashed, pending) = device.forward(batch.pixels, samples.len());
            let (mut of_server, at_cut, _) = server.gradients(smashed, &batch.labels);
            let (mut of_device, _) = device.gradients(pending, &batch.labels, at_cut);
            let share = samples.len() as f64 / self.samples.len() as f64;
            sum.restart(share);
            sum.add(&mut device.phi, &mut of_device);
            if let Some(kappa) = &mut device.kappa {
                sum.add(kappa, &mut of_device);
            }
            sum.add(&mut server.theta, &mut of_server);
        }
        sum.values
    }

    /// The samples in mini-batches. A last single one joins those before it where a batch norm would
    /// see a single value of each channel in it.
    fn chunks(&self) -> impl Iterator<Item = &[u32]> {
        let size = self.config.batch_size as usize;
        let joins = self.samples.len() > size
            && self.samples.len() % size == 1
            && with_single_values(self.config.trained_layers()).is_some();
        let (whole, last) = if joins {
            self.samples.split_at(self.samples.len() - size - 1)
        } else {
            self.samples.split_at(self.samples.len())
        };
        whole.chunks(size).chain((!last.is_empty()).then_some(last))
    }
}

/// A weighted sum of gradients, parameter by parameter.
#[derive(Debug, Default)]
struct Sum {
    values: Vec<f64>,
    share: f64,
    /// Parameters of the present gradient that were added.
    added: usize,
}

impl Sum {
    /// The next gradient is added with the weight `share`, network by network.
    fn restart(&mut self, share: f64) {
        (self.share, self.added) = (share, 0);
    }

    fn add(&mut self, network: &mut Network, gradients: &mut Gradient) {
        for gradient in network.gradients(gradients) {
            let end = self.added + gradient.len();
            self.values.resize(self.values.len().max(end), 0.0);
            for (sum, value) in self.values[self.added..end].iter_mut().zip(gradient) {
                *sum += self.share * f64::from(value);
            }
            self.added = end;
        }
    }
}

fn squared_norm(gradient: &[f64]) -> f64 {
    gradient.iter().map(|value| value * value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Layer, LayerKind, ModelPreset, SplitModel};
    use crate::learning::evaluation::EvaluatedModels;
    use crate::learning::loss::cross_entropy;
    use crate::learning::split_step::batch;
    use crate::learning::tensor::Workspace;
    use crate::learning::weights::Weights;
    use crate::learning::{LocalWork, Method, Partition, Sgd};
    use crate::random::Streams;
    use dfdx::prelude::AsArray as _;

    const GAMMA: f64 = 0.3;

    fn job(method: Method, batch_size: u32) -> GradientNormJob {
        let model = SplitModel::preset(ModelPreset::DigitsCnn, "conv2").unwrap();
        let initialise = |layers, part| {
            Arc::new(Weights::initialise(layers, &mut Streams::new(1, 0).stream("model", part)))
        };
        let models = Models {
            phi: initialise(&model.phi, "phi"),
            kappa: method.layout().has_client_exit().then(|| initialise(&model.kappa, "kappa")),
            theta: initialise(&model.theta, "theta"),
        };
        let config = LearningConfig {
            method,
            model,
            partition: Partition::Shards { per_client: 2 },
            clients: vec!["pi/0".to_owned()],
            main_share: 0.1,
            batch_size,
            local_work: LocalWork::Updates(1),
            sgd: Sgd::constant(0.05),
            gamma: GAMMA,
            lambda: 0.2,
            evaluated: EvaluatedModels::Mixed,
            max_ood: 0.0,
            seed: 1,
        };
        let samples = (0..21).collect();
        let data = Arc::new(Dataset::digits());
        GradientNormJob { config: Arc::new(config), data, client: 0, samples, models }
    }

    /// The same with a batch norm behind θ's last layer.
    fn with_batch_norm(mut job: GradientNormJob) -> GradientNormJob {
        let mut config = LearningConfig::clone(&job.config);
        let theta = &mut config.model.theta;
        let input = theta.last().unwrap().output;
        theta.push(Layer::new("bn", LayerKind::BatchNorm, false, input));
        let mut stream = Streams::new(1, 0).stream("model", "theta");
        job.models.theta = Arc::new(Weights::initialise(theta, &mut stream));
        job.config = Arc::new(config);
        job
    }

    /// F_k after all parameters have moved by `step` times `direction`.
    fn loss(job: &GradientNormJob, direction: &[f64], step: f64) -> f64 {
        let mut deltas = direction.iter().map(|value| step * value);
        let workspace = Workspace::default();
        let mut network = |layers, weights: &Weights| {
            let mut weights = weights.clone();
            let layers_of = weights.0.iter_mut();
            for value in layers_of.flat_map(|layer| layer.weight.iter_mut().chain(&mut layer.bias))
            {
                #[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
                let moved = (f64::from(*value) + deltas.next().unwrap()) as f32;
                *value = moved;
            }
            Network::new(layers, &weights, &workspace)
        };
        let (model, models) = (&job.config.model, &job.models);
        let phi = network(&model.phi, &models.phi);
        let kappa = models.kappa.as_deref().map(|kappa| network(&model.kappa, kappa));
        let theta = network(&model.theta, &models.theta);
        let inputs = job.data.batch(&job.data.train, &job.samples);
        let smashed = phi.forward(batch(inputs.pixels, job.samples.len()));
        let exit = |network: &Network| {
            f64::from(cross_entropy(network.forward(smashed.clone()), &inputs.labels).array())
        };
        let gamma = if kappa.is_some() { GAMMA } else { 0.0 };
        gamma * kappa.as_ref().map_or(0.0, exit) + (1.0 - gamma) * exit(&theta)
    }

    #[test]
    fn the_squared_norm_is_the_slope_of_the_loss_along_the_gradient() {
        for method in [Method::SplitGp, Method::SplitFed, Method::FedAvg] {
            let job = job(method, 8);
            let gradient = job.gradient();
            let norm = squared_norm(&gradient);
            // d/ds F(w + s·∇F) at s = 0 is ‖∇F‖², here by a central difference.
            let step = 1e-3;
            let slope = (loss(&job, &gradient, step) - loss(&job, &gradient, -step)) / (2.0 * step);
            assert!(norm > 0.1, "{}: the test must be able to fail: {norm}", method.name());
            let name = method.name();
            assert!((slope / norm - 1.0).abs() < 0.02, "{name}: slope {slope}, ‖∇F‖² {norm}");
        }
    }

    #[test]
    fn the_gradient_of_all_samples_is_the_mean_of_the_batches_by_their_sizes() {
        // 21 samples at once, or as 8 + 8 + 5
        let (whole, parts) =
            (job(Method::SplitGp, 21).gradient(), job(Method::SplitGp, 8).gradient());
        let difference: Vec<f64> = whole.iter().zip(&parts).map(|(a, b)| a - b).collect();
        let (off, norm) = (squared_norm(&difference), squared_norm(&whole));
        assert!(off < 1e-10 * norm, "‖difference‖² {off} of ‖∇F‖² {norm}");
        assert_eq!(whole.len(), 9_930 + 35_594, "a value for each parameter of φ, κ and θ");
    }

    #[test]
    fn a_batch_norm_is_differentiated_under_the_statistics_of_each_chunk() {
        // 21 samples as 8 + 8 + 5, each sample of the same weight: (8·∇F₁ + 8·∇F₂ + 5·∇F₃)/21
        let all = with_batch_norm(job(Method::SplitFed, 8));
        let mut expected = vec![0.0; all.gradient().len()];
        for (chunk, share) in [(0..8, 8.0), (8..16, 8.0), (16..21, 5.0)] {
            let part = GradientNormJob {
                samples: chunk.collect(),
                ..with_batch_norm(job(Method::SplitFed, 8))
            };
            let gradient = part.gradient();
            let pairs = expected.iter_mut().zip(gradient);
            pairs.for_each(|(sum, value)| *sum += share / 21.0 * value);
        }
        let apart = |a: &[f64], b: &[f64]| {
            let difference: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
            squared_norm(&difference) / squared_norm(b)
        };
        assert!(apart(&all.gradient(), &expected) < 1e-24);
        // Other chunks have other statistics.
        let at_once = with_batch_norm(job(Method::SplitFed, 21)).gradient();
        assert!(apart(&at_once, &expected) > 1e-6, "the test must be able to fail");
    }

    #[test]
    fn a_last_single_sample_joins_the_chunk_before_it_where_a_batch_norm_needs_two() {
        let sizes = |job: GradientNormJob| job.chunks().map(<[u32]>::len).collect::<Vec<_>>();
        // 21 = 2·10 + 1 = 4·5 + 1 = 8 + 8 + 5
        assert_eq!(sizes(with_batch_norm(job(Method::SplitFed, 10))), [10, 11]);
        assert_eq!(sizes(with_batch_norm(job(Method::SplitFed, 5))), [5, 5, 5, 6]);
        assert_eq!(sizes(with_batch_norm(job(Method::SplitFed, 8))), [8, 8, 5]);
        assert_eq!(sizes(with_batch_norm(job(Method::SplitFed, 40))), [21]);
        assert_eq!(sizes(job(Method::SplitFed, 10)), [10, 10, 1], "without one nothing joins");
    }

    #[test]
    fn a_gradient_that_is_not_finite_names_its_client() {
        let mut job = job(Method::SplitGp, 8);
        let nan = job.models.theta.mix(&job.models.theta, f32::NAN);
        job.models.theta = Arc::new(nan);
        let error = job.run().unwrap_err().to_string();
        assert!(error.starts_with("pi/0: the gradient of its loss is not finite"), "{error}");
    }
}
