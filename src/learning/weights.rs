//! The weights of a network as arrays: initialised, summed and mixed.

use super::batch_norm::BatchNorm;
use crate::cost::{Layer, LayerKind};
use crate::random::Stream;
use ndarray::{Array1, Array2, Zip};
use rand::RngExt as _;

/// The weights of one layer. A batch norm's running statistics are among them, so that they are
/// averaged, mixed and kept like weights.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LayerWeights {
    /// Inputs of one output × outputs; of a batch norm scale, running mean and running variance ×
    /// channels.
    pub(super) weight: Array2<f32>,
    /// A value for each output; of a batch norm the shift of each channel.
    pub(super) bias: Array1<f32>,
}

/// The weights of all layers of a network that have some, from the input on.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(pub(super) Vec<LayerWeights>);

impl Weights {
    /// He-uniform weights U(±√(6 / fan-in)) (He et al., ICCV 2015) and zero biases; batch norms
    /// that change nothing yet.
    #[expect(clippy::cast_possible_truncation, reason = "layers fit into memory")]
    #[expect(clippy::cast_precision_loss, reason = "a fan-in is small")]
    pub(super) fn initialise(layers: &[Layer], stream: &mut Stream) -> Self {
        let mut affine = |fan_in: u64, outputs: u32| {
            let bound = (6.0 / fan_in as f32).sqrt();
            let draw = || bound * (2.0 * stream.random::<f32>() - 1.0);
            LayerWeights {
                weight: Array2::from_shape_simple_fn((fan_in as usize, outputs as usize), draw),
                bias: Array1::zeros(outputs as usize),
            }
        };
        let weighted = layers.iter().filter_map(|layer| match layer.kind {
            LayerKind::Conv2d { out_channels: outputs, .. } | LayerKind::Linear { outputs } => {
                Some(affine(layer.fan_in(), outputs))
            }
            LayerKind::BatchNorm => Some(BatchNorm::initial(layer.input.channels as usize)),
            LayerKind::MaxPool2d { .. } | LayerKind::Stated { .. } => None,
        });
        Self(weighted.collect())
    }

    /// Σ weightₖ · modelₖ, summed in the order given.
    ///
    /// # Panics
    /// If there is no model, or their shapes differ.
    pub(super) fn weighted_sum<'a>(models: impl IntoIterator<Item = (f32, &'a Self)>) -> Self {
        let mut models = models.into_iter();
        let (share, first) = models.next().expect("an average needs a model");
        let mut sum = first.clone();
        sum.zip_apply(first, |sum, _| *sum *= share);
        for (share, model) in models {
            sum.zip_apply(model, |sum, value| *sum += share * value);
        }
        sum
    }

    /// λ · own + (1−λ) · mean: the personalised aggregate (Han et al., INFOCOM 2023). Exact at
    /// λ = 0 and λ = 1.
    pub(super) fn mix(&self, mean: &Self, lambda: f32) -> Self {
        let mut mixed = self.clone();
        mixed.zip_apply(mean, |own, mean| *own = lambda * *own + (1.0 - lambda) * mean);
        mixed
    }

    /// All values in a fixed order.
    pub fn values(&self) -> impl Iterator<Item = f32> + '_ {
        self.0.iter().flat_map(|layer| layer.weight.iter().chain(&layer.bias)).copied()
    }

    /// Whether all values are numbers and finite.
    pub(super) fn is_finite(&self) -> bool {
        self.values().all(f32::is_finite)
    }

    /// Weights of the same layers with other `values`, in the order of [`Self::values`]. `None` if
    /// there are not as many.
    pub(super) fn with_values(&self, values: &[f32]) -> Option<Self> {
        if values.len() != self.values().count() {
            return None;
        }
        let (mut other, mut values) = (self.clone(), values.iter());
        for layer in &mut other.0 {
            let slots = layer.weight.iter_mut().chain(&mut layer.bias);
            slots.zip(&mut values).for_each(|(slot, &value)| *slot = value);
        }
        Some(other)
    }

    fn zip_apply(&mut self, other: &Self, mut apply: impl FnMut(&mut f32, f32)) {
        for (layer, other) in self.0.iter_mut().zip(&other.0) {
            Zip::from(&mut layer.weight).and(&other.weight).for_each(|a, &b| apply(a, b));
            Zip::from(&mut layer.bias).and(&other.bias).for_each(|a, &b| apply(a, b));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{ModelPreset, SplitModel};
    use crate::random::Streams;

    fn phi(seed: u64) -> Weights {
        let model = SplitModel::preset(ModelPreset::DigitsCnn, "conv2").unwrap();
        Weights::initialise(&model.phi, &mut Streams::new(seed, 0).stream("model", "phi"))
    }

    #[test]
    fn weights_are_he_uniform_and_biases_zero() {
        let weights = phi(1);
        let second = &weights.0[1];
        // fan-in 9·16: bound √(6/144) = 0.2041; variance bound²/3 = 2/144
        let bound = (6.0_f32 / 144.0).sqrt();
        assert!(second.weight.iter().all(|value| value.abs() <= bound));
        let variance = second.weight.mapv(|value| value * value).mean().unwrap();
        assert!((variance / (2.0 / 144.0) - 1.0).abs() < 0.05, "{variance}");
        assert!(second.bias.iter().all(|&value| value == 0.0));
    }

    #[test]
    fn there_is_a_value_for_each_parameter() {
        assert_eq!(phi(1).values().count(), 160 + 4_640);
    }

    #[test]
    fn initial_weights_are_pinned_by_value() {
        let first: Vec<f32> = phi(1).values().take(2).collect();
        assert_eq!(first, [0.588_567_55, -0.556_650_7]);
    }

    #[test]
    fn running_statistics_are_averaged_and_mixed_like_weights() {
        let with_mean = |mean: f32| {
            let mut layer = BatchNorm::initial(1);
            layer.weight[[1, 0]] = mean;
            Weights(vec![layer])
        };
        let mean = |weights: &Weights| weights.0[0].weight[[1, 0]];
        let (a, b) = (with_mean(8.0), with_mean(4.0));
        assert_eq!(mean(&Weights::weighted_sum([(0.25, &a), (0.75, &b)])), 5.0);
        assert_eq!(mean(&a.mix(&b, 0.5)), 6.0);
    }

    #[test]
    fn values_taken_out_and_put_back_are_the_same_weights() {
        let values: Vec<f32> = phi(1).values().collect();
        assert_eq!(phi(2).with_values(&values), Some(phi(1)));
        assert_eq!(phi(2).with_values(&values[1..]), None, "one value is missing");
    }

    #[test]
    fn a_weighted_sum_is_linear() {
        let (a, b) = (phi(1), phi(2));
        let sum = Weights::weighted_sum([(0.25, &a), (0.75, &b)]);
        let expected = a.values().zip(b.values()).map(|(a, b)| 0.25 * a + 0.75 * b);
        assert!(sum.values().eq(expected));
    }

    #[test]
    fn lambda_one_keeps_ones_own_and_lambda_zero_takes_the_mean() {
        let (own, mean) = (phi(1), phi(2));
        assert_eq!(own.mix(&mean, 1.0), own);
        assert_eq!(own.mix(&mean, 0.0), mean);
        let half: Vec<f32> = own.mix(&mean, 0.5).values().collect();
        let expected = own.values().zip(mean.values()).map(|(a, b)| 0.5 * a + 0.5 * b);
        assert!(expected.eq(half));
    }
}
