//! A link that foresees its departures does what one does that has an event for each of them.

use crate::common::run_on;
use proptest::prelude::*;
use splitgp_sim::experiment::{Experiment, ExperimentError, RunResult, RunSettings};
use splitgp_sim::kernel::SimError;
use splitgp_sim::scenario;
use splitgp_sim::time::SimTime;

/// A fleet on links that are often busy, some of them shared. Round figures make instants coincide.
#[derive(Debug, Clone)]
struct Fleet {
    seed: u64,
    counts: [u32; 2],
    up_kbits: u32,
    shared_kbits: u32,
    delay_ms: u32,
    jitter: &'static str,
    loss: &'static str,
    power: &'static str,
    arrivals: String,
    warmup_ms: u32,
    drain_ms: u32,
    workers: u32,
}

fn fleet() -> impl Strategy<Value = Fleet> {
    let arrivals = prop_oneof![
        (1_u32..8).prop_map(|rate| format!("{{ poisson: {rate} /s }}")),
        (1_u32..8).prop_map(|tenths| format!("{{ periodic: {} ms }}", 100 * tenths)),
        Just("{ closed: { think: { exponential: 50 ms } } }".to_owned()),
    ];
    let jitter = prop_oneof![Just(""), Just(", jitter: { exponential: 20 ms }")];
    let loss = prop_oneof![Just(""), Just(", loss: 20%"), Just(", loss: 40%, retries: 1")];
    let power = prop_oneof![Just(""), Just(", power: { busy: 6 W, idle: 2 W, radio: 1 W }")];
    (
        (1_u64..1_000, [1_u32..4, 1_u32..3], 1_u32..3),
        (200_u32..4_000, 400_u32..8_000, 0_u32..30),
        (jitter, loss, power, arrivals),
        (0_u32..1_500, 1_u32..800),
    )
        .prop_map(
            |((seed, counts, workers), links, (jitter, loss, power, arrivals), times)| {
                let ((up_kbits, shared_kbits, delay_ms), (warmup_ms, drain_ms)) = (links, times);
                Fleet {
                    seed,
                    counts,
                    up_kbits: 100 * (up_kbits / 100),
                    shared_kbits: 100 * (shared_kbits / 100),
                    delay_ms,
                    jitter,
                    loss,
                    power,
                    arrivals,
                    warmup_ms,
                    drain_ms,
                    workers,
                }
            },
        )
}

impl Fleet {
    /// The scenario with these keys on every link.
    fn yaml(&self, keys: &str) -> String {
        let Self { seed, counts: [own, attached], up_kbits, shared_kbits, delay_ms, .. } = self;
        let Self { jitter, loss, power, arrivals, warmup_ms, drain_ms, workers, .. } = self;
        let wire = format!("delay: {delay_ms} ms{jitter}{loss}{keys}");
        format!(
            "name: foreseen
seed: {seed}
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - name: own
    count: {own}
    device: {{ rate: 20 GFLOP/s, memory: 1 GB{power} }}
    access: {{ up: {up_kbits} kbit/s, down: 1 kbit/s, {wire} }}
  - {{ name: shared, count: {attached}, device: raspberry-pi-4b, attach: ap }}
server: {{ device: {{ rate: 2 GFLOP/s, memory: 1 GB }}, workers: {workers} }}
network:
  nodes: [ap]
  links: [{{ from: ap, to: server, rate: {shared_kbits} kbit/s, {wire} }}]
inference:
  arrivals: {arrivals}
  duration: 2 s
  warmup: {warmup_ms} ms
  drain_limit: {drain_ms} ms
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 0.9 }}
"
        )
    }
}

/// Whatever is measured.
fn figures(run: &RunResult) -> String {
    let RunResult { sim_time, stations, clients, links, inference, energy, verdict, .. } = run;
    format!(
        "{sim_time:?} {stations:#?} {clients:#?} {links:?} {inference:#?} {energy:?} {verdict:?}"
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn foreseen_departures_measure_what_departures_by_events_do(fleet in fleet()) {
        let foreseen = run_on(&fleet.yaml(""), 1);
        // A buffer that is never full takes the foresight away.
        let stepwise = run_on(&fleet.yaml(", buffer: 1000000"), 1);
        prop_assert!(foreseen.events < stepwise.events, "the departures are no events");
        let (foreseen, stepwise) = (figures(&foreseen), figures(&stepwise));
        let differs = foreseen.lines().zip(stepwise.lines()).find(|(one, other)| one != other);
        prop_assert!(foreseen == stepwise, "they differ first in {:?}", differs);
    }

    #[test]
    fn what_is_on_a_link_when_the_run_ends_has_not_passed_it(seed in 1_u64..1_000) {
        // A message of 401,408 bit takes 4 s, and the run ends at most 1 s after its start.
        let yaml = |keys: &str| format!(
            "name: cut
seed: {seed}
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - name: pi
    count: 3
    device: raspberry-pi-4b
    access: {{ up: 100352 bit/s, down: 1 Mbit/s, delay: 5 ms{keys} }}
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ poisson: 3 /s }}
  duration: 500 ms
  drain_limit: 500 ms
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
        );
        let (foreseen, stepwise) = (run_on(&yaml(""), 1), run_on(&yaml(", buffer: 9"), 1));
        prop_assert_eq!(figures(&foreseen), figures(&stepwise));
        for request in foreseen.inference.expect("there is traffic").records {
            prop_assert_eq!(request.stages.uplink_service.as_nanos(), 0);
            prop_assert_eq!(request.stages.uplink_wait.as_nanos(), 0);
        }
    }
}

/// Which actor fails in the scenario, and when.
fn failure(yaml: &str) -> (String, SimTime) {
    let loaded = scenario::parse(yaml, "test.yaml").unwrap_or_else(|errors| panic!("{errors}"));
    let experiment = Experiment::prepare(loaded.scenario).unwrap_or_else(|error| panic!("{error}"));
    match experiment.run(RunSettings::default()) {
        Err(ExperimentError::Simulation(SimError::Actor { actor, time, .. })) => (actor, time),
        other => panic!("a delivery past the clock was to fail: {:?}", other.map(|run| run.events)),
    }
}

#[test]
fn a_delivery_past_the_clock_fails_when_its_message_departs() {
    // Jitter of median 10⁴ s and σ 10 passes the clock's 1.8·10¹⁰ s with probability P(Z > 1.44).
    let yaml = |keys: &str| {
        format!(
            "name: far
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - name: pi
    count: 2
    device: raspberry-pi-4b
    access: {{ rate: 500 kbit/s, delay: 1 ms, jitter: {{ lognormal: {{ median: 10000 s, sigma: 10 }} }}{keys} }}
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ periodic: 100 ms }}
  duration: 10 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
        )
    };
    let (actor, time) = failure(&yaml(""));
    assert!(actor.starts_with("pi/"), "{actor} is a link");
    assert_eq!((actor, time), failure(&yaml(", buffer: 1000000")));
}
