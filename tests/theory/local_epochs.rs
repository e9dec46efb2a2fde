//! Rounds stated in epochs: who holds more samples does more.

use crate::common::run_on;

const EPOCHS: &str = "
name: epochs
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet:
  - { name: device, count: 4, device: raspberry-pi-5, access: wifi-home }
server: { device: edge-gpu-rtx2080 }
training: { rounds: 1, local_epochs: 2, batch_size: 16, learning_rate: 0.05, gamma: 0.5, lambda: 0.2 }
evaluate: { ood: [0], entropy: [1.2] }
";

#[test]
fn an_epoch_sends_as_many_batches_as_cover_each_clients_samples() {
    let result = run_on(EPOCHS, 2);
    let steps: Vec<u64> = result
        .clients
        .iter()
        .map(|client| 2 * client.samples.expect("it trains").div_ceil(16))
        .collect();
    // 1,347 samples in eight shards of 168 or 169: ⌈336/16⌉ = 21 or ⌈337/16⌉ = 22 batches an epoch
    assert!(steps.contains(&42) && steps.contains(&44), "clients differ: {steps:?}");
    let record = result.training.expect("it trains").rounds[0].record;
    let steps: u64 = steps.iter().sum();
    assert_eq!(record.bytes_up, steps * (4 * 512 * 16 + 16) + 4 * 4 * 9_930, "{steps} batches");
    assert_eq!(record.bytes_down, steps * (4 * 512 * 16) + 4 * 4 * 9_930, "{steps} gradients");
}
