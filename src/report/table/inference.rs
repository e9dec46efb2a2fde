//! Inference: counts, latency by class and exit, breakdown by class.

use super::grid::grid;
use crate::experiment::{ExitResult, InferenceResult, LatencyResult, RunResult, Timeliness};
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
        "Arrivals from {:.3} s to {:.3} s{}: ",
        inference.warmup.as_secs_f64(),
        inference.duration.as_secs_f64(),
        inference
            .removed
            .map_or_else(String::new, |removed| format!(" ({removed} removed by MSER-5)")),
    );
    let Some(latency) = &inference.latency else {
        return format!("{counts}\n{window}No request was answered");
    };
    let interval =
        latency.ci95.map_or_else(String::new, |ci95| format!(" ± {} (95 %)", milliseconds(ci95)));
    let deadline = inference.timeliness.as_ref().map_or_else(String::new, in_time);
    format!(
        "{counts}\n{window}{} % offloaded, {} % right\nMean latency: {}{interval} ms{deadline}",
        percent(inference.offloaded_fraction),
        percent(inference.accuracy),
        milliseconds(latency.mean),
    )
}

/// How the deadline was kept, as a further line.
fn in_time(timeliness: &Timeliness) -> String {
    format!(
        "\nDeadline of {} ms: {} % missed it, {:.3} answers a second in time",
        milliseconds(timeliness.deadline.as_secs_f64()),
        percent(timeliness.miss_ratio),
        timeliness.goodput,
    )
}

fn latency_table(run: &RunResult, inference: &InferenceResult) -> String {
    let header =
        ["class", "exit", "answered", "mean (ms)", "p50 (ms)", "p90 (ms)", "p99 (ms)", "max (ms)"];
    let exits = || inference.by_class.iter().flat_map(|class| class.exits);
    let both = ExitResult {
        answered: exits().map(|exit| exit.answered).sum(),
        latency: inference.latency,
    };
    let mut rows = vec![latency_row("all", "both", &both)];
    for (name, class) in run.classes.iter().zip(&inference.by_class) {
        for (exit, result) in ["client", "server"].into_iter().zip(&class.exits) {
            rows.push(latency_row(name, exit, result));
        }
    }
    grid("Latency by device class and exit", &header, rows)
}

fn latency_row(class: &str, exit: &str, result: &ExitResult) -> Vec<String> {
    let shown = match result.latency {
        Some(LatencyResult { mean, p50, p90, p99, max, .. }) => {
            [mean, p50, p90, p99, max].map(milliseconds)
        }
        None => [(); 5].map(|()| dash()),
    };
    let mut row = vec![shortened(class, NAME_WIDTH), exit.to_owned(), result.answered.to_string()];
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
    let of_class = inference.by_class.iter().map(|class| class.breakdown);
    let classes = run.classes.iter().map(String::as_str).zip(of_class);
    let rows = std::iter::once(("all", inference.breakdown)).chain(classes).map(|(name, means)| {
        let mut row = vec![shortened(name, NAME_WIDTH)];
        row.extend(
            passed.iter().map(|&stage| means.map_or_else(dash, |means| milliseconds(means[stage]))),
        );
        row
    });
    grid("Mean latency by stage (ms)", &header, rows)
}
