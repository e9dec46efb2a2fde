//! Requests: latency by device class and stage, replications.

use super::saved::{DeviceClass, Figures, Inference, Latency, Replication};
use super::table::{Cell, Table};
use super::words::grouped;
use crate::report::text::{milliseconds, percent};
use maud::{Markup, html};

/// Latency and accuracy by device class, and where the time goes.
pub(super) fn section(inference: &Inference) -> Markup {
    html! {
        p {
            (answered(inference))
            @if let Some(deadline) = &inference.deadline {
                " Within " (milliseconds(deadline.limit_s)) " ms of their creation "
                (percent(deadline.miss_ratio.map(|missed| 1.0 - missed))) " % were answered."
            }
        }
        (by_class(&inference.by_class))
        (by_stage(&inference.by_class))
    }
}

/// What became of the requests of the whole run.
fn answered(inference: &Inference) -> String {
    let Inference { requests, completed, dropped, failed, in_flight, .. } = inference;
    if completed == requests {
        return format!("All {} requests were answered.", grouped(*requests));
    }
    let [requests, completed, dropped, failed, in_flight] =
        [requests, completed, dropped, failed, in_flight].map(|count| grouped(*count));
    format!(
        "Of {requests} requests {completed} were answered, {dropped} dropped, {failed} lost by \
         failures, and {in_flight} under way at the end."
    )
}

fn by_class(classes: &[DeviceClass]) -> Markup {
    let heads = [
        "device class",
        "requests",
        "answered",
        "mean (ms)",
        "p50 (ms)",
        "p90 (ms)",
        "p99 (ms)",
        "max (ms)",
        "offloaded (%)",
        "right (%)",
    ];
    Table::new("Latency by device class", heads, "device classes", classes, |class| {
        let time = |of: fn(&Latency) -> f64| latency(class.latency_s.as_ref().map(of));
        vec![
            Cell::text(&class.class),
            Cell::count(class.requests),
            Cell::count(class.completed),
            time(|latency| latency.mean),
            time(|latency| latency.p50),
            time(|latency| latency.p90),
            time(|latency| latency.p99),
            time(|latency| latency.max),
            Cell::share(class.offloaded_fraction, None),
            Cell::share(class.accuracy, None),
        ]
    })
    .render()
}

/// Stages that no request passed are left out.
fn by_stage(classes: &[DeviceClass]) -> Markup {
    let stages: Vec<&str> = classes
        .iter()
        .find_map(|class| class.breakdown_s.as_ref())
        .map(|stages| stages.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let mean = |class: &DeviceClass, stage: &str| class.breakdown_s.as_ref()?.get(stage).copied();
    let is_passed = |stage: &&str| {
        classes.iter().any(|class| mean(class, stage).is_some_and(|mean| mean > 0.0))
    };
    let stages: Vec<&str> = stages.into_iter().filter(is_passed).collect();
    let heads = std::iter::once("device class".to_owned())
        .chain(stages.iter().map(|stage| stage.replace('_', " ")));
    let caption = "Mean time of a request by stage (ms)";
    let row = |class: &DeviceClass| {
        let times = stages.iter().map(|stage| latency(mean(class, stage)));
        std::iter::once(Cell::text(&class.class)).chain(times).collect()
    };
    if stages.is_empty() {
        return html!();
    }
    Table::new(caption, heads, "device classes", classes, row).render()
}

/// A table of the replications, whose intervals stand beside the run's numbers.
pub(super) fn replications(replications: &[Replication]) -> Markup {
    if replications.is_empty() {
        return html!();
    }
    let heads = [
        "replication",
        "requests",
        "answered",
        "mean (ms)",
        "p50 (ms)",
        "p99 (ms)",
        "offloaded (%)",
        "right (%)",
        "fingerprint",
    ];
    let row = |replication: &Replication| {
        let figures: &Figures = &replication.figures;
        vec![
            Cell::count(replication.replication),
            Cell::count(replication.requests),
            Cell::count(replication.completed),
            latency(figures.latency("mean")),
            latency(figures.latency("p50")),
            latency(figures.latency("p99")),
            Cell::share(figures.offloaded_fraction, None),
            Cell::share(figures.accuracy, None),
            Cell::text(&replication.fingerprint),
        ]
    };
    let caption = "Independent draws of traffic and network";
    let table = Table::new(caption, heads, "replications", replications, row);
    html! {
        p {
            "What was learned is the same in all of them; intervals in this report are Student's t "
            "intervals of 95 % over them."
        }
        (table.render())
    }
}

fn latency(seconds: Option<f64>) -> Cell {
    Cell::maybe(seconds, milliseconds)
}
