//! A sweep's cells side by side.

use crate::report::table::grid;
use crate::report::text::{dash, milliseconds, percent, shortened};
use crate::study::Estimate;
use crate::study::sweep::{CellFigures, SweepPlan};

/// Cells that are listed; `sweep.csv` has all.
const CELLS_SHOWN: usize = 40;

/// Characters of a key's or a value's text.
const WIDTH: usize = 24;

/// A figure's name and how a cell's is shown, if it has it.
type Column = (&'static str, fn(&CellFigures) -> Option<String>);

const COLUMNS: [Column; 7] = [
    ("β (%)", |cell| share(cell.offloaded_fraction)),
    ("right (%)", |cell| share(cell.accuracy)),
    ("mean (ms)", |cell| cell.latency.map(|latency| milliseconds(latency[0].value))),
    ("p99 (ms)", |cell| cell.latency.map(|latency| milliseconds(latency[3].value))),
    ("load (%)", |cell| share(cell.busiest_utilisation).filter(|_| cell.latency.is_some())),
    ("verdict", |cell| cell.verdict.clone()),
    ("training (s)", |cell| cell.training_time.map(|time| format!("{time:.3}"))),
];

fn share(estimate: Option<Estimate>) -> Option<String> {
    estimate.map(|Estimate { value, .. }| percent(Some(value)))
}

/// The table of the cells in `finished`, by their places in `plan`: the swept values and those
/// figures that any of them has. β is the offloaded share, the load the utilisation of the busiest
/// station.
pub fn cells_table(plan: &SweepPlan, finished: &[(usize, CellFigures)]) -> String {
    let columns: Vec<Column> = COLUMNS
        .into_iter()
        .filter(|(_, shown)| finished.iter().any(|(_, cell)| shown(cell).is_some()))
        .collect();
    let keys: Vec<String> = plan.paths().map(|path| shortened(last_words(path), WIDTH)).collect();
    let mut header = vec!["cell"];
    header.extend(keys.iter().map(String::as_str));
    header.extend(columns.iter().map(|(name, _)| *name));
    let row = |(index, cell): &(usize, CellFigures)| {
        let values = plan.cells[*index].values.iter().map(|value| shortened(&value.text, WIDTH));
        let figures = columns.iter().map(|(_, shown)| shown(cell).unwrap_or_else(dash));
        std::iter::once((index + 1).to_string()).chain(values).chain(figures).collect()
    };
    let title = if finished.len() > CELLS_SHOWN {
        format!("{} (the first {CELLS_SHOWN} of {} cells)", plan.scenario, finished.len())
    } else {
        plan.scenario.clone()
    };
    grid(&title, &header, finished.iter().take(CELLS_SHOWN).map(row))
}

/// The last two words of a key path, which tell `pi.count` from `phone.count`.
fn last_words(path: &str) -> &str {
    path.rmatch_indices('.').nth(1).map_or(path, |(at, _)| &path[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::sweep::{CellPlan, CellValue};

    #[test]
    fn only_the_figures_that_some_cell_has_are_columns() {
        let value = |text: &str| CellValue { text: text.into(), si: None, unit: String::new() };
        let cell = |text: &str| CellPlan { key: String::new(), values: vec![value(text)] };
        let plan = SweepPlan {
            scenario: "s".to_owned(),
            version: "0".to_owned(),
            axes: vec![vec!["inference.offload.entropy".to_owned()]],
            cells: vec![cell("0.1"), cell("0.4")],
        };
        let accuracy = Some(Estimate { value: 0.912, ci95: None });
        let right = CellFigures { accuracy, ..CellFigures::default() };
        let table = cells_table(&plan, &[(0, right), (1, CellFigures::default())]);
        insta::assert_snapshot!(table, @r"
        s
         cell    offload.entropy    right (%)
        ─────────────────────────────────────
         1                   0.1         91.2
         2                   0.4            –
        ");
    }
}
