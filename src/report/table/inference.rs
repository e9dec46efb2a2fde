//! Inference: counts, latency by class and exit, breakdown by class.

use super::grid::grid;
use crate::actors::{Exit, RequestRecord};
use crate::experiment::{InferenceResult, LatencyResult, RunResult};
use crate::report::classes::{class_of, latency_of};
use crate::report::text::{dash, milliseconds, percent, shortened};

/// Columns that a class's name may take.
const NAME_WIDTH: usize = 16;

/// The stages in two lines each, in the order of [`crate::actors::STAGE_NAMES`].
const STAGE_HEADERS: [&str; 10] = [
    "device\nwait",
    "device\nservice",
    "uplink\nwait",
    "uplink\nservice",
    "uplink\nprop.",
    "server\nwait",
    "server\nservice",
    "downl.\nwait",
    "downl.\nservice",
    "downl.\nprop.",
];

pub(super) fn sections(run: &RunResult, inference: &InferenceResult) -> Vec<String> {
    let mut sections = vec![totals(inference)];
    if inference.latency.is_some() {
        sections.push(latency_table(run, inference));
    }
    if inference.breakdown.is_some() {
        sections.push(breakdown_table(run, inference));
    }
    sections
}

fn totals(inference: &InferenceResult) -> String {
    let counts = format!(
        "Inference: {} requests, {} completed, {} dropped, {} failed, {} in flight",
        inference.requests,
        inference.completed,
        inference.dropped,
        inference.failed,
        inference.in_flight,
    );
    let window = format!(
        "Arrivals from {:.3} s to {:.3} s: ",
        inference.warmup.as_secs_f64(),
        inference.duration.as_secs_f64()
    );
    let Some(latency) = &inference.latency else {
        return format!("{counts}\n{window}No request was answered");
    };
    let interval =
        latency.ci95.map_or_else(String::new, |ci95| format!(" ± {} (95 %)", milliseconds(ci95)));
    format!(
        "{counts}\n{window}{} % offloaded, {} % right\nMean latency: {}{interval} ms",
        percent(inference.offloaded_fraction),
        percent(inference.accuracy),
        milliseconds(latency.mean),
    )
}

fn latency_table(run: &RunResult, inference: &InferenceResult) -> String {
    let header =
        ["class", "exit", "answered", "mean (ms)", "p50 (ms)", "p90 (ms)", "p99 (ms)", "max (ms)"];
    let mut rows = vec![latency_row("all", "both", inference, |_| true)];
    for (class, name) in run.classes.iter().enumerate() {
        for (exit, exit_name) in [(Exit::Client, "client"), (Exit::Server, "server")] {
            rows.push(latency_row(name, exit_name, inference, |record| {
                class_of(run, record) == class && record.exit == Some(exit)
            }));
        }
    }
    grid("Latency by device class and exit", &header, rows)
}

fn latency_row(
    class: &str,
    exit: &str,
    inference: &InferenceResult,
    counts: impl Fn(&RequestRecord) -> bool + Copy,
) -> Vec<String> {
    let answered = inference.answered_in_window().filter(|(record, _)| counts(record)).count();
    let shown = match latency_of(inference, counts) {
        Some(LatencyResult { mean, p50, p90, p99, max, .. }) => {
            [mean, p50, p90, p99, max].map(milliseconds)
        }
        None => [(); 5].map(|()| dash()),
    };
    let mut row = vec![shortened(class, NAME_WIDTH), exit.to_owned(), answered.to_string()];
    row.extend(shown);
    row
}

/// Stages that no request passed are left out.
fn breakdown_table(run: &RunResult, inference: &InferenceResult) -> String {
    let passed: Vec<usize> = (0..STAGE_HEADERS.len())
        .filter(|&stage| inference.breakdown.is_some_and(|means| means[stage] > 0.0))
        .collect();
    let mut header = vec!["class"];
    header.extend(passed.iter().map(|&stage| STAGE_HEADERS[stage]));
    let classes = run.classes.iter().map(String::as_str).zip(&inference.breakdown_by_class);
    let rows =
        std::iter::once(("all", &inference.breakdown)).chain(classes).map(|(name, means)| {
            let mut row = vec![shortened(name, NAME_WIDTH)];
            row.extend(
                passed
                    .iter()
                    .map(|&stage| means.map_or_else(dash, |means| milliseconds(means[stage]))),
            );
            row
        });
    grid("Mean latency by stage (ms)", &header, rows)
}
