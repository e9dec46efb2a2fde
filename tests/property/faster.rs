//! Faster FIFO workers never lengthen a wait before them, request by request, under common random
//! numbers.

use crate::requests;
use proptest::prelude::*;
use splitgp_sim::time::SimDuration;

/// A fleet of phones whose server, of so many MFLOP/s, is now and then busy: θ has 63.6 MFLOP, so
/// that at 1 GFLOP/s a request takes 63.6 ms.
fn yaml(seed: u64, workers: u32, noise: &str, mflops: u64) -> String {
    format!(
        "name: faster
seed: {seed}
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - name: phone
    count: 4
    device: {{ rate: 20 GFLOP/s, memory: 1 GB, noise: exponential }}
    access: {{ up: 80 Mbit/s, down: 80 Mbit/s, delay: 5 ms, jitter: {{ exponential: 2 ms }}, loss: 2% }}
server: {{ device: {{ rate: {mflops} MFLOP/s, memory: 1 GB{noise} }}, workers: {workers} }}
inference:
  arrivals: {{ poisson: 5 /s }}
  duration: 5 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 0.8 }}
"
    )
}

fn server_waits(yaml: &str) -> Vec<SimDuration> {
    requests(yaml).iter().map(|request| request.stages.server_wait).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_faster_server_never_lengthens_a_wait_at_the_server(
        seed in 1_u64..1_000,
        workers in 1_u32..4,
        noise in prop::sample::select(vec!["", ", noise: exponential"]),
        mflops in 300_u64..2_000,
        faster in 1_u64..1_000,
    ) {
        let slow = server_waits(&yaml(seed, workers, noise, mflops));
        let fast = server_waits(&yaml(seed, workers, noise, mflops + faster));
        prop_assert_eq!(slow.len(), fast.len(), "the same requests arrive");
        for (request, (slow, fast)) in slow.iter().zip(&fast).enumerate() {
            prop_assert!(fast <= slow, "request {} waited {} and then {}", request, slow, fast);
        }
    }
}
