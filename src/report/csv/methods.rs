//! `methods.csv`: one row for each compared method, OOD level, exit and threshold.

use super::accuracy::rows;
use super::field;
use crate::experiment::{MethodResult, compared_rounds};
use std::io::{self, Write};

/// Writes the accuracy of each method's models in the form of `accuracy.csv`, after the last number of
/// rounds that all have been evaluated after, and beside it what the method's training cost:
/// simulated time, bytes each way over all rounds, FLOPs of a device's round of full mini-batches, and
/// training memory of a device. Time and bytes of a training that went on to other rounds are left
/// empty.
///
/// # Errors
/// If `out` fails.
pub fn write_methods(out: &mut dyn Write, methods: &[MethodResult]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "method",
        "rounds",
        "ood",
        "exit",
        "threshold",
        "accuracy",
        "worst_decile",
        "main",
        "ood_only",
        "offloaded",
        "time_ns",
        "bytes_up",
        "bytes_down",
        "device_flops_per_round",
        "device_memory_bytes",
        "accuracy_ci95",
        "worst_decile_ci95",
        "main_ci95",
        "ood_only_ci95",
        "offloaded_ci95",
    ])?;
    let rounds = compared_rounds(methods);
    for method in methods {
        let evaluated = rounds.and_then(|rounds| method.evaluation_after(rounds));
        let Some((training, evaluation)) = evaluated else { continue };
        let is_whole = training.rounds.len() as u64 == u64::from(evaluation.rounds_done);
        let cost = |cost: u64| field(is_whole.then_some(cost));
        for row in rows(evaluation) {
            let method_of = [training.method.to_owned(), evaluation.rounds_done.to_string()];
            let costs = [
                cost(training.time.as_nanos()),
                cost(training.bytes_up),
                cost(training.bytes_down),
                method.device_flops.to_string(),
                method.device_memory.0.to_string(),
            ];
            let row = row.answer.into_iter().chain(row.values).chain(costs).chain(row.half_widths);
            table.write_record(method_of.into_iter().chain(row))?;
        }
    }
    table.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_method_has_its_answers_and_its_costs_beside_them() {
        let mut out = Vec::new();
        write_methods(&mut out, &sample::methods()).unwrap();
        let table = String::from_utf8(out).unwrap();
        // six levels, of splitgp two exits and four thresholds, of fedavg the full model
        assert_eq!(table.lines().count(), 1 + 6 * (2 + 4) + 6);
        let full: Vec<&str> = table.lines().filter(|row| row.contains(",full,")).collect();
        assert_eq!(full.len(), 6);
        assert!(full[0].starts_with("fedavg,20,0,full,,"), "{}", full[0]);
        assert!(full[0].ends_with(",193000000000,47000000,,,,,"), "{}", full[0]);
    }

    #[test]
    fn all_methods_are_at_the_same_round_and_costs_are_of_no_other() {
        let mut methods = sample::methods();
        let stopped = methods[1].run.training.as_mut().unwrap();
        stopped.evaluations.pop();
        let rounds = stopped.evaluations.last().expect("evaluated twice").rounds_done;
        stopped.rounds.truncate(rounds as usize);
        let mut out = Vec::new();
        write_methods(&mut out, &methods).unwrap();
        let table = String::from_utf8(out).unwrap();
        let start = |method: &str| format!("{method},{rounds},");
        assert!(table.lines().skip(1).all(|row| {
            row.starts_with(&start("splitgp")) || row.starts_with(&start("fedavg"))
        }));
        let row = |method: &str| table.lines().find(|row| row.starts_with(method)).unwrap();
        assert!(row("splitgp").ends_with(",,,,78900000000,17000000,,,,,"), "{}", row("splitgp"));
        assert!(!row("fedavg").ends_with(",,,,193000000000,47000000,,,,,"), "{}", row("fedavg"));
    }
}
