//! The numbers that a reader looks for first.

use super::page::Tile;
use super::saved::{AccuracyAt, Energy, Exit, Inference, Latency, Summary, Training};
use super::words::{LONGEST_NAME, duration, grouped, joules};
use crate::quantity::Bytes;
use crate::report::text::{percent, shortened};

/// The tiles of a run: of requests, of training, of energy, whichever it has.
pub(super) fn tiles(summary: &Summary) -> Vec<Tile> {
    let mut tiles = Vec::new();
    if let Some(inference) = &summary.inference {
        tiles.extend(of_requests(inference));
    }
    if let Some(training) = &summary.training {
        tiles.extend(of_training(training));
    }
    if let Some(energy) = &summary.energy_j {
        tiles.extend(of_energy(energy));
    }
    tiles
}

/// A tile of a `figure` that stands before its unit, if it has one.
pub(super) fn tile(label: impl Into<String>, figure: String, note: String) -> Tile {
    let (value, unit) = match figure.rsplit_once(' ') {
        Some((value, unit)) => (value.to_owned(), unit.to_owned()),
        None => (figure, String::new()),
    };
    Tile { label: label.into(), value, unit, note }
}

/// A share in [0, 1] as per cent.
pub(super) fn share(share: Option<f64>) -> String {
    format!("{} %", percent(share))
}

fn of_requests(inference: &Inference) -> Vec<Tile> {
    let mut tiles = Vec::new();
    if let Some(latency) = &inference.latency_s {
        tiles.extend(of_latency(inference, latency));
    }
    let over_replications = |half_width: Option<f64>| {
        half_width
            .map_or_else(String::new, |width| format!("± {} over replications", share(Some(width))))
    };
    let intervals = inference.ci95.as_ref();
    if let Some(accuracy) = inference.accuracy {
        let note = over_replications(intervals.and_then(|widths| widths.accuracy));
        tiles.push(tile("Answered right", share(Some(accuracy)), note));
    }
    if let Some(offloaded) = inference.offloaded_fraction {
        let note = over_replications(intervals.and_then(|widths| widths.offloaded_fraction));
        tiles.push(tile("Offloaded", share(Some(offloaded)), note));
    }
    if let Some(deadline) = &inference.deadline {
        let missed = share(deadline.miss_ratio);
        let note = format!(
            "{} each; {:.3} answers a second in time",
            duration(deadline.limit_s),
            deadline.goodput_hz
        );
        tiles.push(tile("Deadline missed", missed, note));
    }
    let answered = format!("{} answered", grouped(inference.completed));
    tiles.push(tile("Requests", grouped(inference.requests), answered));
    tiles
}

fn of_latency(inference: &Inference, latency: &Latency) -> [Tile; 3] {
    let interval = |half_width: Option<f64>| {
        half_width.map_or_else(String::new, |width| format!("± {}, 95 % interval", duration(width)))
    };
    let over = |statistic| inference.ci95.as_ref().and_then(|widths| widths.latency(statistic));
    [
        tile("Latency p50", duration(latency.p50), interval(over("p50"))),
        tile("Latency p99", duration(latency.p99), interval(over("p99"))),
        tile("Mean latency", duration(latency.mean), interval(latency.ci95)),
    ]
}

fn of_training(training: &Training) -> Vec<Tile> {
    let method = shortened(&training.method, LONGEST_NAME);
    let rounds = format!("{} rounds of {method}, simulated", grouped(training.rounds));
    let mut tiles = vec![tile("Training", duration(training.time_s), rounds)];
    tiles.extend(of_accuracy(&training.accuracy));
    let bytes = Bytes(training.bytes.up.saturating_add(training.bytes.down)).to_string();
    let ways = format!("{} up, {} down", Bytes(training.bytes.up), Bytes(training.bytes.down));
    tiles.push(tile("Sent for training", bytes, ways));
    tiles
}

/// Accuracy where all samples are of the clients' own classes, and where most are not.
fn of_accuracy(levels: &[AccuracyAt]) -> Option<Tile> {
    let (first, last) = (levels.first()?, levels.last()?);
    let ((who, from), (_, to)) = (answer(first)?, answer(last)?);
    let (value, levels) = if levels.len() == 1 {
        (share(Some(from.mean)), format!("ρ = {}", first.ood))
    } else {
        let value = format!("{} → {}", percent(Some(from.mean)), share(Some(to.mean)));
        (value, format!("ρ = {} → {}", first.ood, last.ood))
    };
    Some(tile("Accuracy", value, format!("{who}, {levels}")))
}

/// Who answers as the scenario would have it: selectively if it offloads.
fn answer(at: &AccuracyAt) -> Option<(&'static str, &Exit)> {
    let answers = [
        ("selective", &at.selective),
        ("full model", &at.full),
        ("server exit", &at.server_exit),
        ("client exit", &at.client_exit),
    ];
    answers.into_iter().find_map(|(who, exit)| Some((who, exit.as_ref()?)))
}

fn of_energy(energy: &Energy) -> Vec<Tile> {
    let parts = format!(
        "busy {}, idle {}, radio {}",
        joules(energy.busy),
        joules(energy.idle),
        joules(energy.radio)
    );
    let mut tiles =
        vec![tile("Energy of all devices", format!("{} J", joules(energy.devices)), parts)];
    let beyond = || "beyond idling".to_owned();
    tiles.extend(
        energy.request.map(|of| tile("Energy a request", format!("{} J", joules(of)), beyond())),
    );
    tiles.extend(
        energy.round.map(|of| tile("Energy a round", format!("{} J", joules(of)), beyond())),
    );
    tiles
}
