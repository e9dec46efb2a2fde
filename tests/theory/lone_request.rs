//! At load → 0 a request's latency is the sum of its stages.

use crate::common::run_on;
use splitgp_sim::actors::{Exit, RequestRecord};

/// The paper's CNN on a Raspberry Pi 4 and wifi-classic without loss: one request.
fn lone_request(offload: &str, header: &str) -> RequestRecord {
    let yaml = format!(
        "name: lone
model: {{ preset: paper-cnn, cut: conv4 }}
data: {{ source: fashion-mnist, path: nowhere }}
fleet:
  - {{ name: pi, count: 1, device: raspberry-pi-4b, access: {{ up: 18.88 Mbit/s, down: 18.88 Mbit/s, delay: 5 ms }} }}
server: {{ device: edge-gpu-rtx2080 }}
network: {{ header: {header} }}
inference:
  arrivals: {{ periodic: {{ period: 1 s, phase: 100 ms }} }}
  duration: 1 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: {offload} }}
"
    );
    let inference = run_on(&yaml, 1).inference.expect("the scenario has traffic");
    assert_eq!(inference.records.len(), 1);
    inference.records[0]
}

fn latency(record: &RequestRecord) -> u64 {
    record.done.expect("a lone request is answered").since(record.arrival).as_nanos()
}

#[test]
fn a_lone_client_exit_takes_phi_and_kappa() {
    let record = lone_request("0", "0 B");
    assert_eq!(record.exit, Some(Exit::Client));
    assert_eq!(
        latency(&record),
        2_740_608,
        "φ+κ: 2·(21,901,824 + 23,040) FLOP / 16 GFLOP/s = 43,849,728/16 ns = 2,740,608 ns"
    );
}

#[test]
fn a_lone_server_exit_takes_the_sum_of_its_stages() {
    let record = lone_request("1", "0 B");
    assert_eq!(record.exit, Some(Exit::Server));
    let stages = record.stages;
    assert_eq!(stages.device_service.as_nanos(), 2_740_608, "φ+κ as in the client exit");
    assert_eq!(
        stages.uplink_service.as_nanos(),
        21_261_017,
        "⌈8·50,176 B·10⁹ / 18,880,000 bit/s⌉ = ⌈21,261,016.95⌉ ns"
    );
    assert_eq!(stages.uplink_propagation.as_nanos(), 5_000_000, "5 ms");
    assert_eq!(
        stages.server_service.as_nanos(),
        37_401,
        "θ: ⌈2·31,790,080 FLOP / 1,700 GFLOP/s⌉ = ⌈63,580,160/1,700⌉ = ⌈37,400.09⌉ ns"
    );
    assert_eq!(
        stages.downlink_service.as_nanos(),
        3_390,
        "⌈8·8 B·10⁹ / 18,880,000 bit/s⌉ = ⌈3,389.83⌉ ns"
    );
    assert_eq!(stages.downlink_propagation.as_nanos(), 5_000_000, "5 ms");
    assert_eq!(
        latency(&record),
        34_042_416,
        "2,740,608 + 21,261,017 + 5,000,000 + 37,401 + 3,390 + 5,000,000 ns, no waiting"
    );
}

#[test]
fn a_header_lengthens_both_messages() {
    let stages = lone_request("1", "40 B").stages;
    assert_eq!(
        stages.uplink_service.as_nanos(),
        21_277_967,
        "⌈8·(50,176 + 40) B·10⁹ / 18,880,000 bit/s⌉ = ⌈21,277,966.10⌉ ns"
    );
    assert_eq!(
        stages.downlink_service.as_nanos(),
        20_339,
        "⌈8·(8 + 40) B·10⁹ / 18,880,000 bit/s⌉ = ⌈20,338.98⌉ ns"
    );
}
