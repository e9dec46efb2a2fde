//! The server's disciplines, buffers and noise on three requests, to the nanosecond.
//!
//! Three devices a, b, c that differ in their overhead alone are asked at once and offload, so that
//! their requests reach the server 0, 400 and 600 µs after the first. θ of the paper's CNN is
//! 63,580,160 FLOP: at 63.58016 GFLOP/s a lone service takes exactly 1 ms.

use crate::common::run_on;
use splitgp_sim::actors::{RequestOutcome, RequestRecord};
use splitgp_sim::experiment::{Experiment, InferenceResult, RunSettings};
use splitgp_sim::scenario::{self, QueueSpec};
use splitgp_sim::time::{SimDuration, SimTime};
use std::path::Path;

/// The three requests at a server with these keys besides its device's rate and memory.
fn inference(device: &str, server: &str) -> InferenceResult {
    let class = |name: &str, overhead: u32| {
        format!(
            "  - {{ name: {name}, count: 1, device: {{ rate: 1 TFLOP/s, memory: 4 GB, overhead: \
             {overhead} us }}, access: {{ up: 1 Gbit/s, down: 1 Gbit/s, delay: 1 ms }} }}\n"
        )
    };
    let yaml = format!(
        "name: three\nmodel: {{ preset: paper-cnn, cut: conv4 }}\nfleet:\n{}{}{}server:\n  device: {{ \
         rate: 63.58016 GFLOP/s, memory: 4 GB{device} }}\n  {server}\ninference:\n  arrivals: {{ \
         periodic: 1 s }}\n  duration: 1 s\n  outcomes: {{ client_accuracy: 1, server_accuracy: 1, \
         offload: 1 }}\n",
        class("a", 0),
        class("b", 400),
        class("c", 600)
    );
    run_on(&yaml, 1).inference.expect("the scenario has traffic")
}

/// Waiting and service of a, b and c at the server in microseconds.
fn times(server: &str) -> [(f64, f64); 3] {
    let us = |record: &RequestRecord| {
        let [wait, service] = [record.stages.server_wait, record.stages.server_service]
            .map(|time| time.as_nanos() as f64 / 1e3);
        (wait, service)
    };
    let records = inference("", server).records;
    [0, 1, 2].map(|client| us(&records[client]))
}

#[test]
fn fifo_serves_one_after_the_other() {
    assert_eq!(
        times("queue: fifo"),
        [(0.0, 1000.0), (600.0, 1000.0), (1400.0, 1000.0)],
        "b starts at 1,000 and waits 1,000 − 400; c at 2,000 and waits 2,000 − 600 µs"
    );
}

#[test]
fn processor_sharing_divides_one_worker_equally() {
    assert_eq!(
        times("queue: processor-sharing"),
        [(0.0, 2100.0), (0.0, 2500.0), (0.0, 2400.0)],
        "at 400 a has 400; at 600 a 500, b 100; three at 1/3 until a's last 500 take 1,500: 2,100; \
         two at 1/2 until b's last 400 take 800: 2,900; c's last 100 alone: 3,000 µs"
    );
}

#[test]
fn processor_sharing_gives_no_job_more_than_one_worker() {
    assert_eq!(
        times("queue: processor-sharing\n  workers: 2"),
        [(0.0, 1200.0), (0.0, 1200.0), (0.0, 1200.0)],
        "full rate until 600; three at 2/3 until a's last 400 take 600: 1,200; b's last 400 at full \
         rate: 1,600; c, which has 800 then, 200 more: 1,800 µs"
    );
}

#[test]
fn a_full_batch_starts_at_once_and_takes_its_flops_over_the_scaled_rate() {
    assert_eq!(
        times("queue: { batch: { max: 3, wait: 5 ms, efficiency: [[1, 1], [3, 2]] } }"),
        [(600.0, 1500.0), (200.0, 1500.0), (0.0, 1500.0)],
        "full at 600; 3 · 1,000 / 2 = 1,500 µs"
    );
}

#[test]
fn the_oldest_request_waits_no_longer_than_it_may() {
    assert_eq!(
        times("queue: { batch: { max: 8, wait: 500 us } }"),
        [(500.0, 2000.0), (100.0, 2000.0), (1900.0, 1000.0)],
        "a and b from 500 to 2,500 µs; c, whose wait was over at 1,100, from 2,500"
    );
}

#[test]
fn who_arrives_as_the_wait_ends_joins_the_batch() {
    assert_eq!(
        times("queue: { batch: { max: 8, wait: 600 us } }"),
        [(600.0, 3000.0), (200.0, 3000.0), (0.0, 3000.0)],
        "c arrives at 600, a's wait ends at 600 inclusively: 3 · 1,000 µs"
    );
}

#[test]
fn a_batch_pays_its_overhead_once_and_noise_does_not_scale_it() {
    let server = "queue: { batch: { max: 3, wait: 5 ms } }";
    let records = inference(", overhead: 7 us, noise: { constant: 2.5 }", server).records;
    assert_eq!(
        records[0].stages.server_service.as_nanos(),
        7_507_000,
        "2.5 · 3 · 1,000,000 + 7,000 ns"
    );
}

#[test]
fn a_request_that_finds_the_buffer_full_is_dropped_and_counted() {
    let full = inference("", "buffer: 2");
    let outcomes = full.records.iter().map(|record| record.outcome);
    assert_eq!(
        outcomes.collect::<Vec<_>>(),
        [RequestOutcome::Completed, RequestOutcome::Completed, RequestOutcome::Dropped],
        "at 600 µs a is in service and b waits: 2 are present"
    );
    assert_eq!((full.requests, full.completed, full.dropped), (3, 2, 1));
    assert_eq!(inference("", "buffer: 3").dropped, 0);
}

#[test]
fn a_device_without_room_drops_the_request_at_once() {
    let yaml = "
name: full-device
model: { preset: paper-cnn, cut: conv4 }
fleet:
  - { name: a, count: 1, buffer: 2, device: { rate: 1 TFLOP/s, memory: 4 GB, overhead: 10 ms }, access: lan-1g }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { periodic: 4 ms }
  duration: 32 ms
  outcomes: { client_accuracy: 1, server_accuracy: 1, offload: 0 }
";
    let inference = run_on(yaml, 1).inference.expect("the scenario has traffic");
    let served = inference.records.iter().map(|r| r.outcome == RequestOutcome::Completed);
    assert_eq!(
        served.collect::<Vec<_>>(),
        [true, true, false, true, false, false, true, false],
        "services of 10.04 ms end at 10.04, 20.09, 30.13: arrivals at 0, 4, 12 and 24 ms find room, \
         those at 8 (0 and 4 are present), 16 and 20 (4, 12) and 28 (12, 24) do not"
    );
}

/// The shipped scenario of a server that batches, with its queue changed by `queue`.
fn shipped(queue: impl FnOnce(&mut QueueSpec)) -> InferenceResult {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/batching-server.yaml");
    let mut scenario = scenario::load(&path).unwrap_or_else(|errors| panic!("{errors}")).scenario;
    queue(&mut scenario.server.queue);
    let experiment = Experiment::prepare(scenario).unwrap_or_else(|error| panic!("{error}"));
    let run = experiment.run(RunSettings::default()).unwrap_or_else(|error| panic!("{error}"));
    run.inference.expect("the scenario has traffic")
}

#[test]
fn batches_carry_what_one_by_one_would_overload_the_server() {
    assert_eq!(shipped(|_| ()).dropped, 0);
    let one_by_one = shipped(|queue| *queue = QueueSpec::Fifo);
    let (asked, served) = (one_by_one.requests as f64, one_by_one.completed as f64);
    // At most 10 s / 2.0374 ms = 4,908 of about 8,000, and 64 more from the buffer.
    assert!(served < 4_908.0 + 65.0 && served > 0.95 * 4_908.0, "{served} of {asked}");
    assert_eq!(one_by_one.requests, one_by_one.completed + one_by_one.dropped);
}

#[test]
fn noise_on_one_device_leaves_the_others_draws_untouched() {
    let records = |noise: &str| {
        let yaml = format!(
            "
name: noisy
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - {{ name: a, count: 1, device: {{ profile: raspberry-pi-4b{noise} }}, access: lan-1g }}
  - {{ name: b, count: 1, device: {{ profile: raspberry-pi-4b, noise: exponential }}, access: lan-1g }}
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ poisson: 5 /s }}
  duration: 20 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 0 }}
"
        );
        let inference = run_on(&yaml, 1).inference.expect("the scenario has traffic");
        let of = |client| {
            let records = inference.records.iter().filter(move |record| record.client == client);
            records.map(|r| (r.arrival, r.stages.device_service)).collect::<Vec<_>>()
        };
        (of(0), of(1))
    };
    let (plain, noisy) = (records(""), records(", noise: { gamma: { shape: 4 } }"));
    assert_eq!(plain.1, noisy.1, "b draws from streams of its own");
    let arrivals =
        |of: &[(SimTime, SimDuration)]| of.iter().map(|(time, _)| *time).collect::<Vec<_>>();
    assert_eq!(arrivals(&plain.0), arrivals(&noisy.0), "a's arrivals and noise are two streams");
    assert_ne!(plain.0, noisy.0);
}
