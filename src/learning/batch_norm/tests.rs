//! Batch norm against its definition.

use super::*;
use crate::cost::Shape;
use crate::learning::tensor::Gradient;
use dfdx::prelude::SgdConfig;

const CHANNELS: usize = 3;
const SAMPLES: usize = 4;
/// Two positions for each of the samples.
const VALUES: usize = SAMPLES * 2 * CHANNELS;

/// Values in [−1, 1) without a pattern.
fn values(count: usize, salt: usize) -> Vec<f32> {
    let value = |i: usize| u16::try_from((i * 7919 + salt * 104_729) % 1009).unwrap();
    (0..count).map(|i| f32::from(value(i)) / 504.5 - 1.0).collect()
}

fn layer(relu: bool) -> BatchNorm {
    let mut weights = BatchNorm::initial(CHANNELS);
    weights.weight.row_mut(0).assign(&Array1::from(vec![0.5, -1.5, 2.0]));
    weights.bias.assign(&Array1::from(vec![0.1, 0.2, -0.3]));
    BatchNorm::new(&weights, relu, &Workspace::default().device)
}

/// Σ weight · y by definition, in double precision.
fn loss(x: &[f64], scale: &[f64], shift: &[f64], relu: bool) -> f64 {
    let rows = x.len() / CHANNELS;
    let at = |row: usize, channel: usize| x[row * CHANNELS + channel];
    let weights = values(x.len(), 9);
    let mut loss = 0.0;
    for channel in 0..CHANNELS {
        let mean = (0..rows).map(|row| at(row, channel)).sum::<f64>() / rows as f64;
        let variance =
            (0..rows).map(|row| (at(row, channel) - mean).powi(2)).sum::<f64>() / rows as f64;
        for row in 0..rows {
            let standard = (at(row, channel) - mean) / (variance + EPSILON).sqrt();
            let y = scale[channel] * standard + shift[channel];
            let y = if relu { y.max(0.0) } else { y };
            loss += f64::from(weights[row * CHANNELS + channel]) * y;
        }
    }
    loss
}

/// Central differences of `loss` along each value of one of its arguments.
fn differences(values: &[f64], loss: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    const STEP: f64 = 1e-6;
    let along = |index: usize| {
        let moved = |step: f64| {
            let mut values = values.to_vec();
            values[index] += step;
            loss(&values)
        };
        (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
    };
    (0..values.len()).map(along).collect()
}

fn double(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

/// The gradient with respect to `parameter`: a step of length 1 subtracts it.
fn filed(parameter: &Parameter, gradients: &mut Gradient) -> Vec<f32> {
    let mut stepped = parameter.clone();
    let sgd = SgdConfig { lr: 1.0, momentum: None, weight_decay: None };
    stepped.step(&sgd, gradients, &Workspace::default());
    parameter.values.iter().zip(&*stepped.values).map(|(old, new)| old - new).collect()
}

#[test]
fn gradients_are_finite_differences_in_double_precision() {
    for relu in [false, true] {
        let layer = layer(relu);
        let x = values(VALUES, 1);
        let workspace = Workspace::default();
        let (_, backward) = layer.forward(x.clone(), &workspace, true);
        let mut gradients = Gradient::leaky();
        let d_x = backward.expect("traced")(values(VALUES, 9), &mut gradients);

        let (x, scale, shift) =
            (double(&x), double(&layer.scale.values), double(&layer.shift.values));
        let by_x = differences(&x, |x| loss(x, &scale, &shift, relu));
        let by_scale = differences(&scale, |scale| loss(&x, scale, &shift, relu));
        let by_shift = differences(&shift, |shift| loss(&x, &scale, shift, relu));
        let found = [
            (d_x, by_x),
            (filed(&layer.scale, &mut gradients), by_scale),
            (filed(&layer.shift, &mut gradients), by_shift),
        ];
        for (gradient, differences) in found {
            assert!(differences.iter().any(|value| value.abs() > 0.1), "able to fail");
            for (exact, numeric) in gradient.iter().zip(differences) {
                let error = (f64::from(*exact) - numeric).abs();
                assert!(error < 1e-4 * (1.0 + numeric.abs()), "{exact} against {numeric}");
            }
        }
    }
}

#[test]
fn a_training_batch_leaves_with_mean_shift_and_deviation_scale() {
    let (output, _) = layer(false).forward(values(VALUES, 2), &Workspace::default(), true);
    let moments = Moments::of(&output, CHANNELS);
    for (channel, (scale, shift)) in [(0.5, 0.1), (-1.5, 0.2), (2.0, -0.3)].iter().enumerate() {
        let deviation = moments.variance[channel].sqrt();
        assert!((moments.mean[channel] - shift).abs() < 1e-5);
        assert!((deviation - f32::abs(*scale)).abs() < 1e-3, "{deviation}");
    }
}

#[test]
fn running_statistics_follow_a_batch_by_a_tenth_and_evaluation_uses_them() {
    let workspace = Workspace::default();
    let layer = BatchNorm::new(&BatchNorm::initial(1), false, &workspace.device);
    layer.forward(vec![1.0, 3.0], &workspace, true);
    // mean (1 + 3)/2 = 2; unbiased variance ((1−2)² + (3−2)²)/1 = 2
    let weights = layer.weights();
    let near = |value: f32, expected: f32| (value - expected).abs() < 1e-6;
    assert!(near(weights.weight[[1, 0]], 0.2), "0.9·0 + 0.1·2: {weights:?}");
    assert!(near(weights.weight[[2, 0]], 1.1), "0.9·1 + 0.1·2: {weights:?}");

    let (output, _) = layer.forward(vec![1.25], &workspace, false);
    // (1.25 − 0.2)/√(1.1 + 10⁻⁵)
    assert!(near(output[0], 1.05 / 1.100_01_f32.sqrt()), "{output:?}");
    assert_eq!(layer.weights(), weights, "an evaluation moves nothing");
}

#[test]
fn a_batch_norm_behind_a_linear_layer_sees_single_values_and_one_on_an_image_does_not() {
    let norm = |name: &str, side| {
        let input = Shape { channels: 3, height: side, width: side };
        Layer::new(name, LayerKind::BatchNorm, false, input)
    };
    let hidden = LayerKind::Linear { outputs: 3 };
    let linear = Layer::new("fc1", hidden, false, Shape { channels: 3, height: 2, width: 2 });
    assert_eq!(with_single_values(&[norm("bn1", 2), linear.clone()]), None);
    let layers = [norm("bn1", 2), linear, norm("bn2", 1)];
    assert_eq!(with_single_values(&layers).map(|layer| &*layer.name), Some("bn2"));
}
