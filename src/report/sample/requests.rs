//! Requests that wait, compute and travel for random but conserved times.

use super::Shape;
use crate::actors::{Exit, RequestOutcome, RequestRecord, Stages};
use crate::experiment::{InferenceResult, LatencyResult, class_results};
use crate::random::{Stream, Streams};
use crate::time::{SimDuration, SimTime};
use rand::RngExt as _;

const ORIGIN: u64 = 12_000_000_000;
const DURATION: u64 = 60_000_000_000;

/// All requests answered but for a few dropped ones and the last.
pub(super) fn inference(shape: &Shape) -> InferenceResult {
    let mut records = records(shape);
    let last = records.len().saturating_sub(1);
    for (number, record) in records.iter_mut().enumerate() {
        if number == last {
            *record = unanswered(record);
        } else if number % 97 == 96 {
            record.outcome = RequestOutcome::Dropped;
            record.correct = None;
        }
    }
    summarised(shape, records)
}

/// No request answered.
pub(super) fn in_flight(shape: &Shape) -> InferenceResult {
    summarised(shape, records(shape).iter().map(unanswered).collect())
}

fn unanswered(record: &RequestRecord) -> RequestRecord {
    RequestRecord {
        exit: None,
        correct: None,
        outcome: RequestOutcome::InFlight,
        stages: Stages::default(),
        done: None,
        ..*record
    }
}

fn records(shape: &Shape) -> Vec<RequestRecord> {
    let mut records = Vec::new();
    for ((class, name), client) in shape.clients().zip(0..) {
        let mut draws = Streams::new(7, 0).stream(&name, "sample requests");
        for _ in 0..shape.requests {
            let arrival = SimTime::from_nanos(ORIGIN + draws.random_range(0..DURATION));
            let exit = if draws.random_bool(0.3) { Exit::Server } else { Exit::Client };
            let stages = stages(&mut draws, class as u64, exit, shape.slowness);
            let latency =
                stages.as_array().into_iter().fold(SimDuration::ZERO, SimDuration::saturating_add);
            records.push(RequestRecord {
                client,
                arrival,
                sample: Some(draws.random_range(0..450)),
                ood: Some(draws.random_bool(0.3)),
                exit: Some(exit),
                correct: Some(draws.random_bool(0.95)),
                outcome: RequestOutcome::Completed,
                stages,
                done: arrival.checked_add(latency),
            });
        }
    }
    records.sort_by_key(|record| record.arrival);
    records
}

fn stages(draws: &mut Stream, class: u64, exit: Exit, slowness: u64) -> Stages {
    let mut micros = |low: u64, high: u64| {
        SimDuration::from_nanos(slowness * draws.random_range(low * 1_000..=high * 1_000))
    };
    let local = Stages {
        device_wait: micros(0, 900),
        device_service: micros(2_740 / (class + 1), 2_745 / (class + 1)),
        ..Stages::default()
    };
    if exit == Exit::Client {
        return local;
    }
    Stages {
        uplink_wait: micros(0, 6_000),
        uplink_service: micros(14_900 * (class + 1), 15_000 * (class + 1)),
        uplink_propagation: micros(5_000, 5_900),
        server_wait: micros(0, 400),
        server_service: micros(37, 38),
        downlink_service: micros(2, 3),
        downlink_propagation: micros(5_000, 5_900),
        ..local
    }
}

fn summarised(shape: &Shape, records: Vec<RequestRecord>) -> InferenceResult {
    let count = |outcome| records.iter().filter(|r| r.outcome == outcome).count() as u64;
    let mut result = InferenceResult {
        origin: SimTime::from_nanos(ORIGIN),
        warmup: SimDuration::from_nanos(5_000_000_000),
        removed: None,
        duration: SimDuration::from_nanos(DURATION),
        requests: records.len() as u64,
        completed: count(RequestOutcome::Completed),
        dropped: count(RequestOutcome::Dropped),
        failed: count(RequestOutcome::Failed),
        in_flight: count(RequestOutcome::InFlight),
        offloaded_fraction: Some(0.3125),
        accuracy: Some(0.9375),
        timeliness: None,
        latency: None,
        breakdown: None,
        half_widths: None,
        by_class: Vec::new(),
        records,
    };
    let latencies: Vec<SimDuration> = result.answered_in_window().map(|(_, l)| l).collect();
    result.latency = LatencyResult::of(&latencies);
    let classes: Vec<usize> = shape.clients().map(|(class, _)| class).collect();
    result.by_class = class_results(&result.records, &classes, shape.classes.len(), |record| {
        result.in_window(record.arrival)
    });
    result.breakdown = mean_stages(&result);
    result
}

fn mean_stages(inference: &InferenceResult) -> Option<[f64; 10]> {
    let mut sums = [0.0; 10];
    let mut answered = 0.0;
    for (record, _) in inference.answered_in_window() {
        answered += 1.0;
        for (sum, stage) in sums.iter_mut().zip(record.stages.as_array()) {
            *sum += stage.as_secs_f64();
        }
    }
    (answered > 0.0).then(|| sums.map(|sum| sum / answered))
}
