//! A hundred thousand devices and a million requests.

use splitgp_sim::experiment::{Experiment, LoadState, RunResult, RunSettings};
use splitgp_sim::scenario;
use std::path::Path;

/// The shipped scenario with each class's number of devices divided by `divisor`.
fn hundred_thousand_devices(divisor: u32) -> RunResult {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/hundred-thousand-devices.yaml");
    let mut scenario = scenario::load(&path).unwrap_or_else(|errors| panic!("{errors}")).scenario;
    assert_eq!(scenario.fleet.iter().map(|entry| entry.count).sum::<u32>(), 100_000);
    scenario.fleet.iter_mut().for_each(|entry| entry.count /= divisor);
    let experiment = Experiment::prepare(scenario).unwrap_or_else(|error| panic!("{error}"));
    experiment.run(RunSettings::default()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_hundredth_of_the_hundred_thousand_devices_answers_ten_thousand_requests() {
    let result = hundred_thousand_devices(100);
    let inference = result.inference.unwrap();
    // 1,000 devices · 0.1 /s · 100 s = 10,000, four standard deviations of a Poisson: 400
    assert!(inference.requests.abs_diff(10_000) < 400, "{} requests", inference.requests);
    assert_eq!(inference.completed, inference.requests);
    // 0.3 of 10,000 are offloaded: 4·√(0.3·0.7/10,000) = 0.018
    assert!((inference.offloaded_fraction.unwrap() - 0.3).abs() < 0.019);
    assert_eq!(result.verdict.unwrap().state, LoadState::Stable);
}

/// The most memory that this process has held so far, in bytes, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(1024 * line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?)
}

#[test]
#[ignore = "a million requests: cargo test --release --test scale -- --ignored"]
fn a_hundred_thousand_devices_and_a_million_requests_fit_a_gigabyte() {
    let result = hundred_thousand_devices(1);
    assert!(result.inference.unwrap().requests.abs_diff(1_000_000) < 4_000);
    if let Some(peak) = peak_memory() {
        assert!(peak < 1_000_000_000, "{peak} B at the peak");
    }
}
