//! The report of a sweep: its cells and their figures.

use super::figure::{all_names, figures, gallery};
use super::origin;
use super::page::{Note, Page, Section, Severity, Tile};
use super::table::{Cell, Table};
use super::tiles::{share, tile};
use super::words::{LONGEST_NAME, duration, grouped};
use crate::report::ReportError;
use crate::report::sweep::FinishedSweep;
use crate::report::text::{counted, milliseconds, shortened};
use crate::study::Estimate;
use crate::study::sweep::CellFigures;
use maud::Markup;
use std::path::Path;

/// A finished cell by its place in the plan.
type Finished = (usize, CellFigures);

/// The page of the sweep whose files are in `folder`.
///
/// # Errors
/// If a file of it cannot be read, or it has no finished cell.
pub(super) fn page(sweep: &FinishedSweep, folder: &Path) -> Result<Page, ReportError> {
    let (plan, finished) = sweep;
    if finished.is_empty() {
        let path = folder.display();
        return Err(ReportError::Runs(format!("{path} holds a sweep without a finished cell")));
    }
    let is_whole = finished.len() == plan.cells.len();
    let figures = figures(folder, all_names(folder)?)?;
    let mut sections = Vec::new();
    if !figures.is_empty() {
        sections.push(Section { id: "figures", title: "Figures", content: gallery(&figures) });
    }
    sections.push(Section { id: "cells", title: "Cells", content: cells(sweep) });
    let content = origin::scenario(folder, origin::Command::Sweep)?;
    sections.push(Section { id: "scenario", title: "Scenario", content });
    let paths: Vec<String> = plan.paths().map(|path| shortened(path, LONGEST_NAME)).collect();
    Ok(Page {
        kind: "Report of a sweep",
        title: shortened(&plan.scenario, LONGEST_NAME),
        state: if is_whole {
            (Severity::Good, "complete".to_owned())
        } else {
            (Severity::Warn, "part of the grid".to_owned())
        },
        verdict: format!(
            "{} of {} of a grid over {} are finished.",
            grouped(finished.len() as u64),
            counted(plan.cells.len(), "cell"),
            super::words::listed(&paths)
        ),
        identity: vec![("Version", shortened(&plan.version, LONGEST_NAME))],
        notes: notes(sweep),
        tiles: tiles(sweep),
        sections,
    })
}

fn notes((plan, finished): &FinishedSweep) -> Vec<Note> {
    let mut notes = Vec::new();
    let overloaded = finished
        .iter()
        .filter(|(_, figures)| figures.verdict.as_deref() == Some("overloaded"))
        .count();
    if overloaded > 0 {
        let text = format!(
            "{} overloaded: no latency of such a cell is steady, and a longer run would have larger \
             ones.",
            if overloaded == 1 {
                "1 cell is".to_owned()
            } else {
                format!("{overloaded} cells are")
            }
        );
        notes.push(Note { severity: Severity::Bad, text });
    }
    let missing = plan.cells.len() - finished.len();
    if missing > 0 {
        let text = format!(
            "{} not finished or of another shard; `sweep --resume` and `merge` complete the grid.",
            if missing == 1 { "1 cell is".to_owned() } else { format!("{missing} cells are") }
        );
        notes.push(Note { severity: Severity::Warn, text });
    }
    notes
}

/// The best cells, by what one sweeps for.
fn tiles(sweep: &FinishedSweep) -> Vec<Tile> {
    let (plan, finished) = sweep;
    let of_cell = |place: usize| shortened(&plan.label(place), LONGEST_NAME);
    let steady =
        || finished.iter().filter(|(_, figures)| figures.verdict.as_deref() != Some("overloaded"));
    let p99 = |figures: &CellFigures| figures.latency.map(|latency| latency[3].value);
    let fastest = steady()
        .filter_map(|(place, figures)| Some((place, p99(figures)?)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    let rightest = steady()
        .rev()
        .filter_map(|(place, figures)| Some((place, figures.accuracy.as_ref()?.value)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let mut tiles = Vec::new();
    tiles.extend(
        fastest.map(|(&place, seconds)| tile("Smallest p99", duration(seconds), of_cell(place))),
    );
    tiles.extend(rightest.map(|(&place, rightest)| {
        tile("Most answered right", share(Some(rightest)), of_cell(place))
    }));
    tiles
}

fn cells((plan, finished): &FinishedSweep) -> Markup {
    let figures = [
        "offloaded (%)",
        "right (%)",
        "mean (ms)",
        "p50 (ms)",
        "p99 (ms)",
        "energy a request (J)",
        "busiest (%)",
        "training (s)",
        "client exit (%)",
        "server exit (%)",
        "full model (%)",
    ];
    let keys = plan.paths().map(|path| shortened(path, LONGEST_NAME));
    let heads = std::iter::once("cell".to_owned())
        .chain(keys)
        .chain(["verdict".to_owned()])
        .chain(figures.map(str::to_owned));
    Table::new("Cells of the grid", heads, "cells", finished, |(place, figures): &Finished| {
        let values = plan.cells[*place].values.iter().map(|value| match value.si {
            Some(si) => Cell::number(si, shortened(&value.text, LONGEST_NAME)),
            None => Cell::text(&value.text),
        });
        std::iter::once(Cell::count(*place as u64 + 1))
            .chain(values)
            .chain([Cell::text(figures.verdict.as_deref().unwrap_or_default())])
            .chain(of_cell(figures))
            .collect()
    })
    .of_file("sweep.csv")
    .without_empty_columns()
    .render()
}

/// The cells of a row that the sweep's key does not state.
fn of_cell(figures: &CellFigures) -> [Cell; 11] {
    let share = |estimate: &Option<Estimate>| {
        let estimate = estimate.as_ref();
        Cell::share(estimate.map(|of| of.value), estimate.and_then(|of| of.ci95))
    };
    let time = |statistic: usize| {
        let estimate = figures.latency.map(|latency| latency[statistic]);
        Cell::maybe(estimate.map(|of| of.value), |seconds| match estimate.and_then(|of| of.ci95) {
            Some(ci95) => format!("{} ± {}", milliseconds(seconds), milliseconds(ci95)),
            None => milliseconds(seconds),
        })
    };
    [
        share(&figures.offloaded_fraction),
        share(&figures.accuracy),
        time(0),
        time(1),
        time(3),
        Cell::maybe(figures.request_energy, super::words::joules),
        share(&figures.busiest_utilisation),
        Cell::maybe(figures.training_time, |seconds| format!("{seconds:.3}")),
        Cell::share(figures.trained_client_exit, None),
        Cell::share(figures.trained_server_exit, None),
        Cell::share(figures.trained_full, None),
    ]
}
