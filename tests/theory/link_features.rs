//! Sharing, varying rates, outages, segments, buffers, half duplex and background traffic, each
//! against its closed form.

use crate::common::run_on;
use crate::topologies::uplink;
use splitgp_sim::actors::{RequestOutcome, RequestRecord};
use splitgp_sim::experiment::RunResult;

/// `count` devices that all send 50,176 bytes at once: each request arrives at 100 ms, φ+κ take
/// 2,740,608 ns, so the link is reached at 102,740,608 ns.
fn run(count: u32, network: &str, attachment: &str) -> RunResult {
    let yaml = format!(
        "name: features
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - {{ name: pi, count: {count}, device: raspberry-pi-4b, {attachment} }}
server: {{ device: edge-gpu-rtx2080, workers: 4 }}
network: {network}
inference:
  arrivals: {{ periodic: {{ period: 10 s, phase: 100 ms }} }}
  duration: 10 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
    );
    run_on(&yaml, 1)
}

fn records(run: RunResult) -> Vec<RequestRecord> {
    run.inference.expect("the scenario has traffic").records
}

/// Wait, service and propagation up of lone devices with this access link.
fn lone(access: &str) -> [u64; 3] {
    uplink(&records(run(1, "{}", &format!("access: {access}")))[0])
}

/// `count` devices that share one access point's link with these keys beside its rate of 10 Mbit/s
/// and delay of 5 ms.
fn shared(count: u32, keys: &str) -> RunResult {
    let link = format!("{{ from: ap, to: server, rate: 10 Mbit/s, delay: 5 ms, {keys} }}");
    run(count, &format!("{{ nodes: [ap], links: [{link}] }}"), "attach: ap")
}

#[test]
fn a_fair_link_gives_each_of_two_messages_half_its_rate() {
    for record in records(shared(2, "discipline: fair")) {
        assert_eq!(
            uplink(&record),
            [0, 80_281_600, 5_000_000],
            "2 · 8·50,176 bit / 10 Mbit/s = 2 · 40,140,800 ns for both"
        );
    }
}

#[test]
fn a_lone_message_on_a_fair_link_has_it_to_itself() {
    assert_eq!(
        uplink(&records(shared(1, "discipline: fair"))[0]),
        [0, 40_140_800, 5_000_000],
        "8·50,176 bit / 10 Mbit/s"
    );
}

#[test]
fn a_rate_that_changes_mid_message_keeps_the_work_done() {
    for discipline in ["fifo", "fair"] {
        let rate = "rate: { schedule: [[0 s, 10 Mbit/s], [120 ms, 1 Mbit/s]] }";
        assert_eq!(
            lone(&format!("{{ {rate}, delay: 5 ms, discipline: {discipline} }}")),
            [0, 246_073_472, 5_000_000],
            "120 − 102.740608 = 17.259392 ms at 10 Mbit/s send 172,593.92 of 401,408 bits; the \
             other 228,814.08 take 228,814,080 ns at 1 Mbit/s ({discipline})"
        );
    }
}

#[test]
fn an_outage_pauses_the_service_and_what_is_propagating_arrives() {
    for discipline in ["fifo", "fair"] {
        let access = |outage: &str| {
            format!(
                "{{ rate: 10 Mbit/s, delay: 5 ms, discipline: {discipline}, outages: [{outage}] }}"
            )
        };
        assert_eq!(
            lone(&access("{ at: 120 ms, for: 50 ms }")),
            [0, 90_140_800, 5_000_000],
            "8·50,176 bit / 10 Mbit/s + 50 ms ({discipline})"
        );
        assert_eq!(
            lone(&access("{ at: 145 ms, for: 50 ms }")),
            [0, 40_140_800, 5_000_000],
            "serialised at 142.881408 ms, before the outage ({discipline})"
        );
    }
}

#[test]
fn messages_that_share_a_fair_link_pause_together() {
    for record in records(shared(2, "discipline: fair, outages: [{ at: 120 ms, for: 50 ms }]")) {
        assert_eq!(uplink(&record), [0, 130_281_600, 5_000_000], "2 · 40,140,800 ns + 50 ms");
    }
}

#[test]
fn segments_of_a_message_pipeline_over_two_hops() {
    let hop = "rate: 10 Mbit/s, delay: 1 ms";
    let network =
        |mtu: &str| format!("{{ nodes: [ap], links: [{{ from: ap, to: server, {hop}{mtu} }}] }}");
    let total = |mtu: &str| {
        let attachment = format!("attach: ap, access: {{ {hop}{mtu} }}");
        uplink(&records(run(1, &network(mtu), &attachment))[0])
    };
    assert_eq!(total(""), [0, 80_281_600, 2_000_000], "twice 8·50,176 bit / 10 Mbit/s");
    assert_eq!(
        total(", mtu: 12544 B"),
        [0, 50_176_000, 2_000_000],
        "n = 4 segments of s = 8·12,544 bit / 10 Mbit/s = 10,035,200 ns: (n + 1)·s"
    );
    assert_eq!(
        total(", mtu: 12543 B"),
        [10_031_200, 40_144_000, 2_000_000],
        "4 segments of s = 10,034,400 ns and one of 4 B, 3,200 ns: the first hop takes 40,140,800 \
         ns; the last segment arrives 3,200 ns after the fourth, waits s − 3,200 ns and \
         takes 3,200 ns"
    );
}

#[test]
fn a_full_buffer_drops_the_newest_and_counts_it() {
    for discipline in ["fifo", "fair"] {
        let run = shared(3, &format!("buffer: 2, discipline: {discipline}"));
        let [link] = run.links.as_slice() else { panic!("one link counts: {:?}", run.links) };
        assert_eq!((link.name.as_str(), link.counts.overflowed), ("ap-server/up", 1));
        let outcomes: Vec<_> = records(run).iter().map(|record| record.outcome).collect();
        use RequestOutcome::{Completed, Dropped};
        assert_eq!(outcomes, [Completed, Completed, Dropped], "one in service, one waits");
    }
}

#[test]
fn both_ways_of_a_half_duplex_link_share_its_air() {
    let waits = |duplex: &str| {
        let records = records(shared(2, &format!("duplex: {duplex}")));
        records[0].stages.downlink_wait.as_nanos()
    };
    assert_eq!(waits("full"), 0);
    assert_eq!(
        waits("half"),
        35_103_399,
        "the first answer is back at the link 5,000,000 + 37,401 ns after its request left it; the \
         second request's 40,140,800 ns have then 35,103,399 ns to go"
    );
}

#[test]
fn background_messages_occupy_the_link_and_are_counted_apart() {
    let background = "background: { arrivals: { periodic: 50 ms }, size: 12.5 kB }";
    let run = shared(1, background);
    let counts = run.links.iter().find(|link| link.name == "ap-server/up").unwrap().counts;
    assert_eq!(
        uplink(&records(run)[0]),
        [7_259_392, 40_140_800, 5_000_000],
        "8·12,500 bit / 10 Mbit/s = 10 ms from 100 ms on: 110 − 102.740608 ms"
    );
    assert_eq!(counts.background, 4, "at 0, 50, 100 and 150 ms; the run ends at 160.2 ms or so");
}

#[test]
fn a_lost_segment_alone_is_sent_again() {
    // One in a million transmissions gets through; this seed draws none.
    let access = "{ rate: 10 Mbit/s, delay: 5 ms, mtu: 12544 B, loss: 99.9999%, retries: 2 }";
    let run = run(1, "{}", &format!("access: {access}"));
    assert_eq!(run.links[0].counts.lost, 3, "the first segment and its two retransmissions");
    let record = records(run)[0];
    assert_eq!(record.outcome, RequestOutcome::Dropped);
    assert_eq!(uplink(&record), [0, 30_105_600, 0], "3 · 8·12,544 bit / 10 Mbit/s");
}
