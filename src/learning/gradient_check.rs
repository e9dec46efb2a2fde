//! Every operation and its way back against a plain reference in double precision: outputs against
//! its outputs, gradients against its central differences.

mod reference;

use super::loss::cross_entropy;
use super::network::Network;
use super::split_step::batch;
use super::tensor::{Gradient, Workspace, read};
use super::weights::{LayerWeights, Weights};
use super::winograd::Winograd;
use crate::cost::{Layer, LayerKind, Shape};
use crate::random::Streams;
use dfdx::prelude::{
    AsArray as _, Backward as _, Cpu, PutTape as _, Rank0, SplitTape as _, Tape as _, Tensor,
    Trace as _, ZerosTensor as _,
};
use rand::RngExt as _;
use std::slice;

/// How far single precision may be from double, in root mean squares of what is compared.
const TOLERANCE: f64 = 1e-4;

/// Half of the distance that a central difference spans: in double precision it is good to eight
/// digits, and a kink of a ReLU or a maximum hardly falls into it.
const STEP: f64 = 1e-6;

/// Values in [−1, 1).
fn values(count: usize, purpose: &str) -> Vec<f32> {
    let mut stream = Streams::new(1, 0).stream("gradients", purpose);
    (0..count).map(|_| 2.0 * stream.random::<f32>() - 1.0).collect()
}

fn double(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Checks that all of `found` are what is `expected`.
fn compare(what: &str, found: impl IntoIterator<Item = f32>, expected: &[f64]) {
    let scale = (dot(expected, expected) / expected.len() as f64).sqrt();
    assert!(scale > 1e-3, "{what}: the test must be able to fail: {scale}");
    let mut compared = 0;
    for (index, (found, expected)) in found.into_iter().zip(expected).enumerate() {
        let error = (f64::from(found) - expected).abs() / scale;
        assert!(error < TOLERANCE, "{what}, {index}: {found} against {expected}, off by {error}");
        compared += 1;
    }
    assert_eq!(compared, expected.len(), "{what}");
}

/// Compares every `every`th value of `gradient` with the central difference of `loss` at `at`.
fn compare_slopes(
    what: &str,
    gradient: &[f32],
    at: &[f64],
    every: usize,
    loss: impl Fn(&[f64]) -> f64,
) {
    assert_eq!(gradient.len(), at.len(), "{what}");
    let slope = |index: usize| {
        let moved = |step: f64| {
            let mut at = at.to_vec();
            at[index] += step;
            loss(&at)
        };
        (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
    };
    let slopes: Vec<f64> = (0..at.len()).step_by(every).map(slope).collect();
    compare(what, gradient.iter().copied().step_by(every), &slopes);
}

/// What a layer makes of a batch, and the gradients of Σ c · y.
struct Pass {
    y: Vec<f32>,
    d_x: Vec<f32>,
    /// Those of the weights and the bias, if it has any.
    d_parameters: Vec<Vec<f32>>,
}

impl Pass {
    fn of(layer: &Layer, weights: &Weights, x: Vec<f32>, c: Vec<f32>, samples: usize) -> Self {
        let mut network = Network::new(slice::from_ref(layer), weights, &Workspace::default());
        let input = batch(x, samples);
        let (output, mut tape) = network.forward(input.leaky_trace()).split_tape();
        let at_output = output.ghost();
        tape.add_backward_op(move |gradients: &mut Gradient| {
            **gradients.get_or_alloc_mut(&at_output)? = c;
            Ok(())
        });
        let nothing: Tensor<Rank0, f32, Cpu> = Cpu::default().zeros();
        let mut gradients = nothing.put_tape(tape).backward();
        let d_x = read(&gradients.get(&input));
        Self { y: read(&output), d_x, d_parameters: network.gradients(&mut gradients).collect() }
    }
}

/// Weights and a bias without a pattern; a batch norm's running statistics stay.
fn weights(layer: &Layer) -> Weights {
    let stream = &mut Streams::new(1, 0).stream("gradients", "initial");
    let mut weights = Weights::initialise(slice::from_ref(layer), stream);
    for LayerWeights { weight, bias } in &mut weights.0 {
        let trained = usize::try_from(layer.parameters()).unwrap() - bias.len();
        let set = |(value, drawn): (&mut f32, f32)| *value = drawn;
        weight.iter_mut().zip(values(trained, "weight")).for_each(set);
        let shift = values(bias.len(), "bias");
        bias.iter_mut().zip(shift).for_each(set);
    }
    weights
}

/// Checks a layer's output, and every `every`th of its gradients.
fn check(kind: LayerKind, relu: bool, input: Shape, samples: usize, every: usize) {
    let layer = Layer::new("layer", kind, relu, input);
    let count = |shape: Shape| samples * usize::try_from(shape.elements()).unwrap();
    let (x, c) = (values(count(input), "x"), values(count(layer.output), "c"));
    let weights = weights(&layer);
    let Pass { y, d_x, d_parameters } = Pass::of(&layer, &weights, x.clone(), c.clone(), samples);

    let (x, c) = (double(&x), double(&c));
    let parameters = weights.0.first();
    let bias = double(&parameters.map_or_else(Vec::new, |layer| layer.bias.to_vec()));
    let all = parameters.map_or_else(Vec::new, |layer| layer.weight.iter().copied().collect());
    let trained = usize::try_from(layer.parameters()).unwrap() - bias.len();
    let weight = double(&all[..trained]);
    let what = |of: &str| format!("{of} of {kind:?} on {input:?}, ReLU: {relu}");
    compare(&what("output"), y, &reference::forward(&layer, &x, &weight, &bias));
    let loss = |x: &[f64], weight: &[f64], bias: &[f64]| {
        dot(&reference::forward(&layer, x, weight, bias), &c)
    };
    compare_slopes(&what("input"), &d_x, &x, every, |x| loss(x, &weight, &bias));
    if let [d_weight, d_bias] = &d_parameters[..] {
        let by_weight = |weight: &[f64]| loss(&x, weight, &bias);
        compare_slopes(&what("weight"), d_weight, &weight, every, by_weight);
        compare_slopes(&what("bias"), d_bias, &bias, 1, |bias| loss(&x, &weight, bias));
    }
    assert_eq!(d_parameters.is_empty(), bias.is_empty(), "{}", what("parameters"));
}

fn image(channels: u32, height: u32, width: u32) -> Shape {
    Shape { channels, height, width }
}

fn conv(out_channels: u32, kernel: u32, padding: u32, stride: u32) -> LayerKind {
    LayerKind::Conv2d { out_channels, kernel, padding, stride }
}

/// Whether a convolution with stride 1 is computed by tiles.
fn by_tiles(kind: LayerKind, input: Shape) -> bool {
    let LayerKind::Conv2d { kernel, padding, .. } = kind else { return false };
    let output = Layer::new("conv", kind, false, input).output;
    Winograd::new(input, output, kernel, padding).is_some()
}

#[test]
fn a_convolution_by_windows() {
    let cases = [
        (conv(4, 3, 1, 1), image(3, 5, 4)),
        (conv(4, 3, 0, 1), image(3, 5, 4)),
        (conv(3, 3, 1, 2), image(2, 6, 5)),
        (conv(2, 5, 2, 1), image(2, 4, 6)),
        (conv(3, 2, 1, 3), image(2, 7, 5)),
        (conv(5, 1, 0, 2), image(3, 3, 4)),
    ];
    for (kind, input) in cases {
        assert!(!by_tiles(kind, input), "{kind:?}");
        check(kind, false, input, 2, 1);
        check(kind, true, input, 2, 1);
    }
    // What would suit tiles but for the stride.
    check(conv(16, 3, 1, 2), true, image(16, 8, 8), 2, 41);
}

#[test]
fn a_convolution_by_tiles() {
    let cases = [
        (conv(16, 3, 1, 1), image(16, 7, 7)),
        (conv(32, 3, 1, 1), image(16, 4, 4)),
        (conv(16, 3, 1, 1), image(32, 8, 7)),
        (conv(16, 3, 0, 1), image(16, 6, 6)),
    ];
    for (kind, input) in cases {
        assert!(by_tiles(kind, input), "{kind:?} on {input:?}");
        check(kind, false, input, 2, 41);
        check(kind, true, input, 2, 41);
    }
}

#[test]
fn a_linear_layer() {
    for relu in [false, true] {
        check(LayerKind::Linear { outputs: 7 }, relu, image(2, 3, 4), 3, 1);
        check(LayerKind::Linear { outputs: 3 }, relu, image(5, 1, 1), 1, 1);
    }
}

#[test]
fn a_max_pooling_whose_windows_meet_overlap_or_leave_gaps() {
    for (kernel, stride) in [(2, 2), (3, 2), (2, 3), (3, 1)] {
        check(LayerKind::MaxPool2d { kernel, stride }, false, image(3, 7, 5), 2, 1);
    }
}

#[test]
fn a_batch_norm_of_images_and_of_single_values() {
    for relu in [false, true] {
        check(LayerKind::BatchNorm, relu, image(3, 2, 4), 4, 1);
        check(LayerKind::BatchNorm, relu, image(5, 1, 1), 6, 1);
    }
}

#[test]
fn softmax_and_cross_entropy() {
    let labels = [0, 3, 1, 1, 2];
    let logits: Vec<f32> = values(20, "logits").iter().map(|value| 4.0 * value).collect();
    let input = batch(logits.clone(), labels.len());
    let loss = cross_entropy(input.leaky_trace(), &labels);
    let value = loss.array();
    let gradient = read(&loss.backward().get(&input));
    let logits = double(&logits);
    compare("cross entropy", [value], &[reference::cross_entropy(&logits, &labels)]);
    let loss = |logits: &[f64]| reference::cross_entropy(logits, &labels);
    compare_slopes("logits", &gradient, &logits, 1, loss);
}
