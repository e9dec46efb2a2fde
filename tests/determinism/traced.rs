//! A trace is a valid one, says what the run's tables say, and never changes a run.

use crate::SMALL;
use crate::common::{run_with, settings};
use serde_json::Value;
use splitgp_sim::actors::{RequestOutcome, RequestRecord};
use splitgp_sim::experiment::{RunResult, RunSettings};
use splitgp_sim::report::trace::{Trace, TraceCounts, TraceLimits};
use std::collections::BTreeMap;
use std::path::Path;

/// Everything that a link can be, with stated outcomes: shared air, background, segments, loss,
/// outages, a finite buffer.
const LINKS: &str = "
name: links
model: { preset: paper-cnn, cut: conv4 }
fleet:
  - { name: near, count: 3, device: raspberry-pi-4b, attach: ap }
  - name: far
    count: 2
    device: raspberry-pi-4b
    buffer: 3
    access: { up: 4 Mbit/s, down: 8 Mbit/s, delay: 35 ms, jitter: { exponential: 2 ms }, loss: 20%, retries: 1, buffer: 3 }
server: { device: edge-gpu-rtx2080, workers: 2, queue: QUEUE }
network:
  nodes: [ap]
  links:
    - { from: ap, to: server, rate: 30 Mbit/s, delay: 1 ms, discipline: DISCIPLINE, duplex: half, background: { arrivals: { poisson: 20 /s }, size: 10 kB } }
inference:
  arrivals: { poisson: 8 /s }
  duration: 10 s
  outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.7 }
";

struct Traced {
    result: RunResult,
    counts: TraceCounts,
    events: Vec<Value>,
}

fn traced(yaml: &str, name: &str, limits: TraceLimits) -> Traced {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let trace = Trace::create(&path, limits).unwrap();
    let watcher = Some(trace.watcher());
    let result = run_with(yaml, RunSettings { watcher, ..settings() });
    let (written, counts) = trace.finish().unwrap();
    assert_eq!(written, path);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no partial file is left");
    let text = read(&path);
    let document: Value = serde_json::from_str(&text).unwrap();
    let events = document["traceEvents"].as_array().unwrap().clone();
    assert_eq!(events.len() as u64, counts.events);
    Traced { result, counts, events }
}

fn read(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().unwrap() == "gz" {
        let mut text = String::new();
        let mut decoder = flate2::read::GzDecoder::new(bytes.as_slice());
        std::io::Read::read_to_string(&mut decoder, &mut text).unwrap();
        return text;
    }
    String::from_utf8(bytes).unwrap()
}

/// A time of the format, in nanoseconds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "µs below 2⁵³ ns")]
fn nanos(value: &Value) -> u64 {
    (value.as_f64().unwrap() * 1000.0).round() as u64
}

type TrackKey = (u64, u64);

fn track(event: &Value) -> TrackKey {
    (event["pid"].as_u64().unwrap(), event["tid"].as_u64().unwrap())
}

fn of_phase<'a>(events: &'a [Value], phase: &'a str) -> impl Iterator<Item = &'a Value> {
    events.iter().filter(move |event| event["ph"] == phase)
}

/// The slices of each track, [from, to) in order.
fn slices(events: &[Value]) -> BTreeMap<TrackKey, Vec<[u64; 2]>> {
    let mut tracks: BTreeMap<TrackKey, Vec<[u64; 2]>> = BTreeMap::new();
    for event in of_phase(events, "X") {
        let start = nanos(&event["ts"]);
        tracks.entry(track(event)).or_default().push([start, start + nanos(&event["dur"])]);
    }
    tracks.values_mut().for_each(|slices| slices.sort_unstable());
    tracks
}

fn every_phase_has_its_fields(events: &[Value]) {
    for event in events {
        let phase = event["ph"].as_str().unwrap();
        assert!(event["pid"].as_u64().unwrap() > 0 && event["name"].is_string(), "{event}");
        if phase != "C" {
            assert!(event["tid"].is_u64(), "{event}");
        }
        if phase != "M" {
            assert!(event["ts"].as_f64().unwrap() >= 0.0, "{event}");
        }
        match phase {
            "M" => assert!(
                event["args"]["name"].is_string() || event["args"]["sort_index"].is_u64(),
                "{event}"
            ),
            "X" => assert!(event["dur"].as_f64().unwrap() > 0.0 && event["cat"].is_string()),
            "s" => assert!(event["id"].is_u64() && event["cat"] == "flow"),
            "t" | "f" => assert!(event["id"].is_u64() && event["bp"] == "e"),
            "C" => assert!(event["args"]["waiting"].is_u64(), "{event}"),
            "i" => assert_eq!(event["s"], "t"),
            other => panic!("phase {other} of {event}"),
        }
    }
}

fn every_track_is_named_and_its_slices_do_not_overlap(events: &[Value]) {
    let names: Vec<TrackKey> =
        of_phase(events, "M").filter(|event| event["name"] == "thread_name").map(track).collect();
    for (track, slices) in slices(events) {
        assert_eq!(names.iter().filter(|name| **name == track).count(), 1, "{track:?}");
        for pair in slices.windows(2) {
            assert!(pair[0][1] <= pair[1][0], "{pair:?} of {track:?}");
        }
    }
}

fn every_flow_starts_ends_and_passes_slices(events: &[Value], counts: TraceCounts) {
    let tracks = slices(events);
    let mut flows: BTreeMap<u64, Vec<(u64, &str)>> = BTreeMap::new();
    for event in events {
        let phase = event["ph"].as_str().unwrap();
        if ["s", "t", "f"].contains(&phase) {
            let time = nanos(&event["ts"]);
            let around = &tracks[&track(event)];
            assert!(around.iter().any(|[from, to]| (*from..*to).contains(&time)), "{event}");
            flows.entry(event["id"].as_u64().unwrap()).or_default().push((time, phase));
        }
    }
    assert_eq!(flows.len() as u64, counts.flows);
    for (id, points) in &flows {
        let phases: String = points.iter().map(|(_, phase)| *phase).collect();
        assert!(phases.starts_with('s') && phases.ends_with('f'), "flow {id}: {phases}");
        assert_eq!(phases.matches(['s', 'f']).count(), 2, "flow {id}: {phases}");
        assert!(points.is_sorted_by_key(|(time, _)| *time), "flow {id}: {points:?}");
    }
}

/// Nanoseconds of all slices of each request, by whether it waits, is served or travels.
fn requests_in(events: &[Value]) -> BTreeMap<u64, [u64; 3]> {
    let mut sums: BTreeMap<u64, [u64; 3]> = BTreeMap::new();
    for event in of_phase(events, "X") {
        if let Some(request) = event["args"]["request"].as_u64() {
            let stage = match event["cat"].as_str().unwrap() {
                "wait" => 0,
                "compute" | "transmit" => 1,
                _ => 2,
            };
            sums.entry(request).or_default()[stage] += nanos(&event["dur"]);
        }
    }
    sums
}

fn slices_are_the_stages(result: &RunResult, events: &[Value]) {
    let sums = requests_in(events);
    let records = &result.inference.as_ref().unwrap().records;
    let is_over = |record: &RequestRecord| record.outcome == RequestOutcome::Completed;
    let mut judged = 0;
    for (request, record) in (0..).zip(records).filter(|(_, record)| is_over(record)) {
        let of = |places: &[usize]| -> u64 {
            places.iter().map(|&place| record.stages.as_array()[place].as_nanos()).sum()
        };
        let stages = [of(&[0, 2, 5, 7]), of(&[1, 3, 6, 8]), of(&[4, 9])];
        assert_eq!(sums.get(&request).copied().unwrap_or_default(), stages, "request {request}");
        judged += 1;
    }
    assert!(judged > 50, "only {judged} requests were answered");
}

#[test]
fn a_trace_never_changes_a_run_is_valid_and_holds_every_stage() {
    let links = |queue: &str, discipline: &str| {
        LINKS.replace("QUEUE", queue).replace("DISCIPLINE", discipline)
    };
    for yaml in [
        SMALL.to_owned(),
        links("fifo", "fifo"),
        links("processor-sharing", "fair"),
        links("{ batch: { max: 4, wait: 5 ms } }", "fifo"),
    ] {
        let Traced { result, counts, events } = traced(&yaml, "trace.json", TraceLimits::default());
        let alone = run_with(&yaml, settings());
        assert_eq!(result.fingerprint, alone.fingerprint, "traced and not:\n{yaml}");
        assert!(counts.slices > 500 && counts.flows > 50, "{counts:?}");
        every_phase_has_its_fields(&events);
        every_track_is_named_and_its_slices_do_not_overlap(&events);
        every_flow_starts_ends_and_passes_slices(&events, counts);
        slices_are_the_stages(&result, &events);
    }
}

#[test]
fn a_mini_batch_is_followed_over_device_link_server_link_and_device() {
    let Traced { events, .. } = traced(SMALL, "trace.json.gz", TraceLimits::default());
    let mut points: BTreeMap<u64, usize> = BTreeMap::new();
    for phase in ["s", "t", "f"] {
        for event in of_phase(&events, phase).filter(|event| event["name"] == "mini-batch") {
            *points.entry(event["id"].as_u64().unwrap()).or_default() += 1;
        }
    }
    // 5 clients · 2 rounds · 3 steps: forward, up, server, down, backward.
    assert_eq!(points.len(), 30);
    assert!(points.values().all(|count| *count == 5), "{points:?}");
    let steps: Vec<u64> = of_phase(&events, "X")
        .filter(|event| event["name"] == "κ and φ backward" && event["args"]["client"] == "pi/0")
        .map(|event| event["args"]["step"].as_u64().unwrap())
        .collect();
    assert_eq!(steps, [0, 1, 2, 0, 1, 2]);
}

#[test]
fn segments_that_pipeline_overlap_on_no_track() {
    let yaml = LINKS
        .replace("QUEUE", "fifo")
        .replace("discipline: DISCIPLINE, duplex: half", "mtu: 1500 B")
        .replace("retries: 1, buffer: 3", "retries: 1, buffer: 3, mtu: 1500 B");
    let Traced { counts, events, .. } = traced(&yaml, "trace.json", TraceLimits::default());
    every_phase_has_its_fields(&events);
    every_track_is_named_and_its_slices_do_not_overlap(&events);
    every_flow_starts_ends_and_passes_slices(&events, counts);
}

#[test]
fn queue_counters_are_the_tables_maxima() {
    let yaml = LINKS.replace("QUEUE", "fifo").replace("DISCIPLINE", "fifo");
    let Traced { result, events, .. } = traced(&yaml, "trace.json", TraceLimits::default());
    for station in &result.stations {
        let name = format!("{} queue", station.name);
        let longest = of_phase(&events, "C")
            .filter(|event| event["name"] == name.as_str())
            .map(|event| event["args"]["waiting"].as_u64().unwrap())
            .max();
        assert_eq!(longest.unwrap_or(0), station.max_queue, "{name}");
    }
}

#[test]
fn limits_leave_out_other_times_and_clients() {
    let yaml = LINKS.replace("QUEUE", "fifo").replace("DISCIPLINE", "fifo");
    let scenario = splitgp_sim::scenario::parse(&yaml, "test.yaml").unwrap().scenario;
    let limits = TraceLimits::default().within("2s..3 s").unwrap();
    let limits = limits.of_clients(["far/1"], &scenario).unwrap();
    let Traced { counts, events, .. } = traced(&yaml, "trace.json", limits);
    assert!(counts.slices > 0);
    for event in of_phase(&events, "X") {
        let (start, end) = (nanos(&event["ts"]), nanos(&event["ts"]) + nanos(&event["dur"]));
        // What is shown of a sojourn is all of it, on every side of the window's edge.
        assert!(start < 4_000_000_000 && end > 1_000_000_000, "{event}");
        if let Some(client) = event["args"]["client"].as_str() {
            assert_eq!(client, "far/1");
        }
    }
    every_flow_starts_ends_and_passes_slices(&events, counts);
}

#[test]
fn limits_that_are_none_are_refused_with_what_would_be_one() {
    let scenario = splitgp_sim::scenario::parse(SMALL, "test.yaml").unwrap().scenario;
    for text in ["5s", "5s..1s", "0..5", "-1s..5s", "a..b", ".."] {
        let error = TraceLimits::default().within(text).unwrap_err().to_string();
        assert!(error.contains("0s..5s"), "{error}");
    }
    for name in ["tablet", "pi/3", "pi/", "phone/x", ""] {
        let error = TraceLimits::default().of_clients([name], &scenario).unwrap_err().to_string();
        assert!(error.contains("pi/0"), "{error}");
    }
}
