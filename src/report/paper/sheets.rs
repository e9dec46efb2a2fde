//! Which tables there are: accuracy, what training took, the way to a target, requests.

use super::PaperQuestion;
use super::cost::reached;
use super::saved_run::{Exit, Point, SavedRun, Training};
use super::sheet::{Cell, Column, Sheet};
use crate::stats::{Tally, half_width_95};

/// An answer's name, and its accuracy at one OOD level.
type Answer = (&'static str, &'static str, fn(&Point) -> Option<&Exit>);

/// The answers, as tables and as `accuracy.csv` call them.
const ANSWERS: [Answer; 4] = [
    ("client exit", "client", |point| point.client_exit.as_ref()),
    ("server exit", "server", |point| point.server_exit.as_ref()),
    ("selective", "selective", |point| point.selective.as_ref()),
    ("full model", "full", |point| point.full.as_ref()),
];

/// The tables that `runs` have anything for.
pub(super) fn all(runs: &[SavedRun], question: PaperQuestion) -> Vec<Sheet> {
    let sheets = [accuracy(runs), costs(runs), target(runs, question), requests(runs)];
    sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()).collect()
}

/// The runs that train, each with its training.
fn trained(runs: &[SavedRun]) -> impl Iterator<Item = (&SavedRun, &Training)> {
    runs.iter().filter_map(|run| Some((run, run.summary.training.as_ref()?)))
}

/// Each run with a name, and the method unless it is the name.
fn names(run: &SavedRun, training: &Training) -> [Cell; 2] {
    [Cell::Name(run.name.clone()), Cell::Name(training.method.clone())]
}

fn name_columns() -> Vec<Column> {
    vec![Column::name("run"), Column::name("method")]
}

/// Whether intervals are over seeds, for a title.
fn over_seeds(runs: &[SavedRun]) -> &'static str {
    if runs.iter().any(|run| run.seeds() > 1) {
        ", mean ± 95 % interval over training seeds"
    } else {
        ""
    }
}

fn accuracy(runs: &[SavedRun]) -> Sheet {
    let mut levels: Vec<f64> =
        trained(runs).flat_map(|(_, training)| training.accuracy.iter().map(|p| p.ood)).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let mut columns = name_columns();
    columns.push(Column::name("answered by"));
    columns.extend(levels.iter().map(|level| {
        Column::number(format!("ρ = {level}"), format!("accuracy_percent_ood_{level}"), 1)
    }));
    let mut rows = Vec::new();
    for (run, training) in trained(runs) {
        for (name, _, of) in ANSWERS {
            let at = |level: &f64| {
                let exit = training.accuracy.iter().find(|p| p.ood == *level).and_then(of);
                exit.map_or(Cell::Missing, |exit| {
                    let ci95 = exit.ci95.as_ref().map(|ci95| 100.0 * ci95.mean);
                    Cell::Number(100.0 * exit.mean, ci95)
                })
            };
            let cells: Vec<Cell> = levels.iter().map(at).collect();
            if cells.iter().any(|cell| *cell != Cell::Missing) {
                let mut row = names(run, training).to_vec();
                row.push(Cell::Name(name.to_owned()));
                row.extend(cells);
                rows.push(row);
            }
        }
    }
    let title = format!("Accuracy of the final models (%){}", over_seeds(runs));
    Sheet { name: "accuracy", title, columns, rows }
}

fn costs(runs: &[SavedRun]) -> Sheet {
    let mut columns = name_columns();
    columns.extend([
        Column::number("time (s)", "time_s", 3),
        Column::number("up (MB)", "bytes_up_mb", 3),
        Column::number("down (MB)", "bytes_down_mb", 3),
        Column::number("device GFLOP a round", "device_gflop_per_round", 3),
        Column::number("device memory (MB)", "device_memory_mb", 3),
        Column::number("J a round", "energy_round_j", 3),
    ]);
    #[expect(clippy::cast_precision_loss, reason = "a table's precision")]
    let scaled = |value: u64, unit: f64| value as f64 / unit;
    let row = |(run, training): (&SavedRun, &Training)| {
        let mut row = names(run, training).to_vec();
        row.extend([
            time(training),
            Cell::Number(scaled(training.bytes.up, 1e6), None),
            Cell::Number(scaled(training.bytes.down, 1e6), None),
            Cell::of(training.device_flops_per_round.map(|flops| scaled(flops, 1e9))),
            Cell::of(training.device_memory_bytes.map(|bytes| scaled(bytes, 1e6))),
            Cell::of(run.summary.energy_j.as_ref().and_then(|energy| energy.round)),
        ]);
        row
    };
    let title = format!(
        "What training took: simulated time{}, bytes of all devices, one device, energy of all \
         devices beyond idling",
        over_seeds(runs)
    );
    Sheet { name: "costs", title, columns, rows: trained(runs).map(row).collect() }
}

/// The mean over seeds, with its interval if there are several.
fn time(training: &Training) -> Cell {
    let tally: Tally = training.seeds.iter().map(|seed| seed.time_s).collect();
    match tally.mean() {
        Some(mean) => Cell::Number(mean, half_width_95(&tally)),
        None => Cell::Number(training.time_s, None),
    }
}

fn target(runs: &[SavedRun], question: PaperQuestion) -> Sheet {
    let PaperQuestion { target, ood } = question;
    let mut columns = name_columns();
    columns.extend([
        Column::name("answered by"),
        Column::number("ρ", "ood", 2),
        Column::number("rounds", "rounds", 0),
        Column::number("time (s)", "time_s", 3),
        Column::number("up and down (MB)", "bytes_mb", 3),
        Column::name("reached"),
    ]);
    let mut rows = Vec::new();
    for (run, training) in trained(runs) {
        for (name, exit, _) in ANSWERS {
            let Some((level, found)) = reached(run, exit, ood, target) else { continue };
            let mut row = names(run, training).to_vec();
            row.extend([Cell::Name(name.to_owned()), Cell::Number(level, None)]);
            let costs = found.map(|found| [found.rounds, found.seconds, found.bytes / 1e6]);
            row.extend((0..3).map(|cost| Cell::of(costs.map(|costs| costs[cost]))));
            let said = if costs.is_some() { "yes" } else { "not reached" };
            row.push(Cell::Name(said.to_owned()));
            rows.push(row);
        }
    }
    let seeds = if runs.iter().any(|run| run.seeds() > 1) {
        " (the mean over training seeds; time and bytes of the first)"
    } else {
        ""
    };
    let title = format!(
        "The way to {} % accuracy: the first evaluation that reaches it{seeds}",
        100.0 * target
    );
    Sheet { name: "target", title, columns, rows }
}

fn requests(runs: &[SavedRun]) -> Sheet {
    let columns = vec![
        Column::name("run"),
        Column::number("requests", "requests", 0),
        Column::number("offloaded (%)", "offloaded_percent", 1),
        Column::number("accuracy (%)", "accuracy_percent", 1),
        Column::number("mean (ms)", "latency_mean_ms", 3),
        Column::number("p50 (ms)", "latency_p50_ms", 3),
        Column::number("p99 (ms)", "latency_p99_ms", 3),
        Column::number("J a request", "energy_request_j", 5),
    ];
    let row = |run: &SavedRun| {
        let inference = run.summary.inference.as_ref()?;
        let share = |value: Option<f64>, ci95: Option<f64>| {
            value.map_or(Cell::Missing, |value| {
                Cell::Number(100.0 * value, ci95.map(|ci95| 100.0 * ci95))
            })
        };
        let (latency, ci95) = (inference.latency_s.as_ref(), inference.ci95.as_ref());
        #[expect(clippy::cast_precision_loss, reason = "a table's precision")]
        let requests = inference.requests as f64;
        Some(vec![
            Cell::Name(run.name.clone()),
            Cell::Number(requests, None),
            share(inference.offloaded_fraction, ci95.and_then(|ci95| ci95.offloaded_fraction)),
            share(inference.accuracy, ci95.and_then(|ci95| ci95.accuracy)),
            latency.map_or(Cell::Missing, |latency| {
                Cell::Number(1e3 * latency.mean, latency.ci95.map(|ci95| 1e3 * ci95))
            }),
            Cell::of(latency.map(|latency| 1e3 * latency.p50)),
            Cell::of(latency.map(|latency| 1e3 * latency.p99)),
            Cell::of(run.summary.energy_j.as_ref().and_then(|energy| energy.request)),
        ])
    };
    Sheet {
        name: "requests",
        title: "Requests: latency from arrival to answer (± 95 % interval)".to_owned(),
        columns,
        rows: runs.iter().filter_map(row).collect(),
    }
}
