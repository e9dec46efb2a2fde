//! `accuracy.csv`: one row for each evaluation, OOD level, exit and threshold.

use super::field;
use crate::experiment::{Accuracy, AccuracyPoint, Evaluation, TrainingResult};
use std::io::{self, Write};

/// Writes every evaluation in tidy form: `exit` is `client`, `server`, `selective` or `full` (the full
/// model), whichever the method has; `threshold` (E_th in nats) and `offloaded` (β) belong to
/// `selective` alone. `accuracy` is the mean over clients, `worst_decile` that of the worst tenth of
/// them, `main` and `ood_only` are over main and out-of-distribution samples alone. With several
/// training seeds they are means over the seeds, and the columns in `_ci95` hold the half-widths of
/// their 95 % confidence intervals.
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
        "accuracy_ci95",
        "worst_decile_ci95",
        "main_ci95",
        "ood_only_ci95",
        "offloaded_ci95",
    ])?;
    for evaluation in &training.evaluations {
        let time = evaluation.time.as_nanos();
        for row in rows(evaluation) {
            let when = [evaluation.rounds_done.to_string(), time.to_string()];
            let row = row.answer.into_iter().chain(row.values).chain(row.half_widths);
            table.write_record(when.into_iter().chain(row))?;
        }
    }
    table.flush()
}

/// One answer of an evaluation at one OOD level, as text.
pub(super) struct Row {
    /// ρ, who answered and E_th.
    pub(super) answer: [String; 3],
    /// Accuracy: the mean over clients, the worst tenth, main and OOD samples alone; β.
    pub(super) values: [String; 5],
    /// Half-widths of these; empty without several seeds.
    pub(super) half_widths: [String; 5],
}

/// All answers of an evaluation, level by level.
pub(super) fn rows(evaluation: &Evaluation) -> impl Iterator<Item = Row> {
    evaluation.points.iter().enumerate().flat_map(|(index, point)| {
        let half_widths = evaluation.half_widths.get(index).into_iter().flat_map(answers);
        let mut half_widths = half_widths.map(|answer| answer.values());
        answers(point).map(move |answer| Row {
            answer: [point.ood.to_string(), answer.exit.to_owned(), field(answer.threshold)],
            values: answer.values(),
            half_widths: half_widths.next().unwrap_or_default(),
        })
    })
}

/// Who answered, and how well.
struct Answer<'a> {
    exit: &'static str,
    threshold: Option<f64>,
    accuracy: &'a Accuracy,
    offloaded: Option<f64>,
}

impl Answer<'_> {
    fn values(&self) -> [String; 5] {
        let Self { accuracy, offloaded, .. } = self;
        [
            accuracy.mean.to_string(),
            accuracy.worst_decile.to_string(),
            accuracy.main.to_string(),
            field(accuracy.ood),
            field(*offloaded),
        ]
    }
}

/// All answers that a method has at one OOD level: of its exits or its full model alone, then of
/// entropy offloading.
fn answers(point: &AccuracyPoint) -> impl Iterator<Item = Answer<'_>> {
    let exits = [("client", &point.client_exit), ("server", &point.server_exit)];
    let alone = exits.into_iter().chain([("full", &point.full)]);
    let alone = alone.filter_map(|(exit, accuracy)| {
        let accuracy = accuracy.as_ref()?;
        Some(Answer { exit, threshold: None, accuracy, offloaded: None })
    });
    alone.chain(point.selective.iter().map(|selective| Answer {
        exit: "selective",
        threshold: Some(selective.threshold),
        accuracy: &selective.accuracy,
        offloaded: Some(selective.offloaded),
    }))
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
            "rounds_done,time_ns,ood,exit,threshold,accuracy,worst_decile,main,ood_only,offloaded,\
             accuracy_ci95,worst_decile_ci95,main_ci95,ood_only_ci95,offloaded_ci95"
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
            assert_eq!(row[10..], [""; 5], "one seed has no interval: {row:?}");
        }
    }

    #[test]
    fn several_seeds_have_their_half_widths_beside_their_means() {
        let training = sample::seeded().training.unwrap();
        let mut out = Vec::new();
        write_accuracy(&mut out, &training).unwrap();
        for row in String::from_utf8(out).unwrap().lines().skip(1) {
            let row: Vec<&str> = row.split(',').collect();
            for (mean, half_width) in row[5..10].iter().zip(&row[10..]) {
                assert_eq!(mean.is_empty(), half_width.is_empty(), "{row:?}");
            }
            assert_eq!(row[10], "0.02", "{row:?}");
        }
    }
}
