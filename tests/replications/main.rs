//! Replications, warm-up removal and the verdict, on whole runs.

#[path = "../common/mod.rs"]
mod common;
mod seeds;

use common::run_on;
use splitgp_sim::experiment::{LoadState, RunResult};
use splitgp_sim::report::{Summary, write_summary};
use std::time::Duration;

/// Poisson requests over lossy, jittering links, replicated.
const LATENCY: &str = "
name: latency
seed: 5
model: { preset: paper-cnn }
fleet:
  - { name: pi, count: 3, device: raspberry-pi-4b, access: wifi-home }
  - { name: phone, count: 2, device: phone-mid, access: { profile: lte, jitter: { exponential: 2 ms } } }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 5 /s }
  duration: 20 s
  warmup: 1 s
  outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }
replications: 4
";

const LEARNED: &str = "
name: learned
seed: 7
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet:
  - name: phone
    count: 3
    device: phone-mid
    access: { up: 12 Mbit/s, down: 12 Mbit/s, delay: 35 ms, jitter: { exponential: 2 ms } }
server: { device: edge-gpu-rtx2080 }
training: { rounds: 2, local_updates: 2, batch_size: 8, learning_rate: 0.05, gamma: 0.5, lambda: 0.2 }
inference:
  arrivals: { poisson: 5 /s }
  duration: 10 s
  ood: 0.4
  offload: { entropy: 1.2 }
replications: 3
";

/// `summary.json` as written, without a wall time.
fn summary(result: &RunResult) -> String {
    let mut out = Vec::new();
    write_summary(&mut out, &Summary::of(result, Duration::ZERO)).unwrap();
    String::from_utf8(out).unwrap()
}

fn single(yaml: &str) -> String {
    yaml.lines().filter(|line| !line.starts_with("replications")).collect::<Vec<_>>().join("\n")
}

#[test]
fn replications_are_the_same_on_any_number_of_threads_and_differ_from_one_another() {
    for yaml in [LATENCY, LEARNED] {
        let result = run_on(yaml, 1);
        assert_eq!(summary(&run_on(yaml, 2)), summary(&result), "2 threads against 1");
        let mut fingerprints: Vec<u128> =
            result.replications.iter().map(|replication| replication.fingerprint).collect();
        fingerprints.sort_unstable();
        fingerprints.dedup();
        assert_eq!(fingerprints.len(), result.replications.len(), "all differ");
    }
}

#[test]
fn the_first_replication_is_the_single_run() {
    for yaml in [LATENCY, LEARNED] {
        let (replicated, alone) = (run_on(yaml, 2), run_on(&single(yaml), 1));
        let first = &replicated.replications[0];
        assert_eq!((first.fingerprint, first.events), (alone.fingerprint, alone.events));
        let (inference, first_inference) =
            (alone.inference.unwrap(), replicated.inference.unwrap());
        assert_eq!(inference.records, first_inference.records);
        assert!(alone.replications.is_empty());
    }
}

#[test]
fn learning_is_done_once_and_its_timing_is_replayed() {
    let result = run_on(LEARNED, 2);
    let alone = run_on(&single(LEARNED), 1);
    let (training, once) = (result.training.unwrap(), alone.training.unwrap());
    assert_eq!(training.evaluations.len(), once.evaluations.len());
    assert_eq!(training.evaluations[0].points, once.evaluations[0].points);
    // Jitter is drawn anew, hence the same rounds take another time.
    let times: Vec<_> = result.replications.iter().map(|r| r.training_time.unwrap()).collect();
    assert_eq!(times[0], once.time);
    assert_ne!(times[1], times[0]);
    assert_ne!(times[2], times[1]);
}

#[test]
fn figures_are_means_with_intervals_and_counts_are_sums() {
    let result = run_on(LATENCY, 2);
    let (rows, inference) = (&result.replications, result.inference.as_ref().unwrap());
    let latencies: Vec<f64> = rows.iter().map(|row| row.figures.latency.unwrap()[0]).collect();
    let mean = latencies.iter().sum::<f64>() / 4.0;
    let variance = latencies.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 3.0;
    let latency = inference.latency.unwrap();
    assert!((latency.mean - mean).abs() < 1e-12);
    // t(0.975; 3) = 3.1824
    let half_width = 3.1824 * (variance / 4.0).sqrt();
    assert!((latency.ci95.unwrap() - half_width).abs() < 1e-4 * half_width);
    assert_eq!(inference.requests, rows.iter().map(|row| row.requests).sum::<u64>());
    assert_eq!(result.events, rows.iter().map(|row| row.events).sum::<u64>());
    assert!(result.stations.iter().all(|station| station.half_widths.is_some()));
}

#[test]
fn another_client_leaves_the_draws_of_all_others_untouched() {
    let fleet = "fleet:\n";
    let more = format!("{fleet}  - {{ name: new, count: 1, device: phone-low, access: lan-1g }}\n");
    let (few, many) = (run_on(LATENCY, 2), run_on(&LATENCY.replace(fleet, &more), 2));
    // The new client is declared first, so that every other one's index moves.
    let arrivals = |result: &RunResult, name: &str| -> Vec<(u64, Option<bool>)> {
        let client = result.clients.iter().position(|client| *client.name == *name).unwrap();
        let records = &result.inference.as_ref().unwrap().records;
        let ours = records.iter().filter(|record| record.client as usize == client);
        ours.map(|record| (record.arrival.as_nanos(), record.correct)).collect()
    };
    for client in &few.clients {
        let before = arrivals(&few, &client.name);
        assert!(before.len() > 50, "{}: {} requests", client.name, before.len());
        assert_eq!(before, arrivals(&many, &client.name), "{}", client.name);
    }
}

/// One device with one request each `period` of a known service.
fn periodic(period: &str) -> String {
    // φ + κ: 43,849,728 FLOP at 0.43849728 GFLOP/s take 100 ms.
    format!(
        "
name: load
model: {{ preset: paper-cnn }}
fleet: [{{ name: pi, count: 1, device: {{ rate: 438.49728 MFLOP/s, memory: 1 GB }}, access: lan-1g }}]
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ periodic: {period} }}
  duration: 1000 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 0 }}
"
    )
}

#[test]
fn the_verdict_follows_the_load_and_names_the_station() {
    // 100 ms of service each 200 ms, 103 ms, 83.333 ms: loads 0.5, 0.971 and 1.2.
    for (period, load, state) in [
        ("200 ms", 0.5, LoadState::Stable),
        ("103 ms", 0.971, LoadState::Saturated),
        ("83333 us", 1.2, LoadState::Overloaded),
    ] {
        let result = run_on(&periodic(period), 1);
        let verdict = result.verdict.unwrap();
        assert_eq!((verdict.state, verdict.station.as_str()), (state, "pi/0"), "load {load}");
        assert!((verdict.offered_load - load).abs() < 2e-3, "{} for {load}", verdict.offered_load);
        assert!(verdict.utilisation <= 1.0, "busy for {} of the time", verdict.utilisation);
    }
}

#[test]
fn an_overloaded_server_is_named_among_many_idle_stations() {
    // 10 clients · 4 /s · 25 ms: θ is 63.58 MFLOP, at 2.543 GFLOP/s 25 ms; load 1.0 · 1.2.
    let yaml = "
name: server
model: { preset: paper-cnn }
fleet: [{ name: pi, count: 10, device: raspberry-pi-5, access: lan-1g }]
server: { device: { rate: 2.543 GFLOP/s, memory: 1 GB } }
inference:
  arrivals: { poisson: 4.8 /s }
  duration: 60 s
  outcomes: { client_accuracy: 1, server_accuracy: 1, offload: 1 }
replications: 2
";
    let verdict = run_on(yaml, 2).verdict.unwrap();
    assert_eq!((verdict.state, verdict.station.as_str()), (LoadState::Overloaded, "server"));
    assert!((verdict.offered_load - 1.2).abs() < 0.06, "{}", verdict.offered_load);
}

#[test]
fn mser_5_removes_the_transient_of_a_backlog() {
    // A device that starts empty at load 0.9 needs a while to fill its queue: some of the first
    // requests go, never more than half of them, and the statistics count the rest.
    let yaml = periodic("1 s").replace("periodic: 1 s", "poisson: 9 /s");
    let stated = run_on(&yaml, 1).inference.unwrap();
    let found = run_on(&yaml.replace("duration", "warmup: mser-5\n  duration"), 1);
    let found = found.inference.unwrap();
    assert_eq!(found.records, stated.records, "the rule looks at the run and changes nothing");
    let removed = found.removed.unwrap();
    let (all, kept) = (stated.answered_in_window().count(), found.answered_in_window().count());
    assert_eq!(kept as u64 + removed, all as u64);
    assert!(removed <= stated.requests / 2 && removed.is_multiple_of(5), "{removed}");
    assert_eq!(stated.removed, None);
}

#[test]
fn replications_that_would_learn_differently_are_refused() {
    // Half of all transfers are lost and none is resent: some round loses an update.
    let lossy = LEARNED
        .replace("jitter: { exponential: 2 ms }", "loss: 50%, retries: 1")
        .replace("lambda: 0.2 }", "lambda: 0.2, retries: 2, retry_after: 10 ms }");
    let loaded = splitgp_sim::scenario::parse(&lossy, "test.yaml").unwrap();
    let experiment = splitgp_sim::experiment::Experiment::prepare(loaded.scenario).unwrap();
    let message = experiment.run(common::settings()).unwrap_err().to_string();
    assert!(message.contains("would learn differently"), "{message}");
}
