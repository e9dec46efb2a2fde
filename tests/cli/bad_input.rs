//! Bad input: exit code 2 and one clear message each, before anything is simulated.

use crate::support::{SMALL, Workplace};

/// The complaint about `small.yaml` with one passage replaced.
fn complaint(passage: &str, replacement: &str) -> String {
    assert!(SMALL.contains(passage), "{passage}");
    complaint_about(&Workplace::new(), &SMALL.replace(passage, replacement))
}

/// The complaint about the scenario `yaml`, run in `place`.
fn complaint_about(place: &Workplace, yaml: &str) -> String {
    let outcome = place.put("small.yaml", yaml).run(&["run", "small.yaml"]);
    assert_eq!(outcome.code, 2, "{}\n{}", outcome.stdout, outcome.stderr);
    assert_eq!(outcome.stdout, "", "nothing was simulated");
    outcome.stderr
}

#[test]
fn options_of_training_without_training() {
    let place = Workplace::new();
    let training = SMALL.lines().find(|line| line.starts_with("training:")).unwrap();
    let stated = "outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }";
    let policy = "ood: 0.4\n  offload: { entropy: 1.2 }";
    place.put("small.yaml", SMALL.replace(training, "").replace(policy, stated));
    for options in [&["--stop-after", "3"][..], &["--resume"], &["--fresh"]] {
        let outcome = place.run(&[&["run", "small.yaml"][..], options].concat());
        assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{}", outcome.stderr);
        let expected = format!("error: {} is about training, and small.yaml has none", options[0]);
        assert!(outcome.stderr.starts_with(&expected), "{}", outcome.stderr);
    }
}

#[test]
fn a_missing_file() {
    let outcome = Workplace::new().run(&["run", "nowhere.yaml"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn malformed_yaml() {
    insta::assert_snapshot!(complaint("name: small\n", "name: [small\n"));
}

#[test]
fn a_wrong_unit() {
    insta::assert_snapshot!(complaint("duration: 10 s", "duration: 10 MB"));
}

#[test]
fn a_missing_unit() {
    insta::assert_snapshot!(complaint("duration: 10 s", "duration: 10"));
}

#[test]
fn an_unknown_device() {
    insta::assert_snapshot!(complaint("raspberry-pi-4b", "raspbery-pi-4b"));
}

#[test]
fn a_negative_rate() {
    insta::assert_snapshot!(complaint(
        "access: wifi-home",
        "access: { up: -5 Mbit/s, down: 5 Mbit/s, delay: 1 ms }"
    ));
}

#[test]
fn an_unknown_and_a_duplicate_key_together() {
    insta::assert_snapshot!(complaint("name: small\n", "name: small\nseeed: 3\nname: again\n"));
}

#[test]
fn a_key_that_is_not_simulated_yet() {
    insta::assert_snapshot!(complaint("  duration: ", "  concurrent: true\n  duration: "));
}

#[test]
fn a_cut_that_the_model_lacks() {
    insta::assert_snapshot!(complaint("cut: conv2", "cut: conv9"));
}

#[test]
fn a_model_that_does_not_fit_a_devices_memory() {
    insta::assert_snapshot!(complaint(
        "device: raspberry-pi-4b",
        "device: { rate: 1 GFLOP/s, memory: 100 kB }"
    ));
}

#[test]
fn more_out_of_distribution_samples_than_there_are() {
    // One client holds all classes, so that nothing is out of its distribution.
    let yaml = SMALL
        .replace("count: 5", "count: 1")
        .replace("source: digits", "source: digits, main_share: 5%");
    insta::assert_snapshot!(complaint_about(&Workplace::new(), &yaml));
}

/// The small scenario on IDX files in the folder `data` of `place`.
fn on_idx_files(place: &Workplace) -> String {
    let yaml = SMALL
        .replace("digits-cnn, cut: conv2", "paper-cnn")
        .replace("source: digits", "source: mnist, path: data");
    complaint_about(place, &yaml)
}

#[test]
fn a_missing_data_file() {
    let place = Workplace::new();
    let told = on_idx_files(&place);
    let full = place.path().canonicalize().unwrap().join("data").display().to_string();
    assert!(told.contains(&full), "the folder in full: {told}");
    insta::assert_snapshot!(told.replace(&full, "FULL"));
}

#[test]
fn a_truncated_data_file() {
    let place = Workplace::new();
    std::fs::create_dir(place.path().join("data")).unwrap();
    // Magic number of images, then 2 images of 28×28, of which only one byte is there.
    let truncated = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28, 7];
    place.put("data/train-images-idx3-ubyte", truncated);
    insta::assert_snapshot!(on_idx_files(&place));
}

#[test]
fn a_truncated_record_of_cifar_10() {
    let place = Workplace::new();
    std::fs::create_dir(place.path().join("data")).unwrap();
    // A whole record of a label and 3,072 pixels, then one of 100 bytes.
    place.put("data/data_batch_1.bin", vec![1; 3_173]);
    let yaml = SMALL
        .replace("digits-cnn, cut: conv2", "vgg11-bn")
        .replace("source: digits", "source: cifar-10, path: data");
    insta::assert_snapshot!(complaint_about(&place, &yaml));
}

#[test]
fn an_array_with_a_label_out_of_range() {
    let place = Workplace::new();
    let mut npz =
        ndarray_npy::NpzWriter::new(std::fs::File::create(place.path().join("own.npz")).unwrap());
    for (images, labels) in [("x_train", "y_train"), ("x_test", "y_test")] {
        npz.add_array(images, &ndarray::Array3::<u8>::zeros((2, 8, 8))).unwrap();
        npz.add_array(labels, &ndarray::Array1::from(vec![0_i64, 10])).unwrap();
    }
    npz.finish().unwrap();
    let yaml = SMALL.replace("source: digits", "source: npz, path: own.npz, classes: 10");
    insta::assert_snapshot!(complaint_about(&place, &yaml));
}

#[test]
fn a_layer_that_does_not_fit_into_its_image() {
    let layers = "layers: [conv: { channels: 4, kernel: 3 }, max-pool: { kernel: 7 }, linear: 10]";
    insta::assert_snapshot!(complaint(
        "preset: digits-cnn, cut: conv2",
        &format!("{layers}, cut: conv1")
    ));
}

/// The complaint about a network of the costs in `table`, cut behind `cut`.
fn on_costs(table: &str, cut: &str) -> String {
    let place = Workplace::new();
    place.put("net.csv", table);
    let yaml = format!(
        "name: costs
model: {{ costs: net.csv, cut: {cut}, input: 3 kB }}
fleet: [{{ name: pi, count: 1, device: raspberry-pi-4b, access: lte }}]
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ poisson: 2 /s }}
  duration: 10 s
  outcomes: {{ client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }}
"
    );
    complaint_about(&place, &yaml)
}

#[test]
fn a_table_of_costs_with_a_wrong_line() {
    insta::assert_snapshot!(on_costs(
        "name,flops,output_bytes,parameters\na,100,4,0\nb,1e9,4,0\n",
        "a"
    ));
}

#[test]
fn a_table_of_costs_without_the_cut() {
    insta::assert_snapshot!(on_costs(
        "name,flops,output_bytes,parameters\na,100,4,0\nb,100,4,0\nc,1,4,0\n",
        "c"
    ));
}

#[test]
fn an_unwritable_output_folder_is_found_before_training() {
    let place = Workplace::new();
    place.put("taken", "a file");
    let outcome = place.put("small.yaml", SMALL).run(&["run", "small.yaml", "--out", "taken/out"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn a_typo_of_a_subcommand() {
    let outcome = Workplace::new().run(&["rum", "small.yaml"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn a_diverging_training_fails_the_run_and_names_client_and_round() {
    let yaml = SMALL
        .replace("learning_rate: 0.05", "learning_rate: 1000")
        .replace("local_updates: 2", "local_updates: 20");
    let outcome = Workplace::new().put("small.yaml", yaml).run(&["run", "small.yaml"]);
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn more_threads_than_make_sense() {
    let outcome =
        Workplace::new().put("small.yaml", SMALL).run(&["run", "small.yaml", "--threads", "20000"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome.stderr);
}
