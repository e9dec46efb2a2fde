//! Batch normalisation (Ioffe, Szegedy, ICML 2015), channel by channel, forward and back.
//!
//! y = s · (x − μ)/√(σ² + ε) + b, with a scale s and a shift b for each channel. While training
//! (traced) μ and σ² are the mean and the variance over the batch and all positions, and the
//! running statistics follow them; an evaluation (without) uses the running statistics. ε and the
//! momentum are PyTorch's defaults.

use super::affine::{rectify, silence};
use super::tensor::{Backward, Parameter, Workspace};
use super::weights::LayerWeights;
use crate::cost::{Layer, LayerKind};
use dfdx::prelude::Cpu;
use ndarray::{Array1, Array2};
use std::cell::RefCell;

/// ε: keeps a channel without variance finite.
const EPSILON: f64 = 1e-5;

/// The share of a batch in the running statistics.
const MOMENTUM: f64 = 0.1;

/// The parameters and running statistics of one layer, and whether a ReLU follows. The channels
/// are innermost.
#[derive(Debug)]
pub(super) struct BatchNorm {
    scale: Parameter,
    shift: Parameter,
    running: RefCell<Moments>,
    relu: bool,
}

/// A mean and a variance for each channel.
#[derive(Debug, Clone)]
struct Moments {
    mean: Vec<f32>,
    variance: Vec<f32>,
}

/// The first batch norm among `layers` that sees one value of each channel in a sample. In a batch
/// of one such a layer has no variance to learn from: it would answer its shift to every input.
pub(super) fn with_single_values<'a>(
    layers: impl IntoIterator<Item = &'a Layer>,
) -> Option<&'a Layer> {
    let is_single = |layer: &Layer| layer.input.height * layer.input.width == 1;
    layers.into_iter().find(|layer| layer.kind == LayerKind::BatchNorm && is_single(layer))
}

impl BatchNorm {
    /// The layer with the `weights` that [`Self::weights`] returns.
    pub(super) fn new(weights: &LayerWeights, relu: bool, device: &Cpu) -> Self {
        let row = |row: usize| weights.weight.row(row).to_vec();
        Self {
            scale: Parameter::new(row(0), device),
            shift: Parameter::new(weights.bias.to_vec(), device),
            running: RefCell::new(Moments { mean: row(1), variance: row(2) }),
            relu,
        }
    }

    /// A layer that passes on what it gets: scale 1, shift 0, running mean 0 and variance 1.
    pub(super) fn initial(channels: usize) -> LayerWeights {
        let rows = [1.0, 0.0, 1.0];
        let weight = Array2::from_shape_fn((rows.len(), channels), |(row, _)| rows[row]);
        LayerWeights { weight, bias: Array1::zeros(channels) }
    }

    /// Scale, running mean and running variance as rows, and the shift.
    pub(super) fn weights(&self) -> LayerWeights {
        let running = self.running.borrow();
        let rows = [&self.scale.values, &running.mean, &running.variance].map(|row| row.as_slice());
        let channels = running.mean.len();
        let weight = Array2::from_shape_vec((rows.len(), channels), rows.concat());
        let bias = Array1::from(self.shift.values.to_vec());
        LayerWeights { weight: weight.expect("rows of channels"), bias }
    }

    /// Scale and shift.
    pub(super) fn parameters_mut(&mut self) -> [&mut Parameter; 2] {
        [&mut self.scale, &mut self.shift]
    }

    /// The normalised, scaled and shifted `x`, and the way back if it is `traced`.
    ///
    /// # Panics
    /// If it is traced on a single value in each channel.
    pub(super) fn forward(
        &self,
        mut x: Vec<f32>,
        workspace: &Workspace,
        traced: bool,
    ) -> (Vec<f32>, Option<Backward>) {
        if !traced {
            let running = self.running.borrow();
            standardise(&mut x, &running.mean, &inverse_deviations(&running.variance));
            let (y, _) = self.scaled(&x, workspace);
            workspace.reclaim(x);
            return (y, None);
        }
        let moments = Moments::of(&x, self.scale.values.len());
        self.running.borrow_mut().follow(&moments, x.len());
        let inverse = inverse_deviations(&moments.variance);
        standardise(&mut x, &moments.mean, &inverse);
        let (y, mask) = self.scaled(&x, workspace);
        let (scale, shift) = (self.scale.clone(), self.shift.clone());
        let workspace = workspace.clone();
        let backward = move |mut d_y: Vec<f32>, gradients: &mut _| {
            if let Some(mask) = mask {
                silence(&mut d_y, &mask);
            }
            let sums = Sums::of(&d_y, &x, &workspace, scale.values.len());
            sums.pass_back(&mut d_y, &x, &scale.values, &inverse);
            workspace.reclaim(x);
            scale.set_gradient(sums.d_scale, gradients);
            shift.set_gradient(sums.d_shift, gradients);
            d_y
        };
        (y, Some(Box::new(backward)))
    }

    /// s · x + b, and which values passed the ReLU, if there is one.
    fn scaled(&self, standardised: &[f32], workspace: &Workspace) -> (Vec<f32>, Option<Vec<bool>>) {
        let (scale, shift) = (&self.scale.values, &self.shift.values);
        let mut y = workspace.buffer(standardised.len());
        let rows = y.chunks_exact_mut(scale.len()).zip(standardised.chunks_exact(scale.len()));
        for (y, x) in rows {
            for (((y, x), scale), shift) in y.iter_mut().zip(x).zip(&**scale).zip(&**shift) {
                *y = scale * x + shift;
            }
        }
        let mask = self.relu.then(|| rectify(&mut y));
        (y, mask)
    }
}

impl Moments {
    /// Mean and (biased) variance of each channel of `x`, in two passes.
    fn of(x: &[f32], channels: usize) -> Self {
        let mean = means(x, channels, |value, _| value);
        let variance = means(x, channels, |value, channel| (value - mean[channel]).powi(2));
        Self { mean: rounded(&mean), variance: rounded(&variance) }
    }

    /// Moves towards the moments of a batch of `values` values; the variance, like PyTorch's,
    /// towards the unbiased estimate, which a single value has none of.
    fn follow(&mut self, batch: &Self, values: usize) {
        let rows = values / batch.mean.len();
        assert!(rows > 1, "batches of a single value are refused before they are trained on");
        follow(&mut self.mean, &batch.mean, 1.0);
        follow(&mut self.variance, &batch.variance, count(rows) / count(rows - 1));
    }
}

/// running ← (1 − momentum) · running + momentum · factor · batch.
fn follow(running: &mut [f32], batch: &[f32], factor: f64) {
    for (running, &batch) in running.iter_mut().zip(batch) {
        let value = (1.0 - MOMENTUM) * f64::from(*running) + MOMENTUM * factor * f64::from(batch);
        *running = single(value);
    }
}

/// 1/√(σ² + ε) of each channel.
fn inverse_deviations(variance: &[f32]) -> Vec<f32> {
    variance.iter().map(|&v| single((f64::from(v) + EPSILON).sqrt().recip())).collect()
}

/// x ← (x − μ)/√(σ² + ε).
fn standardise(x: &mut [f32], mean: &[f32], inverse: &[f32]) {
    for row in x.chunks_exact_mut(mean.len()) {
        for ((value, mean), inverse) in row.iter_mut().zip(mean).zip(inverse) {
            *value = (*value - mean) * inverse;
        }
    }
}

/// What the gradient with respect to the output sums to in each channel.
struct Sums {
    /// Σ dy · x̂: the gradient of the scale.
    d_scale: Vec<f32>,
    /// Σ dy: the gradient of the shift.
    d_shift: Vec<f32>,
}

impl Sums {
    fn of(d_y: &[f32], standardised: &[f32], workspace: &Workspace, channels: usize) -> Self {
        let (mut d_scale, mut d_shift) = (vec![0.0; channels], vec![0.0; channels]);
        let rows = d_y.chunks_exact(channels).zip(standardised.chunks_exact(channels));
        for (d_y, x) in rows {
            for (channel, (&d_y, &x)) in d_y.iter().zip(x).enumerate() {
                d_scale[channel] += f64::from(d_y) * f64::from(x);
                d_shift[channel] += f64::from(d_y);
            }
        }
        let in_memory = |sums: Vec<f64>| {
            let mut values = workspace.buffer(channels);
            values.iter_mut().zip(sums).for_each(|(value, sum)| *value = single(sum));
            values
        };
        Self { d_scale: in_memory(d_scale), d_shift: in_memory(d_shift) }
    }

    /// dy becomes dx = s/√(σ² + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂)): the batch's own mean and
    /// variance depend on x, too.
    fn pass_back(&self, d_y: &mut [f32], standardised: &[f32], scale: &[f32], inverse: &[f32]) {
        let channels = scale.len();
        let rows = single(count(d_y.len() / channels));
        let pairs = d_y.chunks_exact_mut(channels).zip(standardised.chunks_exact(channels));
        for (d_y, x) in pairs {
            for (channel, (d_y, &x)) in d_y.iter_mut().zip(x).enumerate() {
                let mean = (self.d_shift[channel] + x * self.d_scale[channel]) / rows;
                *d_y = scale[channel] * inverse[channel] * (*d_y - mean);
            }
        }
    }
}

/// The mean of `term(value, channel)` over the rows of `x`, for each channel.
fn means(x: &[f32], channels: usize, term: impl Fn(f64, usize) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; channels];
    for row in x.chunks_exact(channels) {
        for (channel, &value) in row.iter().enumerate() {
            sums[channel] += term(f64::from(value), channel);
        }
    }
    let rows = count(x.len() / channels);
    sums.into_iter().map(|sum| sum / rows).collect()
}

fn rounded(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&value| single(value)).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "activations are single precision")]
fn single(value: f64) -> f32 {
    value as f32
}

#[expect(clippy::cast_precision_loss, reason = "a batch has fewer than 2⁵³ values")]
fn count(rows: usize) -> f64 {
    rows as f64
}

#[cfg(test)]
mod tests;
