//! Two scenarios side by side.

use super::shown;
use crate::report::table::grid;
use crate::report::text::{dash, percent, shortened};
use crate::study::compare::{Change, Comparison, Difference};

/// Characters that a scenario's name may take.
const NAME_WIDTH: usize = 28;

/// The table of `comparison` as plain text.
pub fn paired_table(comparison: &Comparison) -> String {
    let [first, second] =
        [&comparison.first, &comparison.second].map(|name| shortened(name, NAME_WIDTH));
    let seed = match comparison.replaced_seed {
        Some(own) => format!("seed {} of A for both; B states {own}", comparison.seed),
        None => format!("seed {}", comparison.seed),
    };
    let title = format!(
        "A: {first}\nB: {second}\n{} paired replications, {seed}; ± is half of a 95 % interval",
        comparison.replications
    );
    let header = ["figure", "A", "B", "B − A", "±", "relative (%)", "verdict"];
    grid(&title, &header, comparison.differences.iter().map(row))
}

fn row(difference: &Difference) -> Vec<String> {
    let metric = difference.metric;
    let half_width = difference.difference.ci95;
    vec![
        metric.name().to_owned(),
        shown(metric, difference.first),
        shown(metric, difference.second),
        shown(metric, difference.difference.value),
        half_width.map_or_else(dash, |half_width| shown(metric, half_width)),
        percent(difference.relative()),
        verdict(difference.change).to_owned(),
    ]
}

fn verdict(change: Change) -> &'static str {
    match change {
        Change::Equal => "equal",
        Change::Lower => "B is lower",
        Change::Higher => "B is higher",
        Change::NotShown => "no difference shown",
    }
}
