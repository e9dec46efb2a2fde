//! The figures of a run that a record keeps.

use crate::experiment::RunResult;
use crate::report::Summary;
use crate::report::expectations::{is_name, item_name};
use crate::study::check::FigureTable;
use serde_json::Value;
use std::time::Duration;

/// Items of a list that are kept: of longer ones, such as a fleet's clients, the `server` alone.
const MAX_ITEMS: usize = 16;

/// What is no figure, or is recorded apart.
const LEFT_OUT: [&str; 8] = [
    "scenario",
    "seed",
    "version",
    "fingerprint",
    "events",
    "wall_time_s",
    "interrupted",
    "expectations",
];

/// The figures of `summary.json`, without those of single clients and stations in large fleets, by
/// their keys: `training.time_s`, `stations.server.utilisation`.
pub fn main_figures(run: &RunResult) -> FigureTable {
    let summary = serde_json::to_value(Summary::of(run, Duration::ZERO));
    let mut figures = FigureTable::new();
    if let Ok(Value::Object(fields)) = summary {
        let kept = fields.iter().filter(|(key, _)| !LEFT_OUT.contains(&key.as_str()));
        kept.for_each(|(key, value)| collect(key, value, &mut figures));
    }
    figures
}

fn collect(key: &str, value: &Value, figures: &mut FigureTable) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !is_name(name) && *name != "reason")
            .for_each(|(name, value)| collect(&format!("{key}.{name}"), value, figures)),
        Value::Array(items) => {
            let names = items.iter().enumerate().map(|(index, item)| item_name(item, index));
            let kept =
                names.zip(items).filter(|(name, _)| items.len() <= MAX_ITEMS || name == "server");
            kept.for_each(|(name, item)| collect(&format!("{key}.{name}"), item, figures));
        }
        value => {
            figures.insert(key.to_owned(), value.clone());
        }
    }
}
