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
use splitgp_sim::report::figures::{draw_all, draw_bounds, draw_methods, draw_regimes, draw_sweep};
use splitgp_sim::scenario::{self, Document, Scenario};
use splitgp_sim::study::StudySettings;
use splitgp_sim::study::sweep::Grid;
use std::error::Error;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Where what is learned is kept.
const LEARNED: &str = "out/.learned";

/// What draws the figures of one scenario into a folder, and returns their paths.
type Draw = fn(&Path, &OutputFolder) -> Result<Vec<PathBuf>, Box<dyn Error>>;

/// Scenarios of the folder `scenarios`, each with a folder of the gallery by its name.
const GALLERY: [(&str, Draw); 5] = [
    ("quickstart", of_run),
    ("methods", of_methods),
    ("where-to-cut", of_bounds),
    ("regimes", of_regimes),
    ("ablation-lambda", of_sweep),
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = std::env::args().nth(1).map_or_else(|| PathBuf::from("plots"), PathBuf::from);
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for (name, draw) in GALLERY {
        let folder = OutputFolder::prepare(root.join(name))?;
        let files = draw(&scenarios.join(format!("{name}.yaml")), &folder)?;
        println!("{name}: {} files", files.len());
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

fn of_sweep(path: &Path, folder: &OutputFolder) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let grid = Grid::new(Document::load(path)?)?;
    let cells: Vec<usize> = (0..grid.plan().cells.len()).collect();
    let settings = StudySettings { threads: threads(), learned: Some(LEARNED.into()) };
    let mut finished = Vec::new();
    grid.run(&cells, &settings, |cell, figures| {
        finished.push((cell, figures));
        Ok(())
    })?;
    finished.sort_by_key(|(cell, _)| *cell);
    Ok(draw_sweep(grid.plan(), &finished, folder)?)
}
