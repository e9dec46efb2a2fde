//! The report of several training methods on the same clients.

use super::figure::{figures, gallery};
use super::notes::notes;
use super::origin;
use super::page::{Note, Page, Section, Severity, Tile};
use super::saved::SavedRun;
use super::table::{Cell, Table};
use super::tiles::{share, tile};
use super::words::{LONGEST_NAME, duration, grouped, listed};
use crate::quantity::Bytes;
use crate::report::ReportError;
use crate::report::saved_file::rows;
use crate::report::text::{counted, milliseconds, shortened};
use maud::html;
use serde::Deserialize;
use std::path::Path;

/// The table that tells a folder of several methods.
pub(super) const METHODS_TABLE: &str = "methods.csv";

/// A row of `methods.csv`.
#[derive(Debug, Deserialize)]
struct Row {
    method: String,
    rounds: u64,
    ood: f64,
    exit: String,
    accuracy: f64,
    accuracy_ci95: Option<f64>,
    time_ns: Option<u64>,
    bytes_up: Option<u64>,
    bytes_down: Option<u64>,
    device_flops_per_round: Option<u64>,
    device_memory_bytes: Option<u64>,
}

impl Row {
    /// The answer as tables call it.
    fn answer(&self) -> &'static str {
        match self.exit.as_str() {
            "client" => "client exit",
            "server" => "server exit",
            _ => "full model",
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "shown to three decimals")]
    fn seconds(&self) -> Option<f64> {
        self.time_ns.map(|nanos| nanos as f64 / 1e9)
    }
}

/// The page of the methods in `folder`.
///
/// # Errors
/// If a file of it cannot be read or holds something else, or no method was evaluated.
pub(super) fn page(folder: &Path) -> Result<Page, ReportError> {
    let mut rows: Vec<Row> = rows(&folder.join(METHODS_TABLE))?;
    // Selective answers belong to one method at several thresholds: its own report has them.
    rows.retain(|row| row.exit != "selective");
    let mut names: Vec<&str> = Vec::new();
    for row in &rows {
        if !names.contains(&row.method.as_str()) {
            names.push(&row.method);
        }
    }
    let runs = saved_runs(folder, &names)?;
    let Some((_, first)) = runs.first() else {
        let path = folder.display();
        return Err(ReportError::Runs(format!("{path} holds no method that was evaluated")));
    };
    let interrupted = runs.iter().any(|(_, run)| run.summary.interrupted);
    let state = if interrupted {
        (Severity::Bad, "interrupted".to_owned())
    } else {
        (Severity::Good, "complete".to_owned())
    };
    let figures = figures(folder, ["accuracy_by_method"])?;
    let command = origin::Command::Run { seed: first.summary.seed, interrupted };
    let mut sections = vec![Section {
        id: "accuracy",
        title: "Accuracy and cost",
        content: html! { (accuracies(&rows)) (costs(&rows)) },
    }];
    if !figures.is_empty() {
        sections.push(Section { id: "figures", title: "Figures", content: gallery(&figures) });
    }
    sections.push(Section { id: "runs", title: "Runs", content: runs_table(&runs) });
    let content = origin::scenario(folder, command)?;
    sections.push(Section { id: "scenario", title: "Scenario", content });
    let rounds: Vec<String> = rows.first().map(|row| grouped(row.rounds)).into_iter().collect();
    Ok(Page {
        kind: "Comparison of training methods",
        title: shortened(&first.summary.scenario, LONGEST_NAME),
        state,
        verdict: format!(
            "{} on the same clients, initialisation and network, compared after {} rounds.",
            counted(names.len(), "method"),
            listed(&rounds)
        ),
        identity: vec![
            ("Seed", first.summary.seed.to_string()),
            ("Version", shortened(&first.summary.version, LONGEST_NAME)),
        ],
        notes: notes_of(&runs),
        tiles: tiles(&rows),
        sections,
    })
}

/// The run of each method that has one.
fn saved_runs(folder: &Path, names: &[&str]) -> Result<Vec<(String, SavedRun)>, ReportError> {
    let mut runs = Vec::new();
    for name in names {
        // A name that leads out of the folder is no method's.
        let is_plain = Path::new(name).components().count() == 1 && !name.contains("..");
        if is_plain && let Some(run) = SavedRun::read(&folder.join(name))? {
            runs.push(((*name).to_owned(), run));
        }
    }
    Ok(runs)
}

fn notes_of(runs: &[(String, SavedRun)]) -> Vec<Note> {
    let mut all: Vec<Note> = Vec::new();
    for (name, run) in runs {
        let name = shortened(name, LONGEST_NAME);
        all.extend(
            notes(run)
                .into_iter()
                .map(|note| Note { text: format!("{name}: {}", note.text), ..note }),
        );
    }
    all.sort_by_key(|note| std::cmp::Reverse(note.severity));
    all
}

fn tiles(rows: &[Row]) -> Vec<Tile> {
    let lowest = rows.iter().map(|row| row.ood).min_by(f64::total_cmp);
    let highest = rows.iter().map(|row| row.ood).max_by(f64::total_cmp);
    let best_at = |ood: f64| {
        let at = rows.iter().filter(|row| row.ood == ood);
        let best = at.max_by(|a, b| a.accuracy.total_cmp(&b.accuracy))?;
        let note = format!("{}, {}", shortened(&best.method, LONGEST_NAME), best.answer());
        Some(tile(format!("Most accurate at ρ = {ood}"), share(Some(best.accuracy)), note))
    };
    let mut levels: Vec<f64> = lowest.into_iter().chain(highest).collect();
    levels.dedup();
    let mut tiles: Vec<Tile> = levels.into_iter().filter_map(best_at).collect();
    let fastest = rows
        .iter()
        .filter_map(|row| Some((row, row.seconds()?)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    tiles.extend(fastest.map(|(row, seconds)| {
        tile("Fastest to train", duration(seconds), shortened(&row.method, LONGEST_NAME))
    }));
    tiles
}

/// A row for each answer of a method, a column for each level.
fn accuracies(rows: &[Row]) -> maud::Markup {
    let mut levels: Vec<f64> = rows.iter().map(|row| row.ood).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    // The ends and what is between them, as far as a page is wide.
    let step = levels.len().div_ceil(MOST_LEVELS).max(1);
    let levels: Vec<f64> = levels.into_iter().step_by(step).collect();
    let mut answers: Vec<(&str, &'static str)> = Vec::new();
    for row in rows {
        if !answers.contains(&(&row.method, row.answer())) {
            answers.push((&row.method, row.answer()));
        }
    }
    let heads = ["method", "answered by"].into_iter().map(str::to_owned);
    let heads = heads.chain(levels.iter().map(|ood| format!("ρ = {ood}")));
    let caption = "Accuracy (%), means over clients, by OOD level";
    Table::new(caption, heads, "answers", &answers, |&(method, answer)| {
        let at = |ood: f64| {
            let of = |row: &&Row| row.method == method && row.answer() == answer && row.ood == ood;
            let row = rows.iter().find(of);
            Cell::share(row.map(|row| row.accuracy), row.and_then(|row| row.accuracy_ci95))
        };
        let names = [Cell::text(method), Cell::text(answer)];
        names.into_iter().chain(levels.iter().map(|&ood| at(ood))).collect()
    })
    .of_file(METHODS_TABLE)
    .render()
}

/// The most OOD levels that a table has columns for.
const MOST_LEVELS: usize = 11;

fn costs(rows: &[Row]) -> maud::Markup {
    let mut methods: Vec<&Row> = Vec::new();
    for row in rows {
        if !methods.iter().any(|known| known.method == row.method) {
            methods.push(row);
        }
    }
    let heads = [
        "method",
        "simulated time (s)",
        "up (MB)",
        "down (MB)",
        "device GFLOP a round",
        "device memory",
    ];
    #[expect(clippy::cast_precision_loss, reason = "shown to three decimals")]
    let scaled = |value: Option<u64>, scale: f64| {
        Cell::maybe(value.map(|value| value as f64 / scale), |value| format!("{value:.3}"))
    };
    #[expect(clippy::cast_precision_loss, reason = "a sort key only")]
    let memory = |bytes: Option<u64>| {
        Cell::maybe(bytes.map(|bytes| bytes as f64), |_| Bytes(bytes.unwrap_or(0)).to_string())
    };
    let caption = "What training took, in simulated time and on the wire";
    Table::new(caption, heads, "methods", &methods, |row| {
        vec![
            Cell::text(&row.method),
            Cell::maybe(row.seconds(), |seconds| format!("{seconds:.3}")),
            scaled(row.bytes_up, 1e6),
            scaled(row.bytes_down, 1e6),
            scaled(row.device_flops_per_round, 1e9),
            memory(row.device_memory_bytes),
        ]
    })
    .of_file(METHODS_TABLE)
    .without_empty_columns()
    .render()
}

fn runs_table(runs: &[(String, SavedRun)]) -> maud::Markup {
    let heads =
        ["method", "verdict", "p50 (ms)", "p99 (ms)", "offloaded (%)", "right (%)", "fingerprint"];
    let table = Table::new("Each method's run", heads, "methods", runs, |(name, run)| {
        let summary = &run.summary;
        let inference = summary.inference.as_ref();
        let latency = inference.and_then(|inference| inference.latency_s.as_ref());
        let (_, state) = super::notes::state(summary);
        vec![
            Cell::text(name),
            Cell::text(&state),
            Cell::maybe(latency.map(|latency| latency.p50), milliseconds),
            Cell::maybe(latency.map(|latency| latency.p99), milliseconds),
            Cell::share(inference.and_then(|inference| inference.offloaded_fraction), None),
            Cell::share(inference.and_then(|inference| inference.accuracy), None),
            Cell::text(&summary.fingerprint),
        ]
    });
    html! {
        (table.without_empty_columns().render())
        p {
            "Each method has a report of its own: " code { "splitgp-sim report FOLDER/METHOD" } "."
        }
    }
}
