//! YAML to 1,000 events.

use splitgp_sim::experiment::{Experiment, ExperimentError, RunSettings, overloads};
use splitgp_sim::kernel::{EventRecord, Observer, StopFlag};
use splitgp_sim::scenario::{Document, LoadedScenario, LocalWork, Scenario};
use std::path::Path;

/// Events after which a run is stopped.
const EVENTS: u32 = 1000;

/// Devices beyond which a scenario is validated and not run: preparing each takes its time.
const DEVICES: u64 = 2000;

/// Where the input stands, so that the files that shipped scenarios name are found.
const PLACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/input.yaml");

/// Stops the run after so many events.
struct Count {
    left: u32,
    stop: StopFlag,
}

impl Observer for Count {
    fn event(&mut self, _: &EventRecord) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            self.stop.raise();
        }
    }
}

/// All that can be checked without a run.
pub(crate) fn validate(input: &[u8], _: &Path) -> Result<(), String> {
    checked(input).map(|_| ())
}

/// The same, and the first events.
pub(crate) fn run(input: &[u8], _: &Path) -> Result<(), String> {
    let LoadedScenario { scenario, .. } = checked(input)?;
    let devices: u64 = scenario.fleet.iter().map(|entry| u64::from(entry.count)).sum();
    if devices > DEVICES {
        return Ok(());
    }
    for scenario in shortened(scenario).each_method() {
        let stop = StopFlag::default();
        let count = Count { left: EVENTS, stop: stop.clone() };
        let settings = RunSettings {
            observers: vec![Box::new(count)],
            stop: Some(stop),
            ..RunSettings::default()
        };
        let experiment = Experiment::prepare(scenario).map_err(text)?;
        experiment.run(settings).map_err(text)?;
    }
    Ok(())
}

/// The same with next to nothing to learn: some methods train for minutes before 1,000 events.
fn shortened(mut scenario: Scenario) -> Scenario {
    if let Some(training) = &mut scenario.training {
        training.rounds = training.rounds.min(2);
        training.batch_size = training.batch_size.min(32);
        training.local_work = match training.local_work {
            LocalWork::Updates(updates) => LocalWork::Updates(updates.min(2)),
            LocalWork::Epochs(_) => LocalWork::Epochs(1),
        };
        if let Some(seeds) = &mut training.seeds {
            seeds.truncate(2);
        }
    }
    scenario.replications = scenario.replications.min(2);
    scenario
}

fn checked(input: &[u8]) -> Result<LoadedScenario, String> {
    let text_of_input = String::from_utf8_lossy(input);
    let document = Document::parse(&text_of_input, PLACE).map_err(|errors| errors.to_string())?;
    let loaded = document.decode().map_err(|errors| errors.to_string())?;
    Experiment::check(&loaded.scenario).map_err(text)?;
    let _ = overloads(&loaded.scenario);
    if let Some(sweep) = &loaded.sweep {
        let last = sweep.cells() - 1;
        let _ = document.cell(sweep, last).and_then(|cell| cell.decode());
    }
    Ok(loaded)
}

fn text(error: ExperimentError) -> String {
    error.to_string()
}
