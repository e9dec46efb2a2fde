//! What devices spend, by class: in the whole run, on a request, on a training round.

use super::axis::Axis;
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::rows::{MOST_ROWS, RowChart};
use super::saved::{self, Saved};
use super::spread::evenly;
use super::style;
use crate::experiment::{ClassEnergy, RunResult};
use plotters::prelude::*;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// Room to the right of the longest bar for its total.
const BESIDE_LONGEST: f64 = 1.14;

/// Below so many joules an axis is in millijoules.
const MILLIJOULES_BELOW: f64 = 0.5;

/// What a device's energy goes to, and its colour.
const PARTS: [(&str, RGBColor); 3] =
    [("compute", style::ORANGE), ("radio", style::SKY_BLUE), ("idle", style::PALE_GREY)];

/// What energy is spent on.
pub(super) trait SpentOn {
    /// The figure's name.
    const NAME: &'static str;
    /// Its title.
    const TITLE: &'static str;

    /// A class's joules on computing, sending and receiving, and idling; `None` if it states no
    /// power, or has spent nothing on it.
    fn of(class: &ClassEnergy) -> Option<[f64; 3]>;
}

/// The whole run.
pub(super) struct WholeRun;
/// One answered request.
pub(super) struct Request;
/// One training round.
pub(super) struct TrainingRound;

impl SpentOn for WholeRun {
    const NAME: &'static str = "energy";
    const TITLE: &'static str = "Energy of a device in the whole run, by class";

    fn of(class: &ClassEnergy) -> Option<[f64; 3]> {
        class.device_parts.map(|[busy, idle, radio]| [busy, radio, idle])
    }
}

impl SpentOn for Request {
    const NAME: &'static str = "energy_by_request";
    const TITLE: &'static str = "Energy of a request beyond idling, by device class";

    fn of(class: &ClassEnergy) -> Option<[f64; 3]> {
        class.request_parts.map(|[busy, radio]| [busy, radio, 0.0])
    }
}

impl SpentOn for TrainingRound {
    const NAME: &'static str = "energy_by_round";
    const TITLE: &'static str = "Energy of a device in a training round beyond idling, by class";

    fn of(class: &ClassEnergy) -> Option<[f64; 3]> {
        class.round_parts.map(|[busy, radio]| [busy, radio, 0.0])
    }
}

/// One device class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    class: String,
    compute_j: f64,
    radio_j: f64,
    idle_j: f64,
}

impl Row {
    fn parts(&self) -> [f64; 3] {
        [self.compute_j, self.radio_j, self.idle_j]
    }
}

/// Mean joules of the classes that state their power, of as many as fit.
pub(super) struct EnergyOf<S> {
    rows: Vec<Row>,
    spent_on: PhantomData<S>,
}

impl<S: SpentOn> EnergyOf<S> {
    /// `None` if no class states its power, or has spent anything on it.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let classes = run.classes.iter().zip(&run.energy.as_ref()?.by_class);
        let row = |(class, energy): (&String, &ClassEnergy)| {
            let [compute_j, radio_j, idle_j] = S::of(energy)?;
            Some(Row { class: class.clone(), compute_j, radio_j, idle_j })
        };
        let rows: Vec<Row> = classes.filter_map(row).collect();
        let spent = rows.iter().any(|row| row.parts().iter().sum::<f64>() > 0.0);
        let shown = evenly(rows.len(), MOST_ROWS).into_iter().map(|index| rows[index].clone());
        spent.then(|| Self { rows: shown.collect(), spent_on: PhantomData })
    }
}

impl<S: SpentOn> Figure for EnergyOf<S> {
    const NAME: &'static str = S::NAME;

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let totals = self.rows.iter().map(|row| row.parts().iter().sum::<f64>());
        let longest = totals.fold(0.0, f64::max);
        let (unit, name) = if longest < MILLIJOULES_BELOW { (1e-3, "mJ") } else { (1.0, "J") };
        let is_spent = |part: usize| self.rows.iter().any(|row| row.parts()[part] > 0.0);
        let legend = PARTS.iter().enumerate().filter(|(part, _)| is_spent(*part));
        let chart = RowChart {
            title: S::TITLE.to_owned(),
            legend: legend.map(|(_, (name, colour))| ((*name).to_owned(), *colour)).collect(),
            names: self.rows.iter().map(|row| row.class.as_str()).collect(),
            x: (
                Axis::from_zero(BESIDE_LONGEST * longest / unit),
                format!("mean energy of a device ({name})"),
            ),
        };
        let rows = chart.draw(root)?;
        for (index, row) in self.rows.iter().enumerate() {
            let mut end = 0.0;
            for (part, (_, colour)) in row.parts().into_iter().zip(PARTS) {
                let from = rows.pixel(end, index).0;
                end += part / unit;
                rows.fill(index, (from, rows.pixel(end, index).0), colour)?;
            }
            rows.note(index, rows.pixel(end, index).0 + 6, significant(end))?;
        }
        Ok(())
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        saved::write(self, table)
    }
}

/// About three significant digits.
fn significant(value: f64) -> String {
    let decimals = match value {
        ..1.0 => 3,
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

impl<S: SpentOn> Saved for EnergyOf<S> {
    type Row = Row;

    fn rows(&self) -> Vec<Row> {
        self.rows.clone()
    }

    fn from_rows(rows: Vec<Row>) -> Result<Self, String> {
        if rows.len() > MOST_ROWS {
            return Err(format!("a figure has room for {MOST_ROWS} classes"));
        }
        if let Some(row) = rows.iter().find(|row| row.parts().iter().any(|part| *part < 0.0)) {
            return Err(format!("`{}` has spent less than nothing", row.class));
        }
        Ok(Self { rows, spent_on: PhantomData })
    }
}

impl saved::Row for Row {
    fn numbers(&self) -> Vec<f64> {
        self.parts().to_vec()
    }
}
