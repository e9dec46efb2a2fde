//! `replications.csv`: one row for each of several replications.

use super::field;
use crate::actors::STAGE_NAMES;
use crate::experiment::ReplicationResult;
use std::io::{self, Write};

/// The columns before the stages.
const LEADING_COLUMNS: [&str; 17] = [
    "replication",
    "fingerprint",
    "events",
    "sim_time_ns",
    "training_time_ns",
    "requests",
    "completed",
    "dropped",
    "failed",
    "in_flight",
    "offloaded_fraction",
    "accuracy",
    "latency_mean_s",
    "latency_p50_s",
    "latency_p90_s",
    "latency_p99_s",
    "latency_max_s",
];

/// Writes one row a replication. Counts are over its whole run, everything else over the
/// statistics' window; the ten stages' columns are mean seconds and end in `_s`.
///
/// # Errors
/// If `out` fails.
pub fn write_replications(
    out: &mut dyn Write,
    replications: &[ReplicationResult],
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let stages = STAGE_NAMES.iter().map(|stage| format!("{stage}_s"));
    table.write_record(LEADING_COLUMNS.iter().map(ToString::to_string).chain(stages))?;
    for replication in replications {
        table.write_record(row(replication))?;
    }
    table.flush()
}

fn row(replication: &ReplicationResult) -> Vec<String> {
    let figures = &replication.figures;
    let mut row = vec![
        replication.replication.to_string(),
        format!("{:032x}", replication.fingerprint),
        replication.events.to_string(),
        replication.sim_time.as_nanos().to_string(),
        field(replication.training_time.map(|time| time.as_nanos())),
        replication.requests.to_string(),
        replication.completed.to_string(),
        replication.dropped.to_string(),
        replication.failed.to_string(),
        replication.in_flight.to_string(),
        field(figures.offloaded_fraction),
        field(figures.accuracy),
    ];
    row.extend((0..5).map(|index| field(figures.latency.map(|latency| latency[index]))));
    row.extend((0..10).map(|stage| field(figures.breakdown.map(|means| means[stage]))));
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Figures;
    use crate::time::{SimDuration, SimTime};

    #[test]
    fn a_row_has_a_field_for_each_column_and_none_where_nothing_is_known() {
        let replication = ReplicationResult {
            replication: 3,
            fingerprint: 0xabc,
            events: 7,
            sim_time: SimTime::from_nanos(20),
            training_time: Some(SimDuration::from_nanos(11)),
            requests: 5,
            completed: 4,
            dropped: 1,
            failed: 0,
            in_flight: 0,
            server_utilisation: 0.5,
            request_energy: None,
            figures: Figures {
                accuracy: Some(0.5),
                latency: Some([1.0, 2.0, 3.0, 4.0, 5.0]),
                ..Figures::default()
            },
        };
        let mut out = Vec::new();
        write_replications(&mut out, &[replication]).unwrap();
        let table = String::from_utf8(out).unwrap();
        let (header, row) = table.trim_end().split_once('\n').unwrap();
        assert_eq!(header.split(',').count(), row.split(',').count());
        assert_eq!(
            row,
            "3,00000000000000000000000000000abc,7,20,11,5,4,1,0,0,,0.5,1,2,3,4,5,,,,,,,,,,"
        );
    }
}
