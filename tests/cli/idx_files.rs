//! The paper's network, trained on IDX files from a folder.

use crate::support::Workplace;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

const SCENARIO: &str = "\
name: idx
model: { preset: paper-cnn }
data: { source: mnist, path: images }
fleet: [{ name: pi, count: 2, device: raspberry-pi-4b, access: lan-1g }]
server: { device: edge-gpu-rtx2080 }
training: { rounds: 1, local_updates: 1, batch_size: 2, learning_rate: 0.01, gamma: 0.5, lambda: 0.2 }
evaluate: { ood: [0], entropy: [0.8] }
";

/// `count` images of 28×28 pixels in IDX format.
fn images(count: u8) -> Vec<u8> {
    let header = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28];
    let pixels = (0..u32::from(count) * 784).map(|i| u8::try_from(i * 31 % 256).unwrap());
    header.into_iter().chain(pixels).collect()
}

/// As many labels, 0 to 9 in turn.
fn labels(count: u8) -> Vec<u8> {
    [0, 0, 8, 1, 0, 0, 0, count].into_iter().chain((0..count).map(|i| i % 10)).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn plain_and_compressed_idx_files_train_the_papers_network() {
    let place = Workplace::new();
    std::fs::create_dir(place.path().join("images")).unwrap();
    place
        .put("images/train-images-idx3-ubyte", images(40))
        .put("images/train-labels-idx1-ubyte.gz", gzip(&labels(40)))
        .put("images/t10k-images-idx3-ubyte.gz", gzip(&images(20)))
        .put("images/t10k-labels-idx1-ubyte", labels(20))
        .put("idx.yaml", SCENARIO);
    let outcome = place.run(&["run", "idx.yaml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let summary = std::fs::read_to_string(place.path().join("out/idx/summary.json")).unwrap();
    // Two clients, one mini-batch of two: 2·(2·50,176 + 2 + 4·410,890) B up.
    assert!(summary.contains("\"up\": 3487828"), "{summary}");
}
