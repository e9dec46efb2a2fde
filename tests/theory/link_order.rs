//! Properties of links under any jitter.

use crate::common::run_on;
use proptest::prelude::*;
use std::collections::BTreeMap;

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn jitter_never_reorders_a_fifo_link(
        seed in 0u64..1_000_000,
        mean_ms in 1u32..200,
        mtu in prop_oneof![Just(""), Just(", mtu: 1500 B")],
    ) {
        let yaml = format!(
            "name: order
seed: {seed}
model: {{ preset: paper-cnn, cut: conv4 }}
fleet: [{{ name: pi, count: 3, device: jetson-nano, attach: ap }}]
server: {{ device: edge-gpu-rtx2080, workers: 8 }}
network:
  nodes: [ap]
  links:
    - {{ from: ap, to: server, rate: 100 Mbit/s, delay: 1 ms, jitter: {{ exponential: {mean_ms} ms }}{mtu} }}
inference:
  arrivals: {{ poisson: 40 /s }}
  duration: 2 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
        );
        let records = run_on(&yaml, 1).inference.expect("the scenario has traffic").records;
        // When each request reached the link, and when the server.
        let mut passages = BTreeMap::new();
        for record in &records {
            let stages = record.stages;
            let sum = |from: u64, parts: &[splitgp_sim::time::SimDuration]| {
                from + parts.iter().map(|part| part.as_nanos()).sum::<u64>()
            };
            let at_link =
                sum(record.arrival.as_nanos(), &[stages.device_wait, stages.device_service]);
            let uplink = [stages.uplink_wait, stages.uplink_service, stages.uplink_propagation];
            passages.insert(at_link, sum(at_link, &uplink));
        }
        let delivered: Vec<u64> = passages.into_values().collect();
        prop_assert!(delivered.len() > 100, "{} requests", delivered.len());
        prop_assert!(delivered.is_sorted(), "first in, first out: {delivered:?}");
    }
}
