//! Every shipped scenario runs, and those that learn nothing keep their trajectories.

use splitgp_sim::experiment::{AccuracyPoint, Experiment, RunSettings};
use splitgp_sim::scenario::{self, Scenario};
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Run elsewhere: one needs files that are not shipped (the command line's tests train the same
/// network on files of their own), one is a test of scale.
const ELSEWHERE: [&str; 2] = ["fashion-mnist-small.yaml", "hundred-thousand-devices.yaml"];

/// One round of each method that a scenario compares: they begin and are tested alike.
fn compare(name: &str, mut scenario: Scenario) {
    scenario.training.as_mut().expect("methods train").rounds = 1;
    for scenario in scenario.each_method() {
        let settings =
            RunSettings { threads: NonZeroUsize::new(2).unwrap(), ..RunSettings::default() };
        let result = Experiment::prepare(scenario)
            .and_then(|experiment| experiment.run(settings))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let training = result.training.expect("every method trains");
        let points = &training.evaluations.last().expect("the final models").points;
        let answer = |point: &AccuracyPoint| point.server_exit.or(point.full);
        let accuracy = answer(&points[0]).expect("θ answers with every method").mean;
        // Chance is 0.1.
        assert!(accuracy > 0.12, "{name}, {}: {accuracy}", training.method);
    }
}

#[test]
fn shipped_scenarios_run_and_keep_their_trajectories() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    let mut records = String::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if ELSEWHERE.contains(&name.as_str()) {
            continue;
        }
        let loaded = scenario::load(&path).unwrap_or_else(|errors| panic!("{errors}"));
        if loaded.scenario.compares_methods() {
            compare(&name, loaded.scenario);
            continue;
        }
        let learns = loaded.scenario.training.is_some();
        let threads = NonZeroUsize::new(2).unwrap();
        let settings = RunSettings { threads, ..RunSettings::default() };
        let result = Experiment::prepare(loaded.scenario)
            .and_then(|experiment| experiment.run(settings))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        match (&result.inference, &result.training) {
            (Some(inference), _) => assert!(inference.completed > 0, "{name} answers requests"),
            (None, Some(training)) => assert!(!training.evaluations.is_empty(), "{name} learns"),
            (None, None) => panic!("{name} neither learns nor answers"),
        }
        if !learns {
            let (fingerprint, events) = (result.fingerprint, result.events);
            writeln!(records, "{name}: {fingerprint:032x}, {events} events").unwrap();
        }
    }
    insta::assert_snapshot!(records);
}
