//! When requests arrive: closed loops and traces, to the nanosecond.

use crate::common::run_on;
use splitgp_sim::actors::{RequestOutcome, RequestRecord};
use splitgp_sim::experiment::RunResult;

/// The paper's CNN on one Raspberry Pi 4: φ and κ take 2,740,608 ns, see `lone_request`.
fn pi(access: &str, inference: &str) -> RunResult {
    let yaml = format!(
        "name: arrivals
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - {{ name: pi, count: 2, device: raspberry-pi-4b, access: {access} }}
server: {{ device: edge-gpu-rtx2080 }}
inference: {{ {inference} }}
"
    );
    run_on(&yaml, 1)
}

fn of_client(result: &RunResult, client: u32) -> Vec<RequestRecord> {
    let records = &result.inference.as_ref().expect("the scenario has traffic").records;
    records.iter().filter(|record| record.client == client).copied().collect()
}

fn outcomes(offload: &str) -> String {
    format!("outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: {offload} }}")
}

#[test]
fn a_closed_loop_cycles_by_its_think_time_and_its_service() {
    let stated = outcomes("0");
    let traffic = format!("arrivals: {{ closed: {{ think: 2 s }} }}, duration: 10 s, {stated}");
    let result = pi("lan-1g", &traffic);
    let arrivals: Vec<u64> =
        of_client(&result, 1).iter().map(|record| record.arrival.as_nanos()).collect();
    assert_eq!(
        arrivals,
        [2_000_000_000, 4_002_740_608, 6_005_481_216, 8_008_221_824],
        "2 s + k · (2 s + 2,740,608 ns); the fifth at 10.01 s would come after the end"
    );
    assert_eq!(
        result.sim_time.as_nanos(),
        8_010_962_432,
        "nobody will ask again: the run ends with the fourth answer"
    );
}

#[test]
fn a_closed_loop_thinks_again_after_an_answer_and_after_a_drop() {
    let stated = outcomes("0.8");
    let traffic = format!("arrivals: {{ closed: {{ think: 1 s }} }}, duration: 60 s, {stated}");
    let access = "{ up: 18.88 Mbit/s, down: 18.88 Mbit/s, delay: 5 ms, loss: 40%, retries: 0 }";
    let records = of_client(&pi(access, &traffic), 0);
    for pair in records.windows(2) {
        let ended = pair[0].done.expect("a request ends before the next one arrives");
        assert_eq!(pair[1].arrival.since(ended).as_nanos(), 1_000_000_000, "{pair:?}");
    }
    let dropped = |answered: bool| {
        let is_dropped = |r: &&RequestRecord| r.outcome == RequestOutcome::Dropped;
        let computed = |r: &&RequestRecord| (r.stages.server_service.as_nanos() > 0) == answered;
        records.iter().filter(is_dropped).filter(computed).count()
    };
    assert!(dropped(false) > 5, "requests dropped on the uplink: {}", dropped(false));
    assert!(dropped(true) > 5, "answers dropped on the downlink: {}", dropped(true));
    assert!(records.iter().any(|record| record.outcome == RequestOutcome::Completed));
}

#[test]
fn a_closed_loop_that_waits_for_ever_ends_at_the_drain_limit() {
    let stated = outcomes("1");
    let traffic = format!(
        "arrivals: {{ closed: {{ think: 2 s }} }}, duration: 10 s, drain_limit: 5 s, {stated}"
    );
    let result = pi("{ up: 1 bit/s, down: 1 bit/s, delay: 0 ms }", &traffic);
    assert_eq!(result.sim_time.as_nanos(), 15_000_000_000, "10 s of arrivals and 5 s of drain");
    let inference = result.inference.unwrap();
    assert_eq!((inference.requests, inference.in_flight), (2, 2), "one for each client");
}

#[test]
fn a_trace_is_replayed_to_the_nanosecond() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("arrivals.csv");
    let rows = "time_s,client\n0.000000001,pi/1\n1.25,pi/0\n1.25,pi/1\n9.999999999,pi/1\n10,pi/0\n";
    std::fs::write(&file, rows).unwrap();
    let traffic =
        format!("arrivals: {{ trace: {} }}, duration: 10 s, {}", file.display(), outcomes("0"));
    let result = pi("lan-1g", &traffic);
    let arrivals = |client| -> Vec<u64> {
        of_client(&result, client).iter().map(|record| record.arrival.as_nanos()).collect()
    };
    assert_eq!(arrivals(0), [1_250_000_000], "the row at 10 s comes after the end of arrivals");
    assert_eq!(arrivals(1), [1, 1_250_000_000, 9_999_999_999]);
}
