//! `sweep`: runs the grid of a scenario.

use super::exit::Failure;
use super::output::print;
use super::study::{default_folder, document, failed, lost, settings};
use super::talk::{bar, tell};
use crate::report::{SweepFolder, cells_table};
use crate::study::StudyError;
use crate::study::sweep::{CellFigures, Grid, Shard};
use clap::Args;
use indicatif::ProgressBar;
use std::path::PathBuf;

/// Run every cell of a scenario's `sweep`; write one table and figures.
#[derive(Debug, Args)]
#[command(after_help = "\
The scenario's `sweep` maps key paths to values; every combination is a cell, a full scenario with the
same seed. All cells are checked before the first one runs.

  sweep:
    inference.offload.entropy: [0.05, 0.4, 1.2]
    network.links.backhaul.rate: { from: 1 Mbit/s, to: 100 Mbit/s, steps: 5, scale: log }
    fleet.pi.count, fleet.phone.count: [[2, 1], [4, 2]]    # two keys that move together

DIR gets sweep.csv (a row for each cell), sweep.json (the plan), cells/ (a file for each finished cell)
and figures. With --resume, cells that DIR holds already are not run again: a cell is known by a hash
of its scenario, the files that this names (of a folder of images their sizes) and the program's version
and revisions. Without it this run's cells are run anew; cells of other shards stay.

Examples:
  splitgp-sim sweep scenarios/threshold-sweep.yaml
  splitgp-sim sweep big.yaml --resume
  splitgp-sim sweep big.yaml --shard 2/8 --out part2")]
pub(super) struct SweepArguments {
    /// The scenario (YAML).
    scenario: PathBuf,
    /// The folder for the results [default: out/<name>, or out/<name>/shard-i-of-n].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The folder in which what is learned is kept and looked up.
    #[arg(long, value_name = "DIR", default_value = "out/.learned")]
    cache: PathBuf,
    /// Threads; results are the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Run part i of n only: every n-th cell from the i-th on; `merge` joins the parts.
    #[arg(long, value_name = "i/n", value_parser = Shard::read)]
    shard: Option<Shard>,
    /// Take over the cells that DIR holds already.
    #[arg(long)]
    resume: bool,
}

/// Runs the command.
pub(super) fn sweep(arguments: &SweepArguments) -> Result<(), Failure> {
    let document = document(&arguments.scenario)?;
    if document.value("expect").is_some() {
        tell(
            "note: `expect` is about the scenario alone; the cells of its sweep are not held against it",
        );
    }
    let text = document.text().to_owned();
    let grid = Grid::new(document).map_err(|errors| Failure::BadInput(errors.to_string()))?;
    let plan = grid.plan();
    let shard = arguments.shard.unwrap_or(Shard::WHOLE);
    let out = arguments.out.clone().unwrap_or_else(|| {
        let folder = default_folder(&plan.scenario);
        if shard.is_part() { folder.join(shard.folder()) } else { folder }
    });
    let bad_folder =
        |error: crate::report::ReportError| Failure::BadInput(format!("error: {error}"));
    let folder = SweepFolder::prepare(&out).map_err(bad_folder)?;
    let cells = shard.cells(plan.cells.len());
    let mut finished = Vec::new();
    if arguments.resume {
        for &cell in &cells {
            let known = folder.read_cell(&plan.cells[cell].key).map_err(bad_folder)?;
            finished.extend(known.map(|figures| (cell, figures)));
        }
    } else {
        for &cell in &cells {
            folder.forget_cell(&plan.cells[cell].key).map_err(lost)?;
        }
    }
    folder.write_plan(plan).map_err(lost)?;
    folder.write_scenario(&text).map_err(lost)?;
    if !finished.is_empty() {
        tell(format!("{} of {} cells are finished already", finished.len(), cells.len()));
    }
    let known: Vec<usize> = finished.iter().map(|(cell, _)| *cell).collect();
    let left: Vec<usize> = cells.iter().copied().filter(|cell| !known.contains(cell)).collect();
    let bar = progress(cells.len(), known.len());
    let settings = settings(arguments.threads, &arguments.cache);
    grid.run(&left, &settings, |cell, figures: CellFigures| {
        folder
            .write_cell(&plan.cells[cell].key, &figures)
            .map_err(|error| StudyError::Kept(error.to_string()))?;
        finished.push((cell, figures));
        bar.inc(1);
        Ok(())
    })
    .map_err(failed)?;
    bar.finish_and_clear();
    finished.sort_by_key(|(cell, _)| *cell);
    folder.write_results(plan, &finished).map_err(lost)?;
    let others = (0..plan.cells.len()).filter(|cell| !cells.contains(cell));
    let kept = others.filter(|cell| folder.has_cell(&plan.cells[*cell].key)).count();
    if kept > 0 {
        let out = out.display();
        tell(format!("{kept} cells of other shards are kept in {out}; `merge {out}` joins all"));
    }
    let (count, path) = (finished.len(), out.join("sweep.csv"));
    let (table, all) = (cells_table(plan, &finished), plan.cells.len());
    print(&format!("{table}\n\n{count} of {all} cells written to {}\n", path.display()))
}

/// How many cells are finished.
fn progress(cells: usize, finished: usize) -> ProgressBar {
    let bar = bar(cells as u64, "sweep {wide_bar} cell {pos}/{len}, {eta} left");
    bar.set_position(finished as u64);
    bar
}
