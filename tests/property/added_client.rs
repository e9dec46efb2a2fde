//! A client more draws for itself: what the others draw stays as it was.

use crate::requests;
use proptest::prelude::*;
use splitgp_sim::actors::{Exit, RequestRecord};
use splitgp_sim::time::{SimDuration, SimTime};

/// Fleets before and after: the second has one more phone and a class more.
const FLEETS: [(u32, &str); 2] =
    [(2, ""), (3, "  - { name: camera, count: 1, device: raspberry-pi-4b, access: wifi-home }\n")];

fn yaml(seed: u64, (phones, more): (u32, &str)) -> String {
    format!(
        "name: added
seed: {seed}
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - {{ name: pi, count: 1, device: {{ profile: raspberry-pi-4b, noise: exponential }}, access: lte }}
  - name: phone
    count: {phones}
    device: {{ rate: 20 GFLOP/s, memory: 1 GB, noise: {{ gamma: {{ shape: 4 }} }} }}
    access: {{ up: 80 Mbit/s, down: 80 Mbit/s, delay: 5 ms, jitter: {{ exponential: 2 ms }}, loss: 2% }}
{more}server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ poisson: 5 /s }}
  duration: 5 s
  outcomes: {{ client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.5 }}
"
    )
}

/// All that depends on the client's own draws alone: arrivals, its noise, its policy, its uplink's
/// losses and jitter.
type Own = (SimTime, SimDuration, Option<Exit>, SimDuration, SimDuration);

fn own(requests: &[RequestRecord], client: u32) -> Vec<Own> {
    requests
        .iter()
        .filter(|request| request.client == client)
        .map(|request| {
            let stages = &request.stages;
            let (service, uplink) = (stages.device_service, stages.uplink_service);
            (request.arrival, service, request.exit, uplink, stages.uplink_propagation)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn adding_a_client_leaves_the_draws_of_others_untouched(seed in 1_u64..1_000_000) {
        let [before, after] = FLEETS.map(|fleet| requests(&yaml(seed, fleet)));
        // The pi and two phones are the first three clients of both fleets.
        for client in 0..3 {
            let drawn = own(&before, client);
            prop_assert!(!drawn.is_empty());
            prop_assert_eq!(drawn, own(&after, client), "client {}", client);
        }
    }
}
