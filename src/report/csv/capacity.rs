//! `capacity.csv`: one row for each value that a search tried.

use super::field;
use crate::study::capacity::{Answer, Outcome, Slo};
use std::io::{self, Write};

/// Writes one row a probe, in the order of the search: the value, for each objective its metric's
/// mean with the half-width of its interval, and whether the value is good enough.
///
/// # Errors
/// If `out` fails.
pub fn write_capacity(out: &mut dyn Write, slo: &Slo, answer: &Answer) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let metrics = slo.objectives().iter().flat_map(|objective| {
        let name = objective.metric().name();
        [name.to_owned(), format!("{name}_ci95")]
    });
    let mut header = vec!["value".to_owned()];
    header.extend(metrics);
    header.extend(["outcome".to_owned(), "reason".to_owned()]);
    table.write_record(header)?;
    for probe in &answer.probes {
        let mut row = vec![probe.value.text()];
        for estimate in &probe.estimates {
            row.push(field(estimate.map(|estimate| estimate.value)));
            row.push(field(estimate.and_then(|estimate| estimate.ci95)));
        }
        let (outcome, reason) = match &probe.outcome {
            Outcome::Met => ("met", String::new()),
            Outcome::Missed(objective) => ("missed", objective.clone()),
            Outcome::Overloaded(station) => ("overloaded", station.clone()),
            Outcome::Refused(reason) => ("refused", reason.clone()),
            Outcome::TooManyRequests(requests) => ("not run", format!("{requests} requests")),
        };
        row.extend([outcome.to_owned(), reason]);
        table.write_record(row)?;
    }
    table.flush()
}
