//! A network that is known by its layers' costs: times by hand.

use crate::common::run_on;
use splitgp_sim::actors::RequestRecord;

/// Two layers, cut between them; κ has 1,600,008 FLOPs.
const TABLE: &str = "\
name,flops,output_bytes,parameters
first,16000000,100000,1000
second,34000000,4000,10
";

/// One request on a lone Raspberry Pi 4 with `memory` (bandwidth, or nothing), offloaded.
fn lone_request(memory: &str) -> RequestRecord {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("net.csv");
    std::fs::write(&table, TABLE).unwrap();
    let yaml = format!(
        "name: stated
model: {{ costs: {}, cut: first, input: 200 kB, aux: {{ flops: 1600008 }} }}
fleet:
  - {{ name: pi, count: 1, device: {{ profile: raspberry-pi-4b{memory} }}, access: {{ up: 8 Mbit/s, down: 8 Mbit/s, delay: 5 ms }} }}
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ periodic: {{ period: 1 s, phase: 0 s }} }}
  duration: 1 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
",
        table.display()
    );
    run_on(&yaml, 1).inference.expect("the scenario has traffic").records[0]
}

#[test]
fn a_lone_request_takes_what_its_layers_state() {
    let record = lone_request("");
    let latency = record.done.expect("it is answered").since(record.arrival).as_nanos();
    assert_eq!(
        latency, 111_128_001,
        "φ+κ: ⌈17,600,008 FLOP / 16 GFLOP/s⌉ = ⌈1,100,000.5⌉ ns; 100,000 B at 8 Mbit/s: \
         100,000,000 ns; 5,000,000 ns; θ: 34·10⁶/1,700·10⁹ s = 20,000 ns; 8 B: 8,000 ns; 5,000,000 ns"
    );
}

#[test]
fn bytes_moved_follow_from_parameters_and_outputs() {
    let record = lone_request(", memory_bandwidth: 100 MB/s");
    assert_eq!(
        record.stages.device_service.as_nanos(),
        10_040_000,
        "4·(1,000 parameters + 200,000 pixels in + 25,000 activations out) B for φ, 4·(25,000 in) B \
         for κ: 1,004,000 B at 100 MB/s"
    );
}
