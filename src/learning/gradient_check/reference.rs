//! What each layer computes, by definition and in double precision.

use crate::cost::{Layer, LayerKind, Shape};

/// ε of batch norms.
const EPSILON: f64 = 1e-5;

/// The output of `layer` in training for a batch of inputs `x`, sample by sample, the channels
/// innermost. Weights are a row-major matrix of inputs (of a window) × outputs, or a batch norm's
/// scale for each channel.
pub(super) fn forward(layer: &Layer, x: &[f64], weight: &[f64], bias: &[f64]) -> Vec<f64> {
    let samples = x.chunks_exact(values(layer.input));
    let mut y: Vec<f64> = match layer.kind {
        LayerKind::Conv2d { .. } => samples.flat_map(|x| conv(layer, x, weight, bias)).collect(),
        LayerKind::Linear { .. } => samples.flat_map(|x| linear(x, weight, bias)).collect(),
        LayerKind::MaxPool2d { .. } => samples.flat_map(|x| max_pool(layer, x)).collect(),
        LayerKind::BatchNorm => batch_norm(x, weight, bias),
        LayerKind::Stated { .. } => unreachable!("it is not computed"),
    };
    if layer.relu {
        y.iter_mut().for_each(|value| *value = value.max(0.0));
    }
    y
}

/// The mean over the batch of −ln(e^l_label / Σ e^l).
pub(super) fn cross_entropy(logits: &[f64], labels: &[u8]) -> f64 {
    let classes = logits.len() / labels.len();
    let surprise = |(logits, &label): (&[f64], &u8)| {
        let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
        sum.ln() - logits[usize::from(label)]
    };
    let surprises = logits.chunks_exact(classes).zip(labels).map(surprise);
    surprises.sum::<f64>() / labels.len() as f64
}

fn values(shape: Shape) -> usize {
    (shape.height * shape.width * shape.channels) as usize
}

/// Rows and columns of an image, row by row.
fn places(height: usize, width: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..height).flat_map(move |row| (0..width).map(move |column| (row, column)))
}

/// Where the pixel at (row, column) begins, counted from `padding` rows and columns outside the image;
/// `None` outside.
fn pixel(image: Shape, row: usize, column: usize, padding: usize) -> Option<usize> {
    let row = row.checked_sub(padding).filter(|&row| row < image.height as usize)?;
    let column = column.checked_sub(padding).filter(|&column| column < image.width as usize)?;
    Some((row * image.width as usize + column) * image.channels as usize)
}

/// y = b + Σ x · w over the window of each place.
fn conv(layer: &Layer, x: &[f64], weight: &[f64], bias: &[f64]) -> Vec<f64> {
    let LayerKind::Conv2d { kernel, padding, stride, .. } = layer.kind else { unreachable!() };
    let [kernel, padding, stride] = [kernel, padding, stride].map(|n| n as usize);
    let (channels, filters) = (layer.input.channels as usize, bias.len());
    let mut y = Vec::new();
    for (row, column) in places(layer.output.height as usize, layer.output.width as usize) {
        let mut sums = bias.to_vec();
        for (tap, (r, c)) in places(kernel, kernel).enumerate() {
            let (r, c) = (row * stride + r, column * stride + c);
            let Some(pixel) = pixel(layer.input, r, c, padding) else { continue };
            for channel in 0..channels {
                let start = (tap * channels + channel) * filters;
                let taps = &weight[start..start + filters];
                let value = x[pixel + channel];
                sums.iter_mut().zip(taps).for_each(|(sum, tap)| *sum += value * tap);
            }
        }
        y.extend(sums);
    }
    y
}

/// y = b + x · W.
fn linear(x: &[f64], weight: &[f64], bias: &[f64]) -> Vec<f64> {
    let mut y = bias.to_vec();
    for (x, row) in x.iter().zip(weight.chunks_exact(bias.len())) {
        y.iter_mut().zip(row).for_each(|(y, weight)| *y += x * weight);
    }
    y
}

/// The largest value of each window, channel by channel.
fn max_pool(layer: &Layer, x: &[f64]) -> Vec<f64> {
    let LayerKind::MaxPool2d { kernel, stride } = layer.kind else { unreachable!() };
    let [kernel, stride] = [kernel, stride].map(|n| n as usize);
    let largest = |row: usize, column: usize, channel: usize| {
        let inside =
            |(r, c): (usize, usize)| pixel(layer.input, row * stride + r, column * stride + c, 0);
        let window = places(kernel, kernel).filter_map(inside);
        window.map(|pixel| x[pixel + channel]).fold(f64::NEG_INFINITY, f64::max)
    };
    let places = places(layer.output.height as usize, layer.output.width as usize);
    let channels = layer.output.channels as usize;
    places.flat_map(|(r, c)| (0..channels).map(move |channel| largest(r, c, channel))).collect()
}

/// y = s · (x − μ)/√(σ² + ε) + b with the batch's mean and biased variance of each channel.
fn batch_norm(x: &[f64], scale: &[f64], shift: &[f64]) -> Vec<f64> {
    let (channels, rows) = (scale.len(), (x.len() / scale.len()) as f64);
    let of = |channel: usize| x.iter().skip(channel).step_by(channels);
    let mut y = vec![0.0; x.len()];
    for channel in 0..channels {
        let mean = of(channel).sum::<f64>() / rows;
        let variance = of(channel).map(|x| (x - mean).powi(2)).sum::<f64>() / rows;
        let deviation = (variance + EPSILON).sqrt();
        for (y, x) in y.iter_mut().skip(channel).step_by(channels).zip(of(channel)) {
            *y = scale[channel] * (x - mean) / deviation + shift[channel];
        }
    }
    y
}
