//! Runs a scenario and prints each device class's latency and accuracy.
//!
//! ```text
//! pi ×4    ──wifi──╮
//!                  ├──▶ edge server
//! phone ×2 ──lte───╯
//! ```
//!
//! `cargo run --release --example latency_by_class`

use splitgp_sim::experiment::{Experiment, RunSettings};
use splitgp_sim::scenario;
use std::error::Error;

const SCENARIO: &str = "
name: two-classes
model: { preset: paper-cnn, cut: conv2 }
fleet:
  - { name: pi, count: 4, device: raspberry-pi-4b, access: wifi-home }
  - { name: phone, count: 2, device: { rate: 43 GFLOP/s, memory: 4 GB }, access: lte }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 2 /s }
  duration: 2 min
  warmup: 5 s
  outcomes: { client_accuracy: 0.9, server_accuracy: 0.95, offload: 0.3 }
";

fn main() -> Result<(), Box<dyn Error>> {
    // The file's name appears in errors, and relative paths would be taken from its folder.
    let loaded = scenario::parse(SCENARIO, "two-classes.yaml")?;
    let result = Experiment::prepare(loaded.scenario)?.run(RunSettings::default())?;

    let inference = result.inference.expect("the scenario has requests");
    println!("class   requests  mean (ms)  p99 (ms)  accuracy");
    for (class, figures) in result.classes.iter().zip(&inference.by_class) {
        let latency = figures.latency.expect("each class has answers");
        let accuracy = figures.accuracy.expect("each class has answers");
        let (mean, p99) = (1e3 * latency.mean, 1e3 * latency.p99);
        let requests = figures.requests;
        println!("{class:<7} {requests:>8}  {mean:>9.3}  {p99:>8.3}  {accuracy:>8.3}");
    }

    let of_classes: u64 = inference.by_class.iter().map(|class| class.requests).sum();
    assert_eq!(of_classes, inference.requests, "every request is of one class");
    assert_eq!(inference.completed, inference.requests, "nothing here drops or fails");
    Ok(())
}
