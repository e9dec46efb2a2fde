//! Threads and observers never show: equal scenarios have equal trajectories and results.

#[path = "../common/mod.rs"]
mod common;
mod networks;
mod traced;

use common::{run_on, run_with, settings};
use splitgp_sim::experiment::RunResult;
use splitgp_sim::kernel::{EventRecord, Observer};
use splitgp_sim::report::{Summary, write_summary};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// A small scenario that uses everything that draws: shards, initialisation, batches, jitter,
/// loss, arrivals, samples; the learned entropies decide what is offloaded.
const SMALL: &str = "
name: small
seed: 7
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet:
  - { name: pi, count: 3, device: raspberry-pi-4b, access: wifi-home }
  - name: phone
    count: 2
    device: phone-mid
    access: { up: 12 Mbit/s, down: 12 Mbit/s, delay: 35 ms, jitter: { exponential: 2 ms }, loss: 5% }
server: { device: edge-gpu-rtx2080 }
training: { method: splitgp, rounds: 2, local_updates: 3, batch_size: 8, learning_rate: 0.05, gamma: 0.5, lambda: 0.2 }
inference:
  arrivals: { poisson: 5 /s }
  duration: 10 s
  warmup: 1 s
  ood: 0.4
  offload: { entropy: 1.2 }
";

/// `summary.json` as written, without a wall time.
fn summary(result: &RunResult) -> String {
    let mut out = Vec::new();
    write_summary(&mut out, &Summary::of(result, Duration::ZERO)).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn two_runs_and_any_number_of_threads_give_the_same_bytes() {
    let first = summary(&run_on(SMALL, 1));
    for threads in [1, 2, 8] {
        assert_eq!(summary(&run_on(SMALL, threads)), first, "{threads} threads against 1");
    }
}

#[test]
fn threads_never_show_in_any_method() {
    let traffic = SMALL.find("inference:").unwrap();
    for (method, weights) in [
        ("multi-exit", ", gamma: 0.5"),
        ("splitfed", ""),
        ("fedavg", ""),
        ("personalized-fl", ", lambda: 0.2"),
        ("local", ""),
    ] {
        let trained = SMALL[..traffic]
            .replace("method: splitgp", &format!("method: {method}"))
            .replace(", gamma: 0.5, lambda: 0.2", weights);
        assert_eq!(summary(&run_on(&trained, 1)), summary(&run_on(&trained, 2)), "{method}");
    }
}

#[test]
fn a_seed_changes_the_run() {
    let other = SMALL.replace("seed: 7", "seed: 8");
    assert_ne!(run_on(SMALL, 1).fingerprint, run_on(&other, 1).fingerprint);
}

struct Counter(Rc<Cell<u64>>);

impl Observer for Counter {
    fn event(&mut self, _: &EventRecord) {
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn observers_see_every_event_and_change_nothing() {
    let unseen = run_on(SMALL, 1);
    let seen = Rc::new(Cell::new(0));
    let mut settings = settings();
    settings.observers.push(Box::new(Counter(Rc::clone(&seen))));
    let watched = run_with(SMALL, settings);
    assert_eq!(watched.fingerprint, unseen.fingerprint);
    assert_eq!(summary(&watched), summary(&unseen));
    assert_eq!(seen.get(), watched.events);
}

#[test]
fn renaming_a_deterministic_fleet_changes_nothing() {
    let named = |name: &str| {
        format!(
            "name: rename
model: {{ preset: paper-cnn }}
data: {{ source: mnist, path: nowhere }}
fleet: [{{ name: {name}, count: 3, device: raspberry-pi-5, access: lan-1g }}]
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ periodic: 100 ms }}
  duration: 2 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
        )
    };
    assert_eq!(run_on(&named("a"), 1).fingerprint, run_on(&named("zebra"), 1).fingerprint);
}
