//! Asks in Rust how latency grows with the number of clients, on all cores, without a `sweep:` in YAML.
//!
//! ```text
//! camera ×n ──▶ cell ──10 Mbit/s, shared by all──▶ server
//! ```
//!
//! `cargo run --release --example sweep_clients`

use splitgp_sim::experiment::{Experiment, LoadState, RunSettings};
use splitgp_sim::scenario::{self, Scenario};
use splitgp_sim::study::each_in_parallel;
use std::error::Error;
use std::num::NonZeroUsize;

const CAMERAS: [u32; 6] = [1, 5, 10, 20, 40, 80];

const SCENARIO: &str = "
name: cameras
model: { preset: digits-cnn, cut: conv2 }
fleet:
  - name: camera
    count: 1
    device: raspberry-pi-4b
    access: lan-1g
    attach: cell
network:
  nodes: [cell]
  links:
    - { name: backhaul, from: cell, to: server, rate: 10 Mbit/s, delay: 5 ms }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 10 /s }
  duration: 30 s
  warmup: 5 s
  outcomes: { client_accuracy: 0.9, server_accuracy: 0.95, offload: 1 }
";

/// Mean and 99 % quantile of latency in seconds, and whether the stations keep up.
type Point = (f64, f64, LoadState);

fn simulate(scenario: Scenario) -> Result<Point, String> {
    let experiment = Experiment::prepare(scenario).map_err(|error| error.to_string())?;
    let result = experiment.run(RunSettings::default()).map_err(|error| error.to_string())?;
    let latency = result.inference.and_then(|inference| inference.latency);
    let latency = latency.ok_or("nothing was answered")?;
    let verdict = result.verdict.ok_or("there were no requests")?;
    Ok((latency.mean, latency.p99, verdict.state))
}

fn main() -> Result<(), Box<dyn Error>> {
    let base = scenario::parse(SCENARIO, "cameras.yaml")?.scenario;
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);

    let mut points: Vec<Option<Point>> = vec![None; CAMERAS.len()];
    let of_count = |&count: &u32| {
        let mut scenario = base.clone();
        scenario.fleet[0].count = count;
        simulate(scenario)
    };
    each_in_parallel(&CAMERAS, threads, of_count, |place, point| {
        points[place] = Some(point);
        Ok(())
    })?;

    println!("cameras  mean (ms)  p99 (ms)  verdict");
    let points: Vec<Point> = points.into_iter().flatten().collect();
    for (count, (mean, p99, state)) in CAMERAS.iter().zip(&points) {
        println!("{count:>7}  {:>9.2}  {:>8.2}  {state:?}", 1e3 * mean, 1e3 * p99);
    }
    let growing = points.windows(2).all(|pair| pair[0].0 < pair[1].0);
    assert!(growing, "more cameras on one link wait longer");
    Ok(())
}
