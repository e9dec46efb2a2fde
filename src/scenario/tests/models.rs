//! `model` and `data`: what is said about networks and images means, and what is told about
//! mistakes in it.

use crate::cost::{AuxiliaryCost, ModelPreset, Shape, SplitModel};
use crate::quantity::Bytes;
use crate::scenario::{DataSource, ModelSource, Partition, Scenario, parse};
use std::path::Path;

const TRAINED: &str = "\
name: t
model: MODEL
data: DATA
fleet: [{ name: a, count: 2, device: raspberry-pi-4b, access: lte }]
server: { device: edge-gpu-rtx2080 }
training: { rounds: 1, local_updates: 1, batch_size: 16, learning_rate: 0.05, gamma: 0.5, lambda: 0.2 }
";

const TIMED: &str = "\
name: t
model: MODEL
fleet: [{ name: a, count: 2, device: raspberry-pi-4b, access: lte }]
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 2 /s }
  duration: 60 s
  outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }
";

const MLP: &str = "{ layers: [linear: 32, relu, linear: 10], cut: fc1 }";

fn valid(text: &str) -> Scenario {
    parse(text, "folder/t.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario
}

fn trained(model: &str, data: &str) -> String {
    TRAINED.replace("MODEL", model).replace("DATA", data)
}

fn timed(model: &str) -> String {
    TIMED.replace("MODEL", model)
}

/// The only error's place, key path and message.
fn message(text: &str) -> String {
    let errors = parse(text, "t.yaml").expect_err("the scenario is wrong");
    let [error] = errors.as_slice() else { panic!("one error expected:\n{errors}") };
    format!("{}: {}", error.key_path(), error.message())
}

fn split(scenario: &Scenario) -> SplitModel {
    let ModelSource::Layers(architecture) = &scenario.model.source else {
        panic!("a list of layers")
    };
    architecture.split(&scenario.model.cut).unwrap()
}

#[test]
fn listed_layers_take_their_images_and_classes_from_the_data() {
    let model = split(&valid(&trained(MLP, "{ source: digits }")));
    assert_eq!((model.input, model.classes), (ModelPreset::DigitsCnn.input(), 10));
    let model = split(&valid(&trained(MLP, "{ source: cifar-10, path: here }")));
    assert_eq!(model.input, Shape { channels: 3, height: 32, width: 32 });
}

#[test]
fn listed_layers_without_data_state_their_images_and_classes() {
    let stated = MLP.replace("cut: fc1", "cut: fc1, input: [2, 5, 4], classes: 10");
    assert_eq!(split(&valid(&timed(&stated))).input, Shape { channels: 2, height: 5, width: 4 });
    let errors = parse(&timed(MLP), "t.yaml").unwrap_err();
    let keys: Vec<_> = errors.as_slice().iter().map(|error| error.key_path()).collect();
    assert_eq!(keys, ["model.input", "model.classes"]);
}

#[test]
fn only_the_file_knows_the_images_of_ones_own_data() {
    let data = "{ source: npz, path: mine.npz, classes: 10 }";
    assert_eq!(message(&trained(MLP, data)), "model.input: is missing");
    let stated = MLP.replace("cut: fc1", "cut: fc1, input: [1, 9, 9]");
    let scenario = valid(&trained(&stated, data));
    let path = Path::new("folder").join("mine.npz");
    let source = DataSource::Npz { path, classes: Some(10) };
    assert_eq!(scenario.data.unwrap().source, source);
}

#[test]
fn poolings_without_stride_do_not_overlap_and_convolutions_without_padding_shrink() {
    let model = "{ layers: [conv: { channels: 4, kernel: 3 }, max-pool: { kernel: 3 }, linear: 10], cut: conv1 }";
    let model = split(&valid(&trained(model, "{ source: digits }")));
    // 8 − 2 = 6 pixels a side, pooled to 2
    assert_eq!(model.smashed(), Shape { channels: 4, height: 2, width: 2 });
}

#[test]
fn a_layer_that_does_not_fit_is_named_where_it_stands() {
    let digits = "{ source: digits }";
    let with = |layers: &str| trained(&format!("{{ layers: [{layers}], cut: conv1 }}"), digits);
    assert_eq!(
        message(&with("conv: { channels: 4, kernel: 3 }, max-pool: { kernel: 7 }, linear: 10")),
        "model.layers[1]: pool1: its window of 7×7 does not fit into an image of 6×6 with padding \
         0; allowed: a kernel of at most 6"
    );
    assert_eq!(
        message(&with("conv: { channels: 4, kernel: 3 }, linear: 9")),
        "model.layers[1]: fc1: the last layer is `linear: 10`, an output for each class"
    );
    assert_eq!(
        message(&with("conv: { channels: 4, kernel: 3, padding: 3 }, linear: 10")),
        "model.layers[0]: conv1: padding 3 is not less than the kernel, 3"
    );
    assert_eq!(
        message(&with("conv: { channels: 1000000, kernel: 3, padding: 1 }, linear: 10")),
        "model.layers[0]: conv1: with it the network has 64000000 activations for one sample; \
         allowed: at most 50000000"
    );
    assert_eq!(
        message(&with("conv: { channels: 4, kernal: 3 }, linear: 10")),
        "model.layers[0].conv.kernal: `kernal` is not a key; did you mean `kernel`? (allowed: \
         channels, kernel, padding, stride)"
    );
    assert_eq!(
        message(&with("flatten, linear: 10")),
        "model.layers[0]: `flatten` is not a layer (allowed: conv, max-pool, batch-norm, relu, \
         linear)"
    );
    let aux = "{ layers: [linear: 32, relu, linear: 10], cut: fc1, aux: [linear: 7] }";
    assert_eq!(
        message(&trained(aux, digits)),
        "model.aux[0]: aux-fc1: the last layer is `linear: 10`, an output for each class"
    );
}

#[test]
fn a_cut_of_ones_own_network_is_one_of_its_layers() {
    assert_eq!(
        message(&trained(&MLP.replace("cut: fc1", "cut: fc2"), "{ source: digits }")),
        "model.cut: `fc2` is not a layer to cut after; did you mean `fc1`? (allowed: fc1)"
    );
    let uncut = MLP.replace(", cut: fc1", "");
    assert_eq!(message(&trained(&uncut, "{ source: digits }")), "model.cut: is missing");
}

#[test]
fn a_model_has_one_source() {
    let both = MLP.replace("cut:", "preset: digits-cnn, cut:");
    assert_eq!(
        message(&trained(&both, "{ source: digits }")),
        "model.layers: a model has one of `preset`, `layers` and `costs`, not 2 of them"
    );
    assert_eq!(
        message(&trained("{ preset: digits-cnn, classes: 7 }", "{ source: digits }")),
        "model.classes: a preset has its own; leave this key out, or list `layers`"
    );
}

#[test]
fn what_is_stated_of_images_agrees_with_the_data() {
    let other = MLP.replace("cut:", "input: [1, 8, 9], cut:");
    assert_eq!(
        message(&trained(&other, "{ source: digits }")),
        "model.input: is 1×8×9, but the images of `data` are 1×8×8"
    );
    assert_eq!(
        message(&trained("{ preset: vgg11-bn }", "{ source: digits }")),
        "data.source: `vgg11-bn` takes images of 3×32×32 (channels, height, width) and these are \
         1×8×8; use `preset: digits-cnn` or your own `layers`"
    );
    valid(&trained("{ preset: vgg11-bn, cut: conv8 }", "{ source: cifar-10, path: here }"));
}

#[test]
fn a_network_of_costs_is_timed_and_not_trained() {
    let model = "{ costs: net.csv, cut: block1, input: 3 kB, aux: { flops: 5 } }";
    let ModelSource::Costs(costs) = valid(&timed(model)).model.source else { panic!("costs") };
    assert_eq!(costs.path, Path::new("folder").join("net.csv"));
    assert_eq!(costs.input, Some(Bytes(3000)));
    assert_eq!(costs.aux, AuxiliaryCost { flops: 5, parameters: 0 });
    assert_eq!(
        message(&trained(model, "{ source: digits }")),
        "model.costs: layers known by their costs can be timed, but there is nothing to train; \
         leave `training` out and state `outcomes`, or use `preset` or `layers`"
    );
}

#[test]
fn partitions_are_shards_dirichlet_or_iid() {
    let partition = |text: &str| {
        let data = format!("{{ source: digits, partition: {text} }}");
        valid(&trained(MLP, &data)).data.unwrap().partition
    };
    assert_eq!(partition("{ kind: shards }"), Partition::Shards { per_client: 2 });
    assert_eq!(partition("{ kind: dirichlet, alpha: 0.5 }"), Partition::Dirichlet { alpha: 0.5 });
    assert_eq!(partition("{ kind: iid }"), Partition::Iid);

    let wrong =
        |text: &str| message(&trained(MLP, &format!("{{ source: digits, partition: {text} }}")));
    assert_eq!(
        wrong("{ kind: dirichlet, alpha: 0 }"),
        "data.partition.alpha: expected a number above 0, at most 10⁶, got `0`"
    );
    assert_eq!(wrong("{ kind: dirichlet }"), "data.partition.alpha: is missing");
    assert_eq!(
        wrong("{ kind: iid, alpha: 1 }"),
        "data.partition.alpha: belongs to `kind: dirichlet`; leave this key out"
    );
    assert_eq!(
        wrong("{ kind: dirichlet, alpha: 1, per_client: 3 }"),
        "data.partition.per_client: belongs to `kind: shards`; leave this key out"
    );
}

#[test]
fn data_files_are_named_and_only_ones_own_data_have_a_number_of_classes() {
    let preset = "{ preset: vgg11-bn }";
    assert_eq!(message(&trained(preset, "{ source: cifar-10 }")), "data.path: is missing");
    assert_eq!(
        message(&trained(preset, "{ source: cifar-10, path: \"\" }")),
        "data.path: is empty; it names the folder of the six binary files"
    );
    assert_eq!(
        message(&trained(preset, "{ source: cifar-10, path: here, classes: 10 }")),
        "data.classes: `cifar-10` has ten classes; leave this key out"
    );
}
