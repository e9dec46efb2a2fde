//! Where the load changes, a threshold that follows the server's delay is better than any fixed one.

use splitgp_sim::experiment::{Experiment, ReplicationResult, RunSettings};
use splitgp_sim::learning::OutcomeTable;
use splitgp_sim::scenario::{AdaptiveSpec, OffloadSpec, OutcomeSpec, Scenario, load};
use splitgp_sim::stats::{Tally, half_width_95};
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Published thresholds, and finer ones where the best fixed one lies: chosen in hindsight, from these
/// very requests.
const THRESHOLDS: [f64; 6] = [0.8, 1.2, 1.25, 1.3, 1.6, 2.3];

/// As many as tell the best two apart.
const REPLICATIONS: u32 = 20;

fn shipped() -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/adaptive.yaml");
    load(&path).unwrap_or_else(|errors| panic!("{errors}")).scenario
}

/// What the scenario's models answer, as a file: they are trained once for all policies.
fn learned(scenario: &Scenario, folder: &Path) -> PathBuf {
    let mut scenario = Scenario { replications: 1, ..scenario.clone() };
    scenario.inference.as_mut().unwrap().duration =
        splitgp_sim::time::SimDuration::from_nanos(31_000_000_000);
    let run = Experiment::prepare(scenario).unwrap().run(RunSettings::default()).unwrap();
    let table: OutcomeTable = run.training.unwrap().outcomes.unwrap();
    let path = folder.join("learned.npz");
    table.write(File::create(&path).unwrap()).unwrap();
    path
}

/// Each replication's mean latency + price · share of errors, in seconds.
fn costs(scenario: &Scenario, outcomes: &Path, price: f64, offload: OffloadSpec) -> Vec<f64> {
    let mut scenario =
        Scenario { training: None, data: None, replications: REPLICATIONS, ..scenario.clone() };
    let inference = scenario.inference.as_mut().unwrap();
    inference.outcomes = OutcomeSpec::Replayed(outcomes.to_owned());
    inference.offload = offload;
    let settings = RunSettings { threads: NonZeroUsize::new(2).unwrap(), ..RunSettings::default() };
    let run = Experiment::prepare(scenario).unwrap().run(settings).unwrap();
    let cost = |replication: &ReplicationResult| {
        let [mean, ..] = replication.figures.latency.unwrap();
        mean + price * (1.0 - replication.figures.accuracy.unwrap())
    };
    run.replications.iter().map(cost).collect()
}

#[test]
fn adaptive_is_better_than_every_fixed_threshold_where_the_load_changes() {
    let scenario = shipped();
    let OffloadSpec::Adaptive(AdaptiveSpec { price, .. }) =
        scenario.inference.as_ref().unwrap().offload
    else {
        panic!("adaptive.yaml is adaptive")
    };
    let folder = tempfile::tempdir().unwrap();
    let outcomes = learned(&scenario, folder.path());
    let of = |offload| costs(&scenario, &outcomes, price.as_secs_f64(), offload);
    let adaptive = of(scenario.inference.as_ref().unwrap().offload);
    let mean = |costs: &[f64]| costs.iter().copied().collect::<Tally>().mean().unwrap();
    println!("adaptive {:.4} s", mean(&adaptive));
    let mut worse = Vec::new();
    for threshold in THRESHOLDS {
        let fixed = of(OffloadSpec::Entropy(threshold));
        let differences: Tally =
            fixed.iter().zip(&adaptive).map(|(fixed, own)| fixed - own).collect();
        let (gain, half) = (differences.mean().unwrap(), half_width_95(&differences).unwrap());
        println!("E_th {threshold}: {:.4} s, {gain:.4} ± {half:.4} s more", mean(&fixed));
        if gain - half <= 0.0 {
            worse.push(threshold);
        }
    }
    assert_eq!(worse, [] as [f64; 0], "adaptive is not better than these thresholds");
}
