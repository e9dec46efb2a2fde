//! A whole fleet run: 10,000 devices, about 1,000,000 requests, each through the device, its
//! uplink, the edge server and its downlink.
//!
//! `kernel` counts the time in which events are handled, `whole run` also the building of actors
//! and the statistics at the end, `two replications` compares one core with two. Before that the
//! memory of a device is printed: what the simulation of 10,000 devices holds at its peak more
//! than that of one, without requests.
//!
//!     cargo bench --bench fleet

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use splitgp_sim::experiment::{Experiment, RunResult, RunSettings};
use splitgp_sim::scenario;
use std::cell::Cell;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::time::{Duration, Instant};

const REQUESTS: u64 = 1_000_000;

fn experiment(replications: u32) -> Experiment {
    let yaml = format!(
        "
name: fleet
model: {{ preset: paper-cnn }}
fleet: [{{ name: pi, count: 10000, device: raspberry-pi-4b, access: wifi-home }}]
server: {{ device: edge-gpu-rtx2080, workers: 4 }}
inference:
  arrivals: {{ poisson: 1 /s }}
  duration: 100 s
  outcomes: {{ client_accuracy: 0.8, server_accuracy: 0.9, offload: 1 }}
replications: {replications}
"
    );
    let loaded = scenario::parse(&yaml, "fleet.yaml").expect("a valid scenario");
    Experiment::prepare(loaded.scenario).expect("it needs no data")
}

fn run(experiment: Experiment, settings: RunSettings) -> RunResult {
    let result = experiment.run(settings).expect("it runs");
    assert!(result.inference.as_ref().is_some_and(|inference| inference.dropped < 100));
    result
}

/// The time from the end of the first slice of events to that of the last one.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
fn kernel_time(experiment: Experiment) -> Duration {
    let slices: Rc<Cell<Option<(Instant, Instant)>>> = Rc::default();
    let seen = Rc::clone(&slices);
    let progress = move |_| {
        let now = Instant::now();
        let (first, _) = seen.get().unwrap_or((now, now));
        seen.set(Some((first, now)));
    };
    run(experiment, RunSettings { progress: Some(Box::new(progress)), ..RunSettings::default() });
    let (first, last) = slices.get().expect("a run has slices");
    last - first
}

fn fleet(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fleet");
    group.sample_size(10).throughput(Throughput::Elements(REQUESTS));
    group.bench_function("kernel", |bencher| {
        bencher.iter_custom(|count| (0..count).map(|_| kernel_time(experiment(1))).sum());
    });
    group.bench_function("whole run", |bencher| {
        bencher.iter(|| run(experiment(1), RunSettings::default()));
    });
    group.throughput(Throughput::Elements(2 * REQUESTS));
    for threads in [1, 2] {
        group.bench_function(format!("two replications on {threads}"), |bencher| {
            let threads = NonZeroUsize::new(threads).expect("not zero");
            bencher.iter(|| run(experiment(2), RunSettings { threads, ..RunSettings::default() }));
        });
    }
    group.finish();
}

criterion_group!(benches, fleet);
criterion_main!(benches);
