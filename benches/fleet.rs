//! A whole fleet run: 10,000 devices, about 1,000,000 requests, each through the device, its
//! uplink, the edge server and its downlink.
//!
//! `kernel` counts the time in which events are handled, `whole run` also the building of actors
//! and the statistics at the end, `two replications` compares one core with two. Before that, on
//! Linux, the memory of a device is printed: by how much the process's peak grows from one device
//! to 10,000 without requests, results and links included. Then the phases of one run are printed.
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

const DEVICES: u32 = 10_000;

/// Each device asks once a second for 100 s.
const BUSY: &str = "{ poisson: 1 /s }";

/// No request within 100 s.
const IDLE: &str = "{ periodic: { period: 1 h, phase: 1 h } }";

fn experiment(devices: u32, arrivals: &str, replications: u32) -> Experiment {
    let yaml = format!(
        "
name: fleet
model: {{ preset: paper-cnn }}
fleet: [{{ name: pi, count: {devices}, device: raspberry-pi-4b, access: wifi-home }}]
server: {{ device: edge-gpu-rtx2080, workers: 4 }}
inference:
  arrivals: {arrivals}
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

/// Where the time of a run goes.
struct Phases {
    /// Until the end of the first slice of events: building and starting the actors.
    build: Duration,
    /// From there to the end of the last slice.
    kernel: Duration,
    /// After it: closing the stations' books and the statistics of all requests.
    statistics: Duration,
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures wall time")]
fn phases(experiment: Experiment) -> Phases {
    let begun = Instant::now();
    let slices: Rc<Cell<Option<(Instant, Instant)>>> = Rc::default();
    let seen = Rc::clone(&slices);
    let progress = move |_| {
        let now = Instant::now();
        let (first, _) = seen.get().unwrap_or((now, now));
        seen.set(Some((first, now)));
    };
    run(experiment, RunSettings { progress: Some(Box::new(progress)), ..RunSettings::default() });
    let (first, last) = slices.get().expect("a run has slices");
    Phases { build: first - begun, kernel: last - first, statistics: last.elapsed() }
}

fn print_phases() {
    let Phases { build, kernel, statistics } = phases(experiment(DEVICES, BUSY, 1));
    println!("build {build:.2?}, kernel {kernel:.2?}, statistics {statistics:.2?}");
}

/// The largest resident memory of this process so far, in bytes, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(1024 * line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?)
}

fn print_memory_of_a_device() {
    let peak_with = |devices| {
        run(experiment(devices, IDLE, 1), RunSettings::default());
        peak_memory()
    };
    if let (Some(one), Some(fleet)) = (peak_with(1), peak_with(DEVICES)) {
        println!("memory: {} B a device", (fleet - one) / u64::from(DEVICES - 1));
    }
}

fn fleet(criterion: &mut Criterion) {
    print_memory_of_a_device();
    print_phases();
    let mut group = criterion.benchmark_group("fleet");
    group.sample_size(10).throughput(Throughput::Elements(REQUESTS));
    group.bench_function("kernel", |bencher| {
        bencher.iter_custom(|count| {
            (0..count).map(|_| phases(experiment(DEVICES, BUSY, 1)).kernel).sum()
        });
    });
    group.bench_function("whole run", |bencher| {
        bencher.iter(|| run(experiment(DEVICES, BUSY, 1), RunSettings::default()));
    });
    group.throughput(Throughput::Elements(2 * REQUESTS));
    for threads in [1, 2] {
        group.bench_function(format!("two replications on {threads}"), |bencher| {
            let threads = NonZeroUsize::new(threads).expect("not zero");
            bencher.iter(|| {
                let settings = RunSettings { threads, ..RunSettings::default() };
                run(experiment(DEVICES, BUSY, 2), settings)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, fleet);
criterion_main!(benches);
