//! Two clients at one server, and runs that end before everything is answered.

use crate::common::run_on;
use splitgp_sim::actors::RequestOutcome;
use splitgp_sim::experiment::RunResult;

/// Two equal clients whose requests arrive together; θ takes 63,580,160 FLOP / 1 GFLOP/s.
const THETA: u64 = 63_580_160;

fn two_clients(workers: u32, limit: &str) -> RunResult {
    run_on(
        &format!(
            "name: server
model: {{ preset: paper-cnn }}
fleet: [{{ name: pi, count: 2, device: raspberry-pi-4b, access: {{ up: 1 Gbit/s, down: 1 Gbit/s, delay: 1 ms }} }}]
server: {{ device: {{ rate: 1 GFLOP/s, memory: 1 GB }}, workers: {workers} }}
inference:
  arrivals: {{ periodic: {{ period: 1 s, phase: 0 s }} }}
  duration: 1 s
  {limit}
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
        ),
        1,
    )
}

fn server_waits(result: &RunResult) -> Vec<u64> {
    let records = &result.inference.as_ref().unwrap().records;
    records.iter().map(|record| record.stages.server_wait.as_nanos()).collect()
}

#[test]
fn one_worker_serves_the_first_declared_client_first() {
    assert_eq!(
        server_waits(&two_clients(1, "")),
        [0, THETA],
        "both arrive at 2,740,608 + 401,408 + 1,000,000 ns; the second waits for the first's θ"
    );
}

#[test]
fn two_workers_serve_two_clients_at_once() {
    assert_eq!(server_waits(&two_clients(2, "")), [0, 0]);
}

#[test]
fn utilisation_and_queue_are_over_the_whole_window_even_if_the_run_ends_early() {
    let result = two_clients(1, "");
    let server = &result.stations[0];
    assert_eq!(&*server.name, "server");
    let busy = 2.0 * 63_580_160e-9;
    assert!((server.utilisation - busy).abs() < 1e-12, "2 · 63,580,160 ns of a 1 s window");
    assert!((server.mean_queue - busy / 2.0).abs() < 1e-12, "one waits for 63,580,160 ns of 1 s");
}

#[test]
fn requests_outstanding_at_the_drain_limit_are_in_flight_and_none_is_lost() {
    // The last requests arrive at 0 s; after 50 ms both are still at the server.
    let result = two_clients(1, "drain_limit: 50 ms");
    let inference = result.inference.as_ref().unwrap();
    assert_eq!((inference.requests, inference.completed, inference.in_flight), (2, 0, 2));
    assert!(inference.records.iter().all(|r| r.outcome == RequestOutcome::InFlight));
    assert_eq!(result.sim_time.as_nanos(), 50_000_000);
}
