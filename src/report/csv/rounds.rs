//! `rounds.csv`: one row for each training round.

use super::field;
use crate::experiment::TrainingResult;
use std::io::{self, Write};

/// Writes one row a round: when its first download was sent and its aggregation computed, how many
/// clients took part and arrived, bytes each way with headers, mean cross entropies in nats of the
/// answers that the method has, and the mean over clients of ‖∇F_k‖² after the round where it was
/// measured.
///
/// # Errors
/// If `out` fails.
pub fn write_rounds(out: &mut dyn Write, training: &TrainingResult) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "round",
        "start_ns",
        "aggregated_ns",
        "participants",
        "arrived",
        "bytes_up",
        "bytes_down",
        "client_loss",
        "server_loss",
        "full_loss",
        "gradient_norm",
    ])?;
    for round in &training.rounds {
        let record = &round.record;
        table.write_record([
            record.round.to_string(),
            record.start.as_nanos().to_string(),
            record.aggregated.as_nanos().to_string(),
            record.participants.to_string(),
            record.arrived.to_string(),
            record.bytes_up.to_string(),
            record.bytes_down.to_string(),
            field(round.client_loss),
            field(round.server_loss),
            field(round.full_loss),
            field(round.gradient_norm),
        ])?;
    }
    table.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_round_has_a_row_under_the_contract_s_columns() {
        let training = sample::small().training.unwrap();
        let mut out = Vec::new();
        write_rounds(&mut out, &training).unwrap();
        let table = String::from_utf8(out).unwrap();
        assert_eq!(
            table.lines().next().unwrap(),
            "round,start_ns,aggregated_ns,participants,arrived,bytes_up,bytes_down,client_loss,\
             server_loss,full_loss,gradient_norm"
        );
        assert_eq!(table.lines().count(), 1 + training.rounds.len());
        let first = &training.rounds[0].record;
        let row = table.lines().nth(1).unwrap();
        assert!(row.starts_with(&format!("0,0,{},", first.aggregated.as_nanos())), "{row}");
    }
}
