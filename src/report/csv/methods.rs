//! `methods.csv`: one row for each compared method, OOD level, exit and threshold.

use super::accuracy::rows;
use crate::experiment::MethodResult;
use std::io::{self, Write};

/// Writes the accuracy of each method's final models in the form of `accuracy.csv`, and beside it
/// what the method's training cost: simulated time, bytes each way over all rounds, FLOPs of a
/// device's round of full mini-batches, and training memory of a device.
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
    for method in methods {
        let Some(training) = &method.run.training else { continue };
        let Some(last) = training.evaluations.last() else { continue };
        for row in rows(last) {
            let method_of = [training.method.to_owned(), last.rounds_done.to_string()];
            let costs = [
                training.time.as_nanos().to_string(),
                training.bytes_up.to_string(),
                training.bytes_down.to_string(),
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
}
