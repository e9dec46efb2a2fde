//! `requests.csv`: one row for each selected request.

use super::field;
use crate::actors::{Exit, RequestOutcome, RequestRecord, STAGE_NAMES};
use crate::experiment::{InferenceResult, RunResult};
use std::io::{self, Write};

/// The columns before the stages.
const LEADING_COLUMNS: [&str; 9] =
    ["request", "client", "class", "arrival_ns", "sample", "ood", "exit", "correct", "outcome"];

/// Writes the rows of an evenly spread `share` in [0, 1] of all requests, in order of arrival.
/// `request` is the request's number in the whole run, counted from 0; `client` and `class` are
/// names; the ten stages' columns end in `_ns`.
///
/// # Errors
/// If `out` fails.
pub fn write_requests(
    out: &mut dyn Write,
    run: &RunResult,
    inference: &InferenceResult,
    share: f64,
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let stages = STAGE_NAMES.iter().map(|stage| format!("{stage}_ns"));
    let leading = LEADING_COLUMNS.iter().map(ToString::to_string);
    table.write_record(leading.chain(stages).chain(["done_ns".to_owned()]))?;
    let selection = Selection::of(share);
    for (number, record) in (0_u64..).zip(&inference.records) {
        if selection.contains(number) {
            table.write_record(row(run, number, record))?;
        }
    }
    table.flush()
}

fn row(run: &RunResult, number: u64, record: &RequestRecord) -> Vec<String> {
    let client = &run.clients[record.client as usize];
    let mut row = vec![
        number.to_string(),
        client.name.to_string(),
        run.classes[client.class].clone(),
        record.arrival.as_nanos().to_string(),
        field(record.sample),
        field(record.ood),
        field(record.exit.map(exit_name)),
        field(record.correct),
        outcome_name(record.outcome).to_owned(),
    ];
    row.extend(record.stages.as_array().map(|stage| stage.as_nanos().to_string()));
    row.push(field(record.done.map(|done| done.as_nanos())));
    row
}

fn exit_name(exit: Exit) -> &'static str {
    match exit {
        Exit::Client => "client",
        Exit::Server => "server",
    }
}

fn outcome_name(outcome: RequestOutcome) -> &'static str {
    match outcome {
        RequestOutcome::Completed => "completed",
        RequestOutcome::Dropped => "dropped",
        RequestOutcome::Failed => "failed",
        RequestOutcome::InFlight => "in-flight",
    }
}

/// An evenly spread share of the natural numbers: i is in it iff ⌊(i + 1)·share⌋ > ⌊i·share⌋. It
/// depends on nothing but the share, so the same requests are written in every run.
struct Selection {
    /// The share in units of 2⁻³².
    parts: u128,
}

impl Selection {
    /// # Panics
    /// If `share` is not in [0, 1]: a validated scenario has no other.
    fn of(share: f64) -> Self {
        assert!((0.0..=1.0).contains(&share), "{share} is not a share");
        // Rounded up, so that 0.2 takes its first of five numbers and not of six.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most 2³², checked above"
        )]
        let parts = (share * 2_f64.powi(32)).ceil() as u64;
        Self { parts: parts.into() }
    }

    fn contains(&self, number: u64) -> bool {
        let taken_below = |number: u128| (number * self.parts) >> 32;
        taken_below(u128::from(number) + 1) > taken_below(number.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn written(share: f64) -> String {
        let run = sample::small();
        let mut out = Vec::new();
        write_requests(&mut out, &run, run.inference.as_ref().unwrap(), share).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_columns_are_the_contract() {
        assert_eq!(
            written(0.0),
            "request,client,class,arrival_ns,sample,ood,exit,correct,outcome,device_wait_ns,\
             device_service_ns,uplink_wait_ns,uplink_service_ns,uplink_propagation_ns,\
             server_wait_ns,server_service_ns,downlink_wait_ns,downlink_service_ns,\
             downlink_propagation_ns,done_ns\n"
        );
    }

    #[test]
    fn stages_of_a_completed_request_add_up_to_its_latency() {
        let table = written(1.0);
        let mut completed = 0;
        for row in table.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>()) {
            if row[8] == "completed" {
                let number = |column: usize| row[column].parse::<u64>().unwrap();
                assert_eq!((9..19).map(number).sum::<u64>(), number(19) - number(3), "{row:?}");
                completed += 1;
            }
        }
        assert!(completed > 100, "{completed} rows checked");
    }

    #[test]
    fn what_does_not_exist_is_an_empty_field() {
        let table = written(1.0);
        let in_flight = table.lines().find(|row| row.contains("in-flight")).unwrap();
        assert!(in_flight.ends_with(','), "done_ns is empty while in flight: {in_flight}");
        assert!(table.contains(",client,true,completed,"), "{table}");
        assert!(table.contains(",dropped,"), "{table}");
    }

    #[test]
    fn a_share_selects_its_count_evenly() {
        for (share, expected) in [(0.0, 0), (0.01, 10), (0.2, 200), (0.3, 300), (1.0, 1000)] {
            let selection = Selection::of(share);
            let taken: Vec<u64> = (0..1000).filter(|&i| selection.contains(i)).collect();
            assert_eq!(taken.len(), expected, "{share} of 1000");
        }
        let fifth = Selection::of(0.2);
        let taken: Vec<u64> = (0..20).filter(|&i| fifth.contains(i)).collect();
        assert_eq!(taken, [4, 9, 14, 19]);
    }
}
