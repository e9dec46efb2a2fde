//! `compare.csv`: one row for each figure of two scenarios.

use super::field;
use crate::study::compare::{Change, Comparison};
use std::io::{self, Write};

/// Writes one row a figure: `first` and `second` are means over the pairs of replications,
/// `difference` is second − first with the half-width `ci95` of its paired interval and
/// `unpaired_ci95` of the one without pairing, `relative` is the difference over the first.
///
/// # Errors
/// If `out` fails.
pub fn write_paired(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "figure",
        "unit",
        "first",
        "second",
        "difference",
        "ci95",
        "unpaired_ci95",
        "relative",
        "pairs",
        "verdict",
    ])?;
    for difference in &comparison.differences {
        table.write_record([
            difference.metric.name().to_owned(),
            difference.metric.unit().to_owned(),
            difference.first.to_string(),
            difference.second.to_string(),
            difference.difference.value.to_string(),
            field(difference.difference.ci95),
            field(difference.unpaired_ci95),
            field(difference.relative()),
            difference.pairs.to_string(),
            verdict(difference.change).to_owned(),
        ])?;
    }
    table.flush()
}

fn verdict(change: Change) -> &'static str {
    match change {
        Change::Equal => "equal",
        Change::Lower => "lower",
        Change::Higher => "higher",
        Change::NotShown => "not shown",
    }
}
