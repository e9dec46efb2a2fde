//! `random: β` before a server: what is offloaded of Poisson arrivals at random is a Poisson process
//! again, so that the server is M/D/1 at β times the arrival rate (L. Kleinrock, "Queueing Systems",
//! volume 1, 1975, section 4.3 on splitting).

use super::single::RunLength;
use crate::verification::load::arrivals;
use crate::verification::{Comparison, Effort, Load, Quantity, replicate};
use splitgp_sim::actors::Exit;
use splitgp_sim::experiment::{Experiment, InferenceResult, RunSettings};
use splitgp_sim::scenario;
use splitgp_sim::theory::queueing::Md1;

const BASE: f64 = 24_000.0;

/// θ of the paper's CNN.
const SERVER_FLOPS: u128 = 63_580_160;

/// 2,500 requests a second in all, of which 2 in 5 are offloaded: 1,000 a second.
const OFFLOADED: f64 = 0.4;

pub(super) fn run(load: Load, effort: Effort) -> Vec<Comparison> {
    let theory = Md1::new(arrivals(), load.service()).expect("the load is below 1");
    let length = RunLength::of(effort.customers(BASE, load.difficulty() / load.share()));
    let [wait, share] = replicate(|replication| {
        let result = simulate(load, length, replication);
        [mean_wait(&result), result.offloaded_fraction.expect("requests were decided")]
    });
    let compare = |what: &str, quantity, formula, expected, simulated| Comparison {
        what: what.to_owned(),
        quantity,
        load,
        formula,
        expected,
        simulated,
    };
    vec![
        compare(
            "server, mean wait of the offloaded",
            Quantity::Time,
            "ρs / (2(1 − ρ)), ρ = βλs",
            theory.mean_wait(),
            wait,
        ),
        compare("offloaded fraction", Quantity::Share, "β", OFFLOADED, share),
    ]
}

/// Mean seconds that offloaded requests of the window waited for the server.
fn mean_wait(result: &InferenceResult) -> f64 {
    let offloaded = result
        .answered_in_window()
        .filter(|(record, _)| record.exit == Some(Exit::Server))
        .map(|(record, _)| record.stages.server_wait.as_secs_f64());
    let (count, sum) = offloaded.fold((0.0, 0.0), |(n, sum), wait| (n + 1.0, sum + wait));
    sum / count
}

fn simulate(
    load: Load,
    RunLength { customers, warmup }: RunLength,
    replication: u32,
) -> InferenceResult {
    let rate = (SERVER_FLOPS * 1_000_000_000).div_ceil(u128::from(load.service().as_nanos()));
    let name = format!("split-{load}").replace('.', "-");
    let yaml = format!(
        "name: theory
seed: {}
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - name: {name}
    count: 10
    device: {{ rate: 1000 TFLOP/s, memory: 1 GB }}
    access: {{ up: 1000 Gbit/s, down: 1000 Gbit/s, delay: 0 ms }}
server: {{ device: {{ rate: {rate} FLOP/s, memory: 1 GB }} }}
inference:
  arrivals: {{ poisson: 250 /s }}
  duration: {customers} ms
  warmup: {warmup} ms
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: {OFFLOADED} }}
",
        replication + 1
    );
    let loaded = scenario::parse(&yaml, "theory.yaml").unwrap_or_else(|why| panic!("{why}"));
    let experiment = Experiment::prepare(loaded.scenario).unwrap_or_else(|why| panic!("{why}"));
    let result = experiment.run(RunSettings::default()).unwrap_or_else(|why| panic!("{why}"));
    result.inference.expect("the scenario has traffic")
}
