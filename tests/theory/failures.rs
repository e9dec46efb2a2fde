//! Devices that fail and return: what is lost, what is counted, when rounds end.

use crate::common::run_on;
use splitgp_sim::actors::{RequestOutcome, RequestRecord};
use splitgp_sim::experiment::{Experiment, InferenceResult, RunResult, RunSettings};
use splitgp_sim::scenario;

/// The paper's CNN on a Raspberry Pi 4 and wifi-classic without loss, as in `lone_request`: φ and κ
/// take 2,740,608 ns, the way to the server and back 31,301,808 ns more.
fn mortal_pi(up: &str, down: &str, arrivals: &str, duration: &str, offload: &str) -> RunResult {
    let yaml = format!(
        "name: mortal
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - name: pi
    count: 1
    device: raspberry-pi-4b
    access: {{ up: 18.88 Mbit/s, down: 18.88 Mbit/s, delay: 5 ms }}
    availability: {{ up: {up}, down: {down} }}
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ {arrivals} }}
  duration: {duration}
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: {offload} }}
"
    );
    run_on(&yaml, 1)
}

/// What became of each request, and when it ended.
fn ends(inference: &InferenceResult) -> Vec<(RequestOutcome, u64)> {
    let end = |record: &RequestRecord| {
        (record.outcome, record.done.expect("every request ends").as_nanos())
    };
    inference.records.iter().map(end).collect()
}

#[test]
fn a_failure_loses_the_request_in_service_those_that_wait_and_those_that_arrive() {
    let arrivals = "periodic: { period: 0.5 ms, phase: 14 ms }";
    let result = mortal_pi("15 ms", "10 ms", arrivals, "15.2 ms", "0");
    let inference = result.inference.unwrap();
    assert_eq!(
        ends(&inference),
        [(RequestOutcome::Failed, 15_000_000); 3],
        "14 ms + 2.74 ms of service and 14.5 ms of arrival end after the failure at 15 ms; the \
         third arrives at that instant, at which the device is down already"
    );
    assert_eq!(inference.failed, 3);
    assert_eq!(result.sim_time.as_nanos(), 15_000_000, "the device's return is not waited for");
}

#[test]
fn a_request_on_its_way_fails_with_its_device_and_the_late_answer_is_discarded() {
    // Arrives at 5 ms; its answer would be back at 5 + 34.042416 = 39.042416 ms.
    let arrivals = "periodic: { period: 34.5 ms, phase: 5 ms }";
    for (up, down, failure) in [
        ("20 ms", "19 ms", 20_000_000), // while the uplink serialises, from 7.74 to 29.00 ms
        ("30 ms", "9 ms", 30_000_000),  // while it propagates, until 34.00 ms
        ("35 ms", "4 ms", 35_000_000),  // while the answer propagates
    ] {
        // The device is up again from 39 ms on, so that the late answer finds it up.
        let result = mortal_pi(up, down, arrivals, "40 ms", "1");
        let inference = result.inference.unwrap();
        let [first, second] = inference.records.as_slice() else { panic!("two requests") };
        assert_eq!(first.outcome, RequestOutcome::Failed);
        assert_eq!(first.done.unwrap().as_nanos(), failure);
        if failure == 35_000_000 {
            assert_eq!(second.outcome, RequestOutcome::Completed);
            let latency = second.done.unwrap().since(second.arrival).as_nanos();
            assert_eq!(latency, 34_042_416, "up until 74 ms: 39.5 ms + the lone latency");
        } else {
            assert_eq!(second.outcome, RequestOutcome::Failed, "the device fails again before");
        }
        assert_eq!((inference.requests, inference.in_flight), (2, 0));
    }
}

#[test]
fn a_closed_loop_thinks_again_after_a_failure() {
    // Up for 100 ms, down for 50 ms; thinks for 30 ms, computes for 2.740608 ms.
    let result = mortal_pi("100 ms", "50 ms", "closed: { think: 30 ms }", "200 ms", "0");
    let arrivals: Vec<u64> =
        result.inference.unwrap().records.iter().map(|r| r.arrival.as_nanos()).collect();
    assert_eq!(
        arrivals,
        [
            30_000_000,
            62_740_608,
            95_481_216,
            128_221_824, // answered at 98,221,824; fails as it arrives
            158_221_824, // 30 ms of thinking later, the device is up again
            190_962_432,
        ]
    );
}

#[test]
fn arrivals_find_a_device_down_for_its_share_of_time() {
    let yaml = "name: availability
model: { preset: paper-cnn, cut: conv4 }
fleet:
  - name: pi
    count: 200
    device: raspberry-pi-4b
    access: lan-1g
    availability: { up: { exponential: 2 s }, down: { exponential: 1 s } }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 5 /s }
  duration: 60 s
  outcomes: { client_accuracy: 1, server_accuracy: 1, offload: 0 }
";
    let records = run_on(yaml, 1).inference.unwrap().records;
    let refused = records.iter().filter(|record| record.done == Some(record.arrival)).count();
    let count = |n: usize| f64::from(u32::try_from(n).unwrap());
    let share = count(refused) / count(records.len());
    // Poisson arrivals see time averages. A device that starts up is down at t with probability
    // (1 − e^−rt)/3, r = 1/2 + 1 per second: on average over T = 60 s (1 − (1 − e^−rT)/rT)/3.
    let rt = 1.5 * 60.0_f64;
    let expected = (1.0 - (1.0 - (-rt).exp()) / rt) / 3.0;
    // The average over T has variance 2·(2/3)·(1/3)/rT for a device, a request (2/3)·(1/3).
    let error = (2.0 / 9.0 * (2.0 / rt / 200.0 + 1.0 / count(records.len()))).sqrt();
    assert!(
        (share - expected).abs() < 4.0 * error,
        "{share} of the arrivals found their device down, expected {expected} ± 4 · {error}"
    );
}

#[test]
fn every_request_is_accounted_for_whatever_fails() {
    let yaml = "name: chaos
model: { preset: paper-cnn, cut: conv4 }
fleet:
  - name: pi
    count: 20
    device: raspberry-pi-3b-plus
    access: { profile: wifi-classic, loss: 20%, retries: 1, jitter: { exponential: 3 ms } }
    availability: { up: { exponential: 300 ms }, down: { exponential: 100 ms } }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { bursty: { quiet: { rate: 2 /s, for: 1 s }, burst: { rate: 100 /s, for: 200 ms } } }
  duration: 20 s
  outcomes: { client_accuracy: 0.5, server_accuracy: 0.5, offload: 0.7 }
";
    let inference = run_on(yaml, 1).inference.unwrap();
    let [completed, dropped, failed] = [inference.completed, inference.dropped, inference.failed];
    assert_eq!(completed + dropped + failed + inference.in_flight, inference.requests);
    assert!(completed > 100 && dropped > 100 && failed > 100, "{completed} {dropped} {failed}");
}

/// digits-cnn as in `lone_round`: a lone round takes 263.7 ms, a model's download 8.944 ms.
fn training(fleet: &str, rounds: u32) -> String {
    let device = "device: { rate: 1 GFLOP/s, memory: 1 GB }, access: { up: 8 Mbit/s, down: 40 \
                  Mbit/s, delay: 1 ms }";
    format!(
        "name: mortal-training
model: {{ preset: digits-cnn, cut: conv2 }}
data: {{ source: digits, partition: {{ kind: shards, per_client: 2 }} }}
fleet: [{}]
server: {{ device: {{ rate: 100 GFLOP/s, memory: 1 GB }} }}
training: {{ rounds: {rounds}, local_updates: 3, batch_size: 16, learning_rate: 0.05, gamma: 0.5, lambda: 0.2 }}
evaluate: {{ ood: [0], entropy: [1.2] }}
",
        fleet.replace("DEVICE", device)
    )
}

#[test]
fn a_round_without_anybody_left_ends_and_the_next_one_waits_for_a_return() {
    let fleet = "{ name: a, count: 1, DEVICE, availability: { up: 100 ms, down: 50 ms } }";
    let result = run_on(&training(fleet, 2), 1).training.unwrap();
    let rounds: Vec<_> = result
        .rounds
        .iter()
        .map(|round| {
            let record = round.record;
            let times = (record.start.as_nanos(), record.aggregated.as_nanos());
            (times, record.participants, record.arrived)
        })
        .collect();
    assert_eq!(
        rounds,
        [((0, 100_000_000), 1, 0), ((150_000_000, 250_000_000), 1, 0)],
        "a round needs 263.7 ms: the failures at 100 ms and 250 ms end both"
    );
    assert_eq!(
        result.time.as_nanos(),
        308_944_000,
        "back at 300 ms, and the final models take 7,944,000 + 1,000,000 ns"
    );
}

#[test]
fn final_models_are_sent_again_at_each_return_as_often_as_any_transfer() {
    // Every download takes 8.944 ms, and the device is up for 5 ms of every 12 ms.
    let fleet = "{ name: a, count: 1, DEVICE, availability: { up: 5 ms, down: 7 ms } }";
    let loaded = scenario::parse(&training(fleet, 2), "test.yaml").unwrap();
    let run = Experiment::prepare(loaded.scenario).unwrap().run(RunSettings::default());
    // Two rounds are lost at 5 and 17 ms; the final models at 29, 41, … 29 + 7 · 12 = 113 ms.
    assert_eq!(
        run.unwrap_err().to_string(),
        "actor server at 0.113000000 s: the final models could not be delivered to a/0 in 8 \
         attempts"
    );
}

#[test]
fn an_absent_client_is_left_out_until_the_first_round_after_its_return() {
    let fleet = "{ name: steady, count: 1, DEVICE }, \
                 { name: frail, count: 1, DEVICE, availability: { up: 400 ms, down: 700 ms } }";
    let result = run_on(&training(fleet, 6), 1).training.unwrap();
    let counts: Vec<_> = result
        .rounds
        .iter()
        .map(|round| (round.record.participants, round.record.arrived))
        .collect();
    // Rounds of 264 ms start at 0, 264, 528, 792, 1056 and 1319 ms; it is up until 400 ms and from
    // 1100 to 1500 ms.
    assert_eq!(counts, [(2, 2), (2, 1), (1, 1), (1, 1), (1, 1), (2, 1)]);
}

#[test]
fn training_with_random_failures_is_the_same_for_any_number_of_threads() {
    let fleet = "{ name: steady, count: 1, DEVICE }, { name: frail, count: 3, DEVICE, \
                 availability: { up: { exponential: 400 ms }, down: { exponential: 200 ms } } }";
    let yaml = training(fleet, 5)
        + "inference: { arrivals: { poisson: 5 /s }, duration: 5 s, ood: 0, offload: { entropy: 1.2 } }\n";
    let trace = |threads| {
        let result = run_on(&yaml, threads);
        let training = result.training.unwrap();
        let lost: u32 =
            training.rounds.iter().map(|r| r.record.participants - r.record.arrived).sum();
        assert!(lost > 0, "somebody is meant to fail in a round");
        let inference = result.inference.unwrap();
        assert!(inference.failed > 0, "some requests are meant to fail");
        format!("{:032x} {:?}", result.fingerprint, training.evaluations)
    };
    let alone = trace(1);
    for threads in [1, 2, 4] {
        assert_eq!(trace(threads), alone, "{threads} threads against 1");
    }
}
