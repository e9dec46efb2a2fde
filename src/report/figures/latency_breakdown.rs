//! Where requests spend their time, by device class.

use super::axis::Axis;
use super::render::{Canvas, DataTable, DrawResult, Figure};
use super::rows::{MOST_ROWS, RowChart};
use super::saved::{self, Saved};
use super::spread::evenly;
use super::style::{self, dark, pale};
use crate::actors::STAGE_NAMES;
use crate::experiment::RunResult;
use crate::report::text::milliseconds;
use plotters::prelude::*;
use serde::{Deserialize, Serialize};

/// Room to the right of the longest bar for its total.
const BESIDE_LONGEST: f64 = 1.12;

/// A place has a hue: pale where requests wait for it, dark where they travel from it.
const COLOURS: [fn() -> RGBColor; 10] = [
    || pale(style::ORANGE),
    || style::ORANGE,
    || pale(style::SKY_BLUE),
    || style::SKY_BLUE,
    || dark(style::SKY_BLUE),
    || pale(style::GREEN),
    || style::GREEN,
    || pale(style::PURPLE),
    || style::PURPLE,
    || dark(style::PURPLE),
];

/// Mean stages of the classes that have answered requests in the window.
pub(super) struct LatencyBreakdown {
    /// How many there are; as many as fit are shown.
    classes: usize,
    /// Name and mean milliseconds of each stage.
    shown: Vec<(String, [f64; 10])>,
}

/// One stage of one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    class: String,
    stage: String,
    mean_ms: f64,
    /// How many classes there are, shown or not.
    classes: usize,
}

impl LatencyBreakdown {
    /// `None` for a run that answered nothing in the window.
    pub(super) fn of(run: &RunResult) -> Option<Self> {
        let results = &run.inference.as_ref()?.by_class;
        let all: Vec<(String, [f64; 10])> = (run.classes.iter().zip(results))
            .filter_map(|(name, class)| Some((name.clone(), class.breakdown?.map(|s| 1e3 * s))))
            .collect();
        let chosen = evenly(all.len(), MOST_ROWS).into_iter();
        let shown = chosen.map(|class| all[class].clone()).collect();
        (!all.is_empty()).then_some(Self { classes: all.len(), shown })
    }

    fn title(&self) -> String {
        let title = "Mean latency by device class and stage";
        if self.shown.len() == self.classes {
            return title.to_owned();
        }
        format!("{title} ({} of {} classes)", self.shown.len(), self.classes)
    }

    /// The stages that some request passed.
    fn passed(&self) -> impl Iterator<Item = usize> {
        (0..STAGE_NAMES.len()).filter(|&stage| self.shown.iter().any(|(_, ms)| ms[stage] > 0.0))
    }
}

impl Figure for LatencyBreakdown {
    const NAME: &'static str = "latency_breakdown";

    fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        let total = |stages: &[f64; 10]| stages.iter().sum::<f64>();
        let longest = self.shown.iter().map(|(_, stages)| total(stages)).fold(0.0, f64::max);
        let legend =
            self.passed().map(|stage| (STAGE_NAMES[stage].replace('_', " "), COLOURS[stage]()));
        let chart = RowChart {
            title: self.title(),
            legend: legend.collect(),
            names: self.shown.iter().map(|(name, _)| name.as_str()).collect(),
            x: (Axis::from_zero(BESIDE_LONGEST * longest), "mean latency (ms)".to_owned()),
        };
        let rows = chart.draw(root)?;
        for (row, (_, stages)) in self.shown.iter().enumerate() {
            let mut end = 0.0;
            for (stage, length) in stages.iter().enumerate() {
                let from = rows.pixel(end, row).0;
                end += length;
                rows.fill(row, (from, rows.pixel(end, row).0), COLOURS[stage]())?;
            }
            rows.note(row, rows.pixel(end, row).0 + 6, milliseconds(end / 1e3))?;
        }
        Ok(())
    }

    fn write_data(&self, table: &mut DataTable<'_>) -> csv::Result<()> {
        saved::write(self, table)
    }
}

impl Saved for LatencyBreakdown {
    type Row = Row;

    fn rows(&self) -> Vec<Row> {
        let rows = |(class, stages): &(String, [f64; 10])| {
            let row = |(stage, mean_ms): (&&str, f64)| Row {
                class: class.clone(),
                stage: (*stage).to_owned(),
                mean_ms,
                classes: self.classes,
            };
            STAGE_NAMES.iter().zip(*stages).map(row).collect::<Vec<_>>()
        };
        self.shown.iter().flat_map(rows).collect()
    }

    fn from_rows(rows: Vec<Row>) -> Result<Self, String> {
        let classes = rows.first().map_or(0, |row| row.classes);
        let class = |rows: &[Row]| {
            let names = rows.iter().map(|row| row.stage.as_str());
            if !names.eq(STAGE_NAMES) || rows.iter().any(|row| row.class != rows[0].class) {
                let stages = STAGE_NAMES.join(", ");
                return Err(format!("each class has a row for each of the stages {stages}"));
            }
            Ok((rows[0].class.clone(), std::array::from_fn(|stage| rows[stage].mean_ms)))
        };
        let shown = rows.chunks(STAGE_NAMES.len()).map(class).collect::<Result<Vec<_>, _>>()?;
        if shown.len() > MOST_ROWS {
            return Err(format!("a figure has room for {MOST_ROWS} classes"));
        }
        Ok(Self { classes, shown })
    }
}

impl saved::Row for Row {
    fn numbers(&self) -> Vec<f64> {
        vec![self.mean_ms]
    }
}
