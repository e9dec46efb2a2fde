//! `accuracy.csv`: one row for each evaluation, OOD level, exit and threshold.

use super::field;
use crate::experiment::{Accuracy, Evaluation, TrainingResult};
use std::io::{self, Write};

/// Writes every evaluation in tidy form: `exit` is `client`, `server`, `selective` or `full` (the full
/// model), whichever the method has; `threshold` (E_th in nats) and `offloaded` (β) belong to `selective` alone. `accuracy` is the mean over
/// clients, `worst_decile` that of the worst tenth of them, `main` and `ood_only` are over main and
/// out-of-distribution samples alone.
///
/// # Errors
/// If `out` fails.
pub fn write_accuracy(out: &mut dyn Write, training: &TrainingResult) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "rounds_done",
        "time_ns",
        "ood",
        "exit",
        "threshold",
        "accuracy",
        "worst_decile",
        "main",
        "ood_only",
        "offloaded",
    ])?;
    for evaluation in &training.evaluations {
        for row in rows(evaluation) {
            table.write_record(row)?;
        }
    }
    table.flush()
}

fn rows(evaluation: &Evaluation) -> impl Iterator<Item = [String; 10]> {
    evaluation.points.iter().flat_map(|point| {
        let row = |exit: &str, threshold, accuracy: &Accuracy, offloaded| {
            [
                evaluation.rounds_done.to_string(),
                evaluation.time.as_nanos().to_string(),
                point.ood.to_string(),
                exit.to_owned(),
                field::<f64>(threshold),
                accuracy.mean.to_string(),
                accuracy.worst_decile.to_string(),
                accuracy.main.to_string(),
                field(accuracy.ood),
                field::<f64>(offloaded),
            ]
        };
        let exits = [("client", &point.client_exit), ("server", &point.server_exit)];
        let alone = exits.into_iter().chain([("full", &point.full)]);
        let alone = alone.filter_map(|(exit, accuracy)| Some((exit, accuracy.as_ref()?)));
        let mut rows: Vec<_> =
            alone.map(|(exit, accuracy)| row(exit, None, accuracy, None)).collect();
        rows.extend(point.selective.iter().map(|selective| {
            let (threshold, offloaded) = (Some(selective.threshold), Some(selective.offloaded));
            row("selective", threshold, &selective.accuracy, offloaded)
        }));
        rows
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_point_has_a_row_for_each_exit_and_threshold() {
        let training = sample::small().training.unwrap();
        let mut out = Vec::new();
        write_accuracy(&mut out, &training).unwrap();
        let table = String::from_utf8(out).unwrap();
        assert_eq!(
            table.lines().next().unwrap(),
            "rounds_done,time_ns,ood,exit,threshold,accuracy,worst_decile,main,ood_only,offloaded"
        );
        let points: usize = training.evaluations.iter().map(|e| e.points.len()).sum();
        let thresholds = training.evaluations[0].points[0].selective.len();
        assert_eq!(table.lines().count(), 1 + points * (2 + thresholds));
    }

    #[test]
    fn only_selective_rows_state_a_threshold_and_an_offloaded_share() {
        let training = sample::small().training.unwrap();
        let mut out = Vec::new();
        write_accuracy(&mut out, &training).unwrap();
        for row in String::from_utf8(out).unwrap().lines().skip(1) {
            let row: Vec<&str> = row.split(',').collect();
            let selective = row[3] == "selective";
            assert_eq!((!row[4].is_empty(), !row[9].is_empty()), (selective, selective), "{row:?}");
            assert_eq!(row[8].is_empty(), row[2] == "0", "no OOD samples at ρ = 0: {row:?}");
        }
    }
}
