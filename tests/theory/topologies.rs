//! Messages over several links: store and forward, least delay, shared access points.

use crate::common::run_on;
use splitgp_sim::actors::RequestRecord;

/// Two devices of the paper's CNN that offload every request, the first at 100 ms; 50,176 bytes up,
/// 8 bytes down.
pub(crate) fn requests(network: &str, attachment: &str) -> Vec<RequestRecord> {
    let yaml = format!(
        "name: hops
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - {{ name: pi, count: 2, device: raspberry-pi-4b, {attachment} }}
server: {{ device: edge-gpu-rtx2080, workers: 2 }}
network: {network}
inference:
  arrivals: {{ periodic: {{ period: 10 s, phase: 100 ms }} }}
  duration: 10 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
    );
    let records = run_on(&yaml, 1).inference.expect("the scenario has traffic").records;
    assert_eq!(records.len(), 2, "one request for each device");
    records
}

/// Wait, service and propagation up in ns.
pub(crate) fn uplink(record: &RequestRecord) -> [u64; 3] {
    let stages = record.stages;
    [stages.uplink_wait, stages.uplink_service, stages.uplink_propagation].map(|s| s.as_nanos())
}

#[test]
fn every_hop_serialises_the_whole_message() {
    let network =
        "{ nodes: [ap], links: [{ from: ap, to: server, rate: 100 Mbit/s, delay: 2 ms }] }";
    let access = "attach: ap, access: { up: 10 Mbit/s, down: 10 Mbit/s, delay: 5 ms }";
    let records = requests(network, access);
    assert_eq!(
        uplink(&records[0]),
        [0, 44_154_880, 7_000_000],
        "8·50,176 bit / 10 Mbit/s + / 100 Mbit/s = 40,140,800 + 4,014,080 ns; 5 + 2 ms"
    );
    assert_eq!(
        uplink(&records[1]),
        [4_014_080, 44_154_880, 7_000_000],
        "both reach the backhaul at once: the second waits for the first's 4,014,080 ns"
    );
}

#[test]
fn devices_without_access_links_share_their_nodes_links() {
    let network =
        "{ nodes: [ap], links: [{ from: ap, to: server, rate: 10 Mbit/s, delay: 5 ms }] }";
    let records = requests(network, "attach: ap");
    assert_eq!(uplink(&records[0]), [0, 40_140_800, 5_000_000], "8·50,176 bit / 10 Mbit/s");
    assert_eq!(uplink(&records[1]), [40_140_800, 40_140_800, 5_000_000], "after the first");
}

#[test]
fn a_route_takes_the_least_delay() {
    let network = "{ nodes: [ap, relay], links: [
        { from: ap, to: server, rate: 10 Mbit/s, delay: 5 ms },
        { from: ap, to: relay, rate: 1 Mbit/s, delay: 1 ms },
        { from: relay, to: server, rate: 1 Mbit/s, delay: 1 ms } ] }";
    let records = requests(network, "attach: ap");
    assert_eq!(
        uplink(&records[0]),
        [0, 802_816_000, 2_000_000],
        "1 + 1 < 5 ms, so both slow links: 2 · 8·50,176 bit / 1 Mbit/s"
    );
}
