//! What a link does to a lone message, and to two.

use crate::common::run_on;
use splitgp_sim::actors::{RequestOutcome, RequestRecord};

/// The requests of a Raspberry Pi 4 (φ+κ: 2,740,608 ns) that offloads everything over `access`;
/// one a second, the first at once.
fn requests(access: &str, duration: &str) -> Vec<RequestRecord> {
    let yaml = format!(
        "name: links
model: {{ preset: paper-cnn }}
fleet: [{{ name: pi, count: 1, device: raspberry-pi-4b, access: {access} }}]
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ periodic: {{ period: 1 s, phase: 0 s }} }}
  duration: {duration}
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
    );
    run_on(&yaml, 1).inference.expect("the scenario has traffic").records
}

#[test]
fn constant_jitter_adds_to_the_delay() {
    let access = "{ up: 1 Gbit/s, down: 1 Gbit/s, delay: 5 ms, jitter: 2 ms }";
    let stages = requests(access, "1 s")[0].stages;
    assert_eq!(stages.uplink_propagation.as_nanos(), 7_000_000, "5 ms + 2 ms");
    assert_eq!(stages.downlink_propagation.as_nanos(), 7_000_000, "5 ms + 2 ms");
}

#[test]
fn a_message_is_dropped_after_its_first_transmission_and_all_retransmissions() {
    // One in a million transmissions gets through; this seed draws none.
    let access = "{ up: 1 Gbit/s, down: 1 Gbit/s, delay: 5 ms, loss: 99.9999%, retries: 2 }";
    let record = requests(access, "1 s")[0];
    assert_eq!(record.outcome, RequestOutcome::Dropped);
    assert_eq!(
        record.stages.uplink_service.as_nanos(),
        1_204_224,
        "(1 + 2 retries) · 8·50,176 B / 1 Gbit/s = 3 · 401,408 ns"
    );
    assert_eq!(record.stages.uplink_propagation.as_nanos(), 0, "nothing left the link");
    assert_eq!(
        record.done.expect("a drop ends it").as_nanos(),
        2_740_608 + 1_204_224,
        "φ+κ, then three transmissions"
    );
}

#[test]
fn a_message_waits_until_the_one_before_it_is_serialised() {
    // 50,176 B at 0.2 Mbit/s take 2,007,040,000 ns, longer than the second between requests.
    let access = "{ up: 0.2 Mbit/s, down: 1 Gbit/s, delay: 0 ms }";
    let records = requests(access, "3 s");
    let waits: Vec<u64> = records.iter().map(|r| r.stages.uplink_wait.as_nanos()).collect();
    assert_eq!(
        waits,
        [0, 1_007_040_000, 2_014_080_000],
        "request k joins 1 s later and finds k · 2,007,040,000 ns of work begun k s before"
    );
}

#[test]
fn jitter_never_reorders_a_link() {
    let access = "{ up: 100 Mbit/s, down: 1 Gbit/s, delay: 1 ms, jitter: { exponential: 3 s } }";
    let records = requests(access, "60 s");
    let arrived: Vec<u64> = records
        .iter()
        .map(|record| {
            let stages = record.stages.as_array();
            record.arrival.as_nanos() + stages[..5].iter().map(|s| s.as_nanos()).sum::<u64>()
        })
        .collect();
    assert_eq!(arrived.len(), 60);
    assert!(arrived.is_sorted(), "arrivals at the server: {arrived:?}");
    let clamped = arrived.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(clamped > 0, "jitter of three times the gap would overtake without the clamp");
}
