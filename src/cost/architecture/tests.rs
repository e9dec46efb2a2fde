//! Networks as written, and what does not fit.

use super::*;
use LayerSpec::{BatchNorm, Relu};

const fn conv(channels: u32) -> LayerSpec {
    LayerSpec::Conv { channels, kernel: 3, padding: 1, stride: 1 }
}

const fn pool(kernel: u32, stride: u32) -> LayerSpec {
    LayerSpec::MaxPool { kernel, stride }
}

const fn linear(outputs: u32) -> LayerSpec {
    LayerSpec::Linear { outputs }
}

fn architecture(layers: &[LayerSpec]) -> Architecture {
    let input = Shape { channels: 1, height: 8, width: 8 };
    Architecture { input, classes: 10, layers: layers.to_vec(), aux: Auxiliary::DEFAULT }
}

fn names(layers: &[Layer]) -> Vec<&str> {
    layers.iter().map(|layer| layer.name.as_str()).collect()
}

fn fault(layers: &[LayerSpec]) -> String {
    architecture(layers).split("conv1").unwrap_err().to_string()
}

#[test]
fn a_cut_takes_batch_norm_activation_and_pooling_along() {
    let layers = [conv(4), BatchNorm, Relu, pool(2, 2), conv(6), Relu, linear(5), Relu, linear(10)];
    let model = architecture(&layers).split("conv1").unwrap();
    assert_eq!(names(&model.phi), ["conv1", "bn1", "pool1"]);
    assert_eq!(names(&model.theta), ["conv2", "fc1", "fc2"]);
    let relus = |layers: &[Layer]| layers.iter().map(|layer| layer.relu).collect::<Vec<_>>();
    assert_eq!(relus(&model.phi), [false, true, false], "the ReLU is the batch norm's");
    assert_eq!(relus(&model.theta), [true, true, false]);
    assert_eq!(names(&architecture(&layers).split("fc1").unwrap().theta), ["fc2"]);
}

#[test]
fn a_multilayer_perceptron_needs_no_convolution() {
    let model = architecture(&[linear(32), Relu, linear(10)]).split("fc1").unwrap();
    assert_eq!(model.smashed(), Shape::flat(32));
    assert_eq!(names(&model.kappa), ["aux-fc1"]);
}

#[test]
fn ones_own_auxiliary_classifier_replaces_the_default() {
    let aux = Auxiliary::Layers(vec![pool(4, 4), linear(7), Relu, linear(10)]);
    let network = Architecture { aux, ..architecture(&[conv(3), Relu, linear(10)]) };
    let kappa = network.split("conv1").unwrap().kappa;
    assert_eq!(names(&kappa), ["aux-pool1", "aux-fc1", "aux-fc2"]);
    assert_eq!(kappa[1].inputs(), 3 * 2 * 2);
}

#[test]
fn a_layer_that_does_not_fit_is_named_with_what_would() {
    let wide = LayerSpec::Conv { channels: 3, kernel: 11, padding: 1, stride: 1 };
    assert_eq!(
        fault(&[wide, linear(10)]),
        "conv1: its window of 11×11 does not fit into an image of 8×8 with padding 1; \
         allowed: a kernel of at most 10"
    );
    assert!(fault(&[conv(3), pool(9, 1), linear(10)]).starts_with("pool1: its window of 9×9"));
    assert!(fault(&[Relu, linear(10)]).starts_with("relu: stands right behind"));
    assert!(fault(&[conv(3), Relu, Relu, linear(10)]).starts_with("relu: stands"));
    assert!(fault(&[conv(3), pool(2, 2), BatchNorm, linear(10)]).starts_with("bn1: a batch"));
}

#[test]
fn an_exit_ends_in_an_output_for_each_class() {
    let wanted = "the last layer is `linear: 10`, an output for each class";
    assert_eq!(fault(&[conv(3), linear(9)]), format!("fc1: {wanted}"));
    assert_eq!(
        fault(&[conv(3), linear(10), Relu]),
        format!("fc1: {wanted}, without a `relu` behind it")
    );
    assert_eq!(fault(&[]), format!("fc1: {wanted}"));
    let aux = Auxiliary::Layers(vec![linear(9)]);
    let network = Architecture { aux, ..architecture(&[conv(3), linear(10)]) };
    let error = network.split("conv1").unwrap_err();
    assert!(matches!(error, ModelError::Layer { list: LayerList::Auxiliary, .. }), "{error}");
}

#[test]
fn a_network_too_large_to_compute_is_refused_and_never_overflows() {
    let huge = LayerSpec::Conv { channels: u32::MAX, kernel: 3, padding: 1, stride: 1 };
    assert!(fault(&[huge, linear(10)]).starts_with("conv1: "), "{}", fault(&[huge]));
    let padded = LayerSpec::Conv { channels: 1, kernel: 1, padding: u32::MAX, stride: 1 };
    assert!(fault(&[padded, linear(10)]).starts_with("conv1: "));
    assert!(fault(&[conv(3), linear(u32::MAX), linear(10)]).starts_with("fc1: "));
}

#[test]
fn a_single_stage_cannot_be_cut() {
    let error = architecture(&[linear(10)]).split("fc1").unwrap_err();
    assert_eq!(error.to_string(), "there is no cut behind `fc1`; allowed: ");
}
