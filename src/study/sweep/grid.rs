//! The grid: its cells checked, and run.

use super::key::{Keys, version};
use super::lessons::{learners_first, lesson};
use super::{CellFigures, CellPlan, CellValue, SweepPlan};
use crate::scenario::{Document, LoadedScenario, ScenarioError, ScenarioErrors, Sweep, SweptValue};
use crate::study::error::{StudyError, checked};
use crate::study::{StudySettings, parallel};

/// Errors of all cells that are kept.
const MAX_ERRORS: usize = 20;

/// A scenario's sweep whose every cell is a valid scenario.
#[derive(Debug)]
pub struct Grid {
    document: Document,
    sweep: Sweep,
    plan: SweepPlan,
    /// What each cell would learn.
    lessons: Vec<Option<u128>>,
}

impl Grid {
    /// Checks every cell of the sweep of `document`.
    ///
    /// # Errors
    /// If the scenario is wrong by itself, has no `sweep`, or some cells are wrong: each error once,
    /// with the first cell that has it.
    pub fn new(document: Document) -> Result<Self, ScenarioErrors> {
        let base = checked(&document)?;
        let Some(sweep) = base.sweep else {
            let message = "is missing; give the keys to sweep and their values, for example \
                           `sweep: { fleet.pi.count: [2, 4, 8] }`";
            return Err(base.source.error("sweep", message).into());
        };
        let mut plan = SweepPlan {
            scenario: base.scenario.name,
            version: version(),
            axes: sweep.axes(),
            cells: Vec::with_capacity(sweep.cells()),
        };
        let mut lessons = vec![None; sweep.cells()];
        let (mut flaws, mut keys) = (Flaws::default(), Keys::default());
        for (index, lesson_of) in lessons.iter_mut().enumerate() {
            let values = sweep.values(index).into_iter().map(|(_, value)| cell_value(value));
            plan.cells.push(CellPlan { key: String::new(), values: values.collect() });
            match document.cell(&sweep, index).and_then(|cell| checked(&cell)) {
                Ok(cell) => {
                    plan.cells[index].key = keys.of(&cell.scenario);
                    *lesson_of = lesson(&cell.scenario);
                }
                Err(errors) => flaws.note(&errors, &plan, index),
            }
        }
        flaws.none()?;
        Ok(Self { document, sweep, plan, lessons })
    }

    /// What will be run.
    pub fn plan(&self) -> &SweepPlan {
        &self.plan
    }

    /// Runs the `cells` of these indices and hands each one's figures to `done` with its index, in
    /// the order in which they become ready. Of cells that would learn the same one learns first,
    /// if what it learns is kept.
    ///
    /// # Errors
    /// If a cell fails or `done` does; the others that were under way are finished first.
    pub fn run(
        &self,
        cells: &[usize],
        settings: &StudySettings,
        mut done: impl FnMut(usize, CellFigures) -> Result<(), StudyError>,
    ) -> Result<(), StudyError> {
        let parts = match settings.learned {
            Some(_) => learners_first(cells, &self.lessons),
            None => [cells.to_vec(), Vec::new()],
        };
        for cells in parts {
            // Few cells leave threads to each of them.
            let within = settings.shared_by(cells.len());
            let work = |&index: &usize| self.run_cell(index, &within);
            parallel::each(&cells, settings.threads, work, |place, figures| {
                done(cells[place], figures)
            })?;
        }
        Ok(())
    }

    fn run_cell(&self, index: usize, settings: &StudySettings) -> Result<CellFigures, StudyError> {
        let LoadedScenario { scenario, .. } = self.document.cell(&self.sweep, index)?.decode()?;
        let figures = |result| CellFigures::of(&result, &scenario);
        settings.run(scenario.clone()).map(figures).map_err(|cause| {
            let (number, all) = (index + 1, self.plan.cells.len());
            let run = format!("cell {number} of {all} ({})", self.plan.label(index));
            StudyError::run(run, cause)
        })
    }
}

/// The errors of a grid's cells, each kept once.
#[derive(Default)]
struct Flaws {
    seen: Vec<ScenarioError>,
    noted: Vec<ScenarioError>,
}

impl Flaws {
    fn note(&mut self, errors: &ScenarioErrors, plan: &SweepPlan, index: usize) {
        for error in errors.as_slice() {
            if self.seen.len() < MAX_ERRORS && !self.seen.contains(error) {
                self.seen.push(error.clone());
                let cell = format!(" (in the sweep's cell {})", plan.label(index));
                self.noted.push(error.clone().noted(&cell));
            }
        }
    }

    fn none(self) -> Result<(), ScenarioErrors> {
        if self.noted.is_empty() { Ok(()) } else { Err(ScenarioErrors::sorted(self.noted)) }
    }
}

fn cell_value(value: &SweptValue) -> CellValue {
    let si = value.si();
    CellValue {
        text: value.text(),
        si: si.map(|si| si.value),
        unit: si.map_or("", |si| si.unit).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroUsize;

    const BASE: &str = "\
name: grid
model: { preset: paper-cnn }
fleet:
  - { name: pi, count: 1, device: raspberry-pi-4b, access: lan-1g }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { periodic: 1 s }
  duration: 10 s
  warmup: 1 s
  outcomes: { client_accuracy: 1, server_accuracy: 1, offload: 1 }
sweep:
";

    fn grid(sweep: &str) -> Result<Grid, ScenarioErrors> {
        Grid::new(Document::parse(&format!("{BASE}{sweep}"), "t.yaml").unwrap())
    }

    fn settings(threads: usize) -> StudySettings {
        StudySettings { threads: NonZeroUsize::new(threads).unwrap(), learned: None }
    }

    fn figures(grid: &Grid, threads: usize) -> Vec<CellFigures> {
        let cells: Vec<usize> = (0..grid.plan().cells.len()).collect();
        let mut figures = vec![CellFigures::default(); cells.len()];
        grid.run(&cells, &settings(threads), |index, cell| {
            figures[index] = cell;
            Ok(())
        })
        .unwrap();
        figures
    }

    #[test]
    fn cells_are_what_their_scenarios_come_to_alone_on_any_threads() {
        let sweep = "  fleet.pi.count: [1, 3]\n  inference.outcomes.offload: [0, 1]\n";
        let grid = grid(sweep).unwrap();
        let alone = figures(&grid, 1);
        assert_eq!(alone, figures(&grid, 4));
        // Ten periodic requests of each device, the first at time 0.
        assert_eq!(
            alone.iter().map(|cell| cell.requests).collect::<Vec<_>>(),
            [10, 10, 30, 30].map(Some)
        );
        let text = BASE.replace("count: 1", "count: 3").replace("sweep:\n", "");
        let loaded = crate::scenario::parse(&text, "t.yaml").unwrap();
        let lone = settings(1).run(loaded.scenario.clone()).unwrap();
        assert_eq!(alone[3], CellFigures::of(&lone, &loaded.scenario));
    }

    #[test]
    fn keys_tell_cells_apart_and_know_comments_from_meaning() {
        let keys = |sweep: &str| -> Vec<String> {
            grid(sweep).unwrap().plan().cells.iter().map(|cell| cell.key.clone()).collect()
        };
        let [one, two, minute] = &keys("  inference.duration: [1 min, 2 min, 60 s]\n")[..] else {
            panic!("three cells")
        };
        assert_ne!(one, two);
        assert_eq!(one, minute, "60 s is a minute");
    }

    #[test]
    fn an_error_of_many_cells_is_told_once_with_the_first() {
        let errors = grid("  fleet.pi.count: [1, 2, 3]\n  inference.warmup: [2 s, 20 s]\n");
        insta::assert_snapshot!(errors.unwrap_err(), @r"
    t.yaml:13:27: inference.warmup: must be shorter than `duration`, or no request is measured (in the sweep's cell fleet.pi.count = 1, inference.warmup = 20 s)
     13 |   inference.warmup: [2 s, 20 s]
        |                           ^
    ");
    }

    #[test]
    fn a_model_that_does_not_fit_the_swept_memory_is_found_before_anything_runs() {
        let errors = grid("  fleet.pi.device.memory: [1 GB, 1 kB]\n");
        insta::assert_snapshot!(errors.unwrap_err(), @r"
    t.yaml:4:35: fleet[0].device: φ and κ, 4·(parameters + the two largest adjacent activations) bytes, needs 1.769 MB of memory, but it has 1 kB (in the sweep's cell fleet.pi.device.memory = 1 kB)
     4 |   - { name: pi, count: 1, device: raspberry-pi-4b, access: lan-1g }
       |                                   ^
    ");
    }

    #[test]
    fn a_scenario_without_a_sweep_is_refused() {
        let text = BASE.replace("sweep:\n", "");
        let errors = Grid::new(Document::parse(&text, "t.yaml").unwrap());
        insta::assert_snapshot!(errors.unwrap_err(), @r"
    t.yaml:1:1: sweep: is missing; give the keys to sweep and their values, for example `sweep: { fleet.pi.count: [2, 4, 8] }`
     1 | name: grid
       | ^
    ");
    }
}
