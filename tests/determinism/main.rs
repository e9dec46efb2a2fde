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

/// The same network and traffic without learning.
const TIMED: &str = "
name: timed
seed: 7
model: { preset: paper-cnn }
fleet:
  - { name: pi, count: 3, device: raspberry-pi-4b, access: wifi-home }
  - name: phone
    count: 2
    device: phone-mid
    access: { up: 12 Mbit/s, down: 12 Mbit/s, delay: 35 ms, jitter: { exponential: 2 ms }, loss: 5% }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 5 /s }
  duration: 10 s
  warmup: 1 s
  outcomes: { client_accuracy: 0.9, server_accuracy: 0.95, offload: 0.5 }
replications: 3
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
fn two_timed_runs_and_any_number_of_threads_give_the_same_bytes() {
    let first = run_on(TIMED, 1);
    for threads in [1, 2, 8] {
        let again = run_on(TIMED, threads);
        assert_eq!(summary(&again), summary(&first), "{threads} threads against 1");
        assert_eq!(again.draws, first.draws, "{threads} threads: positions of the streams");
    }
}

/// A debug and a release build must both find these: the trajectories have no learned number in them.
#[test]
fn fingerprints_are_the_same_in_every_build() {
    let timed = run_on(TIMED, 2);
    let learned = run_on(&SMALL.replace("{ entropy: 1.2 }", "{ random: 0.5 }"), 2);
    let record = |run: &RunResult| format!("{:032x}, {:016x}", run.fingerprint, run.draws);
    insta::assert_snapshot!(format!("timed: {}\nlearned: {}", record(&timed), record(&learned)));
}

#[test]
fn one_draw_more_shows_in_the_streams_positions() {
    // Without jitter nothing is drawn for it, and times differ too; the same times with other draws
    // are those of a loss that is possible and does not happen.
    let certain = TIMED.replace(", loss: 5%", "");
    let possible = TIMED.replace("loss: 5%", "loss: 0.0000001%");
    let (certain, possible) = (run_on(&certain, 1), run_on(&possible, 1));
    assert_eq!(certain.fingerprint, possible.fingerprint);
    assert_ne!(certain.draws, possible.draws);
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
    assert_eq!(watched.draws, unseen.draws);

    let timed = TIMED.replace("replications: 3\n", "");
    let (unseen, seen) = (run_on(&timed, 1), Rc::new(Cell::new(0)));
    let mut settings = common::settings();
    settings.observers.push(Box::new(Counter(Rc::clone(&seen))));
    let watched = run_with(&timed, settings);
    assert_eq!(summary(&watched), summary(&unseen));
    assert_eq!((watched.draws, seen.get()), (unseen.draws, watched.events));
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
