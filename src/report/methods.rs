//! The comparison of training methods: its files and its table.

use super::csv::write_methods;
use super::figures::draw_methods;
use super::stale::remove_of_run;
use super::table::grid;
use super::text::{counted, percent};
use super::{OutputFolder, ReportError};
use crate::experiment::{
    Accuracy, AccuracyPoint, Evaluation, MethodResult, TrainingResult, compared_rounds,
};
use crate::quantity::Bytes;
use std::path::PathBuf;

/// The most OOD levels that the table has columns for.
const LEVELS_SHOWN: usize = 6;

/// Writes `methods.csv` and the figure of the comparison into `folder`, removes what an earlier run
/// left there, and returns the paths.
///
/// # Errors
/// If a file cannot be written; the error names it.
pub fn write_comparison(
    methods: &[MethodResult],
    folder: &OutputFolder,
) -> Result<Vec<PathBuf>, ReportError> {
    let paths = folder.write_together(|set| {
        let mut paths = vec![set.write("methods.csv", |out| write_methods(out, methods))?];
        paths.extend(draw_methods(methods, set)?);
        Ok(paths)
    })?;
    let names: Vec<&str> =
        methods.iter().filter_map(|method| Some(method.run.training.as_ref()?.method)).collect();
    remove_of_run(folder, &paths, &names)?;
    Ok(paths)
}

/// The comparison as plain text: accuracy by method and exit, all after the same number of rounds,
/// then what each method cost, and which ones ended after other rounds.
pub fn comparison_table(methods: &[MethodResult]) -> String {
    let trained: Vec<(&MethodResult, &TrainingResult)> =
        methods.iter().filter_map(|method| Some((method, method.run.training.as_ref()?))).collect();
    let rounds = compared_rounds(methods);
    let accuracies = accuracies(methods, rounds);
    format!("{accuracies}\n\n{}\n{}", costs(&trained), notes(&trained, rounds))
}

/// A line for each method that was not evaluated after `rounds`, or whose costs are of another number
/// of rounds.
fn notes(methods: &[(&MethodResult, &TrainingResult)], rounds: Option<u32>) -> String {
    let note = |(method, training): &(&MethodResult, &TrainingResult)| {
        let name = training.method;
        let finished = counted(training.rounds.len(), "round");
        if rounds.and_then(|rounds| method.evaluation_after(rounds)).is_none() {
            return Some(format!("{name}: ended after {finished}, before its first evaluation\n"));
        }
        let is_whole = rounds.map(u64::from) == Some(training.rounds.len() as u64);
        (!is_whole).then(|| format!("{name}: time and bytes are of {finished}\n"))
    };
    let notes: String = methods.iter().filter_map(note).collect();
    if notes.is_empty() { notes } else { format!("\n{notes}") }
}

/// An accuracy that a method may lack.
type Answer = (&'static str, fn(&AccuracyPoint) -> Option<Accuracy>);

const ANSWERS: [Answer; 3] = [
    ("client exit", |point| point.client_exit),
    ("server exit", |point| point.server_exit),
    ("full model", |point| point.full),
];

fn accuracies(methods: &[MethodResult], rounds: Option<u32>) -> String {
    let evaluated = |method| -> Option<(&'static str, &Evaluation)> {
        let (training, evaluation) = MethodResult::evaluation_after(method, rounds?)?;
        Some((training.method, evaluation))
    };
    let evaluated: Vec<_> = methods.iter().filter_map(evaluated).collect();
    let levels: Vec<String> = evaluated
        .first()
        .map_or(&[][..], |(_, evaluation)| shown(&evaluation.points))
        .iter()
        .map(|point| format!("ρ = {}", point.ood))
        .collect();
    let mut header = vec!["method", "answered by"];
    header.extend(levels.iter().map(String::as_str));
    let rows = evaluated.iter().flat_map(|&(method, evaluation)| {
        let points = shown(&evaluation.points);
        let has = move |(_, of): &Answer| points.iter().any(|point| of(point).is_some());
        ANSWERS.into_iter().filter(has).map(move |(answer, of)| {
            let mut row = vec![method.to_owned(), answer.to_owned()];
            row.extend(points.iter().enumerate().map(|(index, point)| {
                let mean = |point| of(point).map(|accuracy: Accuracy| accuracy.mean);
                let accuracy = percent(mean(point));
                match evaluation.half_widths.get(index).and_then(mean) {
                    Some(half_width) => format!("{accuracy} ± {}", percent(Some(half_width))),
                    None => accuracy,
                }
            }));
            row
        })
    });
    let after = counted(rounds.unwrap_or(0) as usize, "round");
    grid(&format!("Accuracy after {after} (%, mean over clients)"), &header, rows)
}

/// The levels that the table has room for.
fn shown(points: &[AccuracyPoint]) -> &[AccuracyPoint] {
    &points[..points.len().min(LEVELS_SHOWN)]
}

fn costs(methods: &[(&MethodResult, &TrainingResult)]) -> String {
    let header = ["method", "time s", "up", "down", "device GFLOP a round", "device memory"];
    let rows = methods.iter().map(|(method, training)| {
        #[expect(clippy::cast_precision_loss, reason = "shown to three decimals")]
        let flops = method.device_flops as f64 / 1e9;
        vec![
            training.method.to_owned(),
            format!("{:.3}", training.time.as_secs_f64()),
            Bytes(training.bytes_up).to_string(),
            Bytes(training.bytes_down).to_string(),
            format!("{flops:.3}"),
            method.device_memory.to_string(),
        ]
    });
    grid("What training took, in simulated time and on the wire", &header, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_comparison_shows_each_method_s_own_answers_and_costs() {
        let table = comparison_table(&sample::methods());
        let rows: Vec<Vec<&str>> =
            table.lines().map(|line| line.split_whitespace().collect()).collect();
        let has = |row: &str| {
            let row: Vec<&str> = row.split(' ').collect();
            rows.iter().any(|found| found.starts_with(&row))
        };
        assert!(has("splitgp client exit 91.4 87.3 84.4 82.1 80.4 79.0"), "{table}");
        assert!(has("fedavg full model 92.4 91.7 91.3 91.0 90.7 90.5"), "{table}");
        assert!(!has("fedavg client"), "what a method lacks has no row: {table}");
        assert!(has("fedavg 12.001 63.499 MB 63.538 MB 193.000"), "{table}");
    }

    #[test]
    fn methods_that_ended_early_are_compared_at_a_common_round_or_named() {
        let mut methods = sample::methods();
        let stopped = methods[1].run.training.as_mut().unwrap();
        stopped.evaluations.pop();
        let rounds = stopped.evaluations.last().expect("evaluated twice").rounds_done;
        stopped.rounds.truncate(rounds as usize);
        let table = comparison_table(&methods);
        assert!(table.contains(&format!("Accuracy after {rounds} rounds")), "{table}");
        assert!(table.contains("splitgp: time and bytes are of 20 rounds"), "{table}");
        assert!(!table.contains("fedavg: "), "{table}");
        methods[1].run.training.as_mut().unwrap().evaluations.clear();
        let table = comparison_table(&methods);
        assert!(table.contains("Accuracy after 20 rounds"), "{table}");
        assert!(table.contains("before its first evaluation"), "{table}");
    }

    #[test]
    fn the_comparison_is_a_table_and_a_figure() {
        let root = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(root.path()).unwrap();
        let paths = write_comparison(&sample::methods(), &folder).unwrap();
        let names: Vec<_> =
            paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
        let figure = ["svg", "png", "csv"].map(|kind| format!("accuracy_by_method.{kind}"));
        assert_eq!(names[0], "methods.csv");
        assert_eq!(names[1..], figure);
        let svg = std::fs::read_to_string(&paths[1]).unwrap();
        for text in ["splitgp\n", "fedavg\n", "client exit\n", "server exit\n", "full model\n"] {
            assert!(svg.contains(text), "lacks {text:?}");
        }
        assert!(!svg.contains("selective"), "what no method was compared by has no panel");
    }
}
