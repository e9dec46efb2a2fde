//! Time has no unit: a scenario whose durations are all k times as long is k times as long.

use crate::requests;
use proptest::prelude::*;

/// Work of one request with the paper's CNN: φ and κ, smashed data, θ, an answer.
const DEVICE_FLOPS: u64 = 43_849_728;
const UPLINK_BITS: u64 = 401_408;
const SERVER_FLOPS: u64 = 63_580_160;
const DOWNLINK_BITS: u64 = 64;

/// Lengths of time in nanoseconds.
#[derive(Debug, Clone)]
struct Times {
    period: u64,
    phase: u64,
    devices: [u64; 2],
    uplinks: [u64; 2],
    downlink: u64,
    server: u64,
    overhead: u64,
    delay: u64,
    workers: u32,
}

/// Service times that a whole rate yields exactly, also when 2, 4, 5, 8 or 10 times as long: by
/// their factors 2 and 5 they divide any of the works above times 10⁹.
fn service() -> impl Strategy<Value = u64> {
    (3_u32..6, 2_u32..6).prop_map(|(twos, fives)| 2_u64.pow(twos) * 5_u64.pow(fives))
}

fn times() -> impl Strategy<Value = Times> {
    (
        (1_000_u64..100_000, 0_u64..5_000),
        [service(), service()],
        [service(), service()],
        (service(), service()),
        (0_u64..3_000, 0_u64..50_000, 1_u32..3),
    )
        .prop_map(|((period, phase), devices, uplinks, (downlink, server), rest)| {
            let (overhead, delay, workers) = rest;
            Times { period, phase, devices, uplinks, downlink, server, overhead, delay, workers }
        })
}

impl Times {
    fn yaml(&self, k: u64) -> String {
        let rate = |work: u64, nanos: u64| {
            let work = u128::from(work) * 1_000_000_000;
            let nanos = u128::from(nanos * k);
            assert_eq!(work % nanos, 0, "{nanos} ns of service need a whole rate");
            work / nanos
        };
        let Self { period, phase, overhead, delay, workers, .. } = self;
        let fleet: String = self
            .devices
            .iter()
            .zip(self.uplinks)
            .enumerate()
            .map(|(class, (&device, uplink))| {
                format!(
                    "  - {{ name: d{class}, count: 2, device: {{ rate: {} FLOP/s, memory: 1 GB, \
                     overhead: {} ns }}, access: {{ up: {} bit/s, down: {} bit/s, delay: {} ns }} \
                     }}\n",
                    rate(DEVICE_FLOPS, device),
                    overhead * k,
                    rate(UPLINK_BITS, uplink),
                    rate(DOWNLINK_BITS, self.downlink),
                    delay * k,
                )
            })
            .collect();
        format!(
            "name: scaling
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
{fleet}server: {{ device: {{ rate: {} FLOP/s, memory: 1 GB }}, workers: {workers} }}
inference:
  arrivals: {{ periodic: {{ period: {} ns, phase: {} ns }} }}
  duration: {} ns
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
",
            rate(SERVER_FLOPS, self.server),
            period * k,
            phase * k,
            20 * period * k,
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn scaling_all_durations_by_k_scales_every_time_by_k(
        times in times(),
        k in prop::sample::select(vec![2_u64, 4, 5, 8, 10]),
    ) {
        let (once, scaled) = (requests(&times.yaml(1)), requests(&times.yaml(k)));
        prop_assert_eq!(once.len(), scaled.len());
        for (one, long) in once.iter().zip(&scaled) {
            prop_assert_eq!(one.arrival.as_nanos() * k, long.arrival.as_nanos());
            prop_assert_eq!(one.outcome, long.outcome);
            for (stage, longer) in one.stages.as_array().into_iter().zip(long.stages.as_array()) {
                prop_assert_eq!(stage.as_nanos() * k, longer.as_nanos(), "{} times {:?}", k, one);
            }
            let done = one.done.map(|done| done.as_nanos() * k);
            prop_assert_eq!(done, long.done.map(|done| done.as_nanos()));
        }
    }
}
