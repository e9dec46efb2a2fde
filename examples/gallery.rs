//! Draws the committed gallery anew:
//!
//! ```sh
//! cargo run --release --example gallery            # into plots/
//! cargo run --release --example gallery -- DIR     # into DIR, to compare
//! ```
//!
//! What was learned before is taken from `out/.learned`. The figures are the same byte for byte on
//! every run on the same CPU family. `plots/paper` is left alone: its runs take hours, and `plot` draws
//! it again from the tables beside the figures.

use splitgp_sim::experiment::{
    BoundsSettings, Experiment, MethodResult, RunSettings, StoreSettings, TrainingStart, bounds,
    regimes,
};
use splitgp_sim::report::OutputFolder;
use splitgp_sim::report::figures::{
    draw_all, draw_bounds, draw_capacity, draw_methods, draw_regimes,
};
use splitgp_sim::scenario::{self, Document, Scenario};
use splitgp_sim::study::StudySettings;
use splitgp_sim::study::capacity::{Question, Slo, Vary, search};
use std::error::Error;
use std::ffi::OsStr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Where what is learned is kept.
const LEARNED: &str = "out/.learned";

/// What draws the figures of one scenario into a folder, and returns their paths.
type Draw = fn(&Path, &OutputFolder) -> Result<Vec<PathBuf>, Box<dyn Error>>;

/// Scenarios of the folder `scenarios`, each with a folder of the gallery by its name, and the only
/// figures that are kept of it; all if there are none.
const GALLERY: [(&str, Draw, &[&str]); 6] = [
    ("quickstart", of_run, &[]),
    ("methods", of_methods, &[]),
    ("where-to-cut", of_bounds, &["bounds-pi"]),
    ("regimes", of_regimes, &[]),
    ("offloading", of_run, &["latency_cdf"]),
    ("capacity", of_capacity, &[]),
];

/// What the capacity figure is searched for.
const OBJECTIVE: &str = "p99 < 100 ms";

fn main() -> Result<(), Box<dyn Error>> {
    let root = std::env::args().nth(1).map_or_else(|| PathBuf::from("plots"), PathBuf::from);
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for (name, draw, kept) in GALLERY {
        let folder = OutputFolder::prepare(root.join(name))?;
        let files = draw(&scenarios.join(format!("{name}.yaml")), &folder)?;
        let is_kept = |file: &PathBuf| {
            let stem = file.file_stem().map(OsStr::to_string_lossy);
            kept.is_empty() || kept.iter().any(|kept| stem.as_deref() == Some(*kept))
        };
        let (shown, others): (Vec<PathBuf>, Vec<PathBuf>) = files.into_iter().partition(is_kept);
        others.iter().try_for_each(std::fs::remove_file)?;
        println!("{name}: {} files", shown.len());
    }
    Ok(())
}

fn threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn store() -> StoreSettings {
    StoreSettings { folder: LEARNED.into(), start: TrainingStart::Reuse, checkpoint_every: None }
}

fn settings() -> RunSettings {
    RunSettings { threads: threads(), store: Some(store()), ..RunSettings::default() }
}

fn bounds_settings() -> BoundsSettings {
    BoundsSettings { train_cuts: false, threads: threads(), store: Some(store()) }
}

fn load(path: &Path) -> Result<Scenario, Box<dyn Error>> {
    Ok(scenario::load(path)?.scenario)
}

fn of_run(path: &Path, folder: &OutputFolder) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let run = Experiment::prepare(load(path)?)?.run(settings())?;
    Ok(draw_all(&run, folder)?)
}

fn of_methods(path: &Path, folder: &OutputFolder) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut methods = Vec::new();
    for scenario in load(path)?.each_method() {
        let run = Experiment::prepare(scenario.clone())?.run(settings())?;
        let method = MethodResult::of(&scenario, run).map_err(|rejection| rejection.message)?;
        methods.push(method);
    }
    Ok(draw_methods(&methods, folder)?)
}

fn of_bounds(path: &Path, folder: &OutputFolder) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    Ok(draw_bounds(&bounds(&load(path)?, &bounds_settings())?, folder)?)
}

fn of_regimes(path: &Path, folder: &OutputFolder) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    Ok(draw_regimes(&regimes(&load(path)?, &bounds_settings())?, folder)?)
}

/// With the defaults of the command `capacity`.
fn of_capacity(path: &Path, folder: &OutputFolder) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let document = Document::load(path)?;
    let (slo, vary) = (Slo::read(OBJECTIVE)?, Vary::fleet(&load(path)?)?);
    let settings = StudySettings { threads: threads(), learned: Some(LEARNED.into()) };
    let question = Question {
        document: &document,
        slo: &slo,
        vary: &vary,
        replications: 5,
        precision: 0.01,
        most_requests: 2_000_000,
        settings: &settings,
    };
    let answer = search(&question, |_| ())?;
    Ok(draw_capacity(&slo, &vary, &answer, folder)?)
}
