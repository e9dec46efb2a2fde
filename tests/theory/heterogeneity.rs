//! Figures that are drawn once for each device.

use crate::common::run_on;
use splitgp_sim::actors::RequestRecord;
use splitgp_sim::experiment::Experiment;
use splitgp_sim::scenario;
use std::collections::BTreeMap;

fn fleet(count: u32, device: &str, access: &str) -> String {
    format!(
        "name: heterogeneous
model: {{ preset: paper-cnn, cut: conv4 }}
fleet: [{{ name: pi, count: {count}, device: {device}, access: {access} }}]
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ periodic: 10 s }}
  duration: 30 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
    )
}

/// What `measure` says of each client's requests, which must be the same for all of them.
fn of_clients(yaml: &str, measure: fn(&RequestRecord) -> u64) -> Vec<u64> {
    let mut measured = BTreeMap::new();
    for record in &run_on(yaml, 1).inference.expect("the scenario has traffic").records {
        let value = measure(record);
        assert_eq!(
            *measured.entry(record.client).or_insert(value),
            value,
            "drawn once: {record:?}"
        );
    }
    measured.into_values().collect()
}

#[test]
fn a_drawn_rate_is_each_devices_own_and_another_device_shifts_no_draw() {
    let device = "{ rate: { uniform: [8 GFLOP/s, 16 GFLOP/s] }, memory: 1 GB }";
    let service = |record: &RequestRecord| record.stages.device_service.as_nanos();
    let few = of_clients(&fleet(5, device, "lan-1g"), service);
    let many = of_clients(&fleet(400, device, "lan-1g"), service);
    assert_eq!(few, many[..5], "the first five of 400 devices are the five devices");
    // φ+κ: 43,849,728 FLOP / 16 GFLOP/s = 2,740,608 ns and / 8 GFLOP/s = 5,481,216 ns.
    assert!(many.iter().all(|time| (2_740_608..=5_481_216).contains(time)));
    let below = many.iter().filter(|time| **time > 43_849_728 / 12).count();
    // Half of the rates lie below 12 GFLOP/s: 200 of 400 ± 4 · √(400/4).
    assert!((160..=240).contains(&below), "{below} devices are slower than the median");
}

#[test]
fn drawn_links_have_their_own_rates_and_one_delay_for_both_directions() {
    let access = "{ up: { lognormal: { median: 27 Mbit/s, sigma: 0.4 } }, down: 10 Mbit/s, \
                  delay: { uniform: [1 ms, 9 ms] } }";
    let yaml = fleet(100, "raspberry-pi-4b", access);
    let up = of_clients(&yaml, |record| record.stages.uplink_service.as_nanos());
    let median = 14_866_963; // ⌈8·50,176 B·10⁹ / 27·10⁶ bit/s⌉ = ⌈14,866,962.96⌉ ns
    let slow = up.iter().filter(|time| **time > median).count();
    // 50 of 100 ± 4 · √(100/4).
    assert!((30..=70).contains(&slow), "{slow} uplinks are slower than the median");
    for record in &run_on(&yaml, 1).inference.unwrap().records {
        let stages = record.stages;
        assert_eq!(stages.uplink_propagation, stages.downlink_propagation);
        assert!((1_000_000..9_000_000).contains(&stages.uplink_propagation.as_nanos()));
        assert_eq!(stages.downlink_service.as_nanos(), 6_400, "8·8 B / 10 Mbit/s, not drawn");
    }
}

#[test]
fn a_drawn_memory_is_checked_for_each_device() {
    let check = |low: &str| {
        let device = format!("{{ rate: 1 GFLOP/s, memory: {{ uniform: [{low}, 8 MB] }} }}");
        let loaded = scenario::parse(&fleet(50, &device, "lan-1g"), "t.yaml").unwrap();
        Experiment::check(&loaded.scenario).map_err(|error| error.to_string())
    };
    // Inference needs 4·(410,890 parameters + 25,088 + 12,544 activations) bytes = 1.79 MB.
    assert_eq!(check("2 MB"), Ok(()));
    let error = check("0.5 MB").unwrap_err();
    assert!(error.starts_with("fleet[0].device: 'pi/"), "{error}");
}
