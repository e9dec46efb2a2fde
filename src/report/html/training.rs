//! Training: rounds and seeds.

use super::saved::{Round, SavedRun, TrainingSeed};
use super::table::{Cell, MOST_ROWS, Table, largest_first};
use maud::{Markup, html};

/// The rounds and, if there are several, the seeds; nothing without training.
pub(super) fn section(run: &SavedRun) -> Markup {
    let Some(training) = &run.summary.training else { return html!() };
    html! {
        (rounds(&run.rounds))
        (seeds(&training.seeds))
    }
}

/// Of more rounds than fit the slowest ones, which one looks for.
fn rounds(rounds: &[Round]) -> Markup {
    let heads = [
        "round",
        "started (s)",
        "took (s)",
        "participants",
        "arrived",
        "up (MB)",
        "down (MB)",
        "loss, client exit",
        "loss, server exit",
        "loss, full model",
        "‖∇F‖²",
    ];
    let caption = "Training rounds in simulated time";
    let all: Vec<&Round> = rounds.iter().collect();
    let table = if rounds.len() <= MOST_ROWS {
        Table::new(caption, heads, "rounds", &all, |round| row(round))
    } else {
        let slowest = largest_first(rounds, |round| seconds(took(round)));
        Table::new(caption, heads, "rounds", &slowest, |round| row(round))
            .largest_first(2, "the slowest")
    };
    table.of_file("rounds.csv").without_empty_columns().render()
}

fn took(round: &Round) -> u64 {
    round.aggregated_ns.saturating_sub(round.start_ns)
}

fn row(round: &Round) -> Vec<Cell> {
    let time = |nanos| Cell::number(seconds(nanos), format!("{:.3}", seconds(nanos)));
    let loss = |loss| Cell::maybe(loss, |loss| format!("{loss:.4}"));
    vec![
        Cell::count(round.round),
        time(round.start_ns),
        time(took(round)),
        Cell::count(round.participants),
        Cell::count(round.arrived),
        megabytes(round.bytes_up),
        megabytes(round.bytes_down),
        loss(round.client_loss),
        loss(round.server_loss),
        loss(round.full_loss),
        Cell::maybe(round.gradient_norm, |norm| format!("{norm:.3e}")),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "shown to three decimals")]
fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

#[expect(clippy::cast_precision_loss, reason = "shown to three decimals")]
fn megabytes(bytes: u64) -> Cell {
    let value = bytes as f64 / 1e6;
    Cell::number(value, format!("{value:.3}"))
}

fn seeds(seeds: &[TrainingSeed]) -> Markup {
    let heads = ["training seed", "took (s)", "fingerprint"];
    Table::new("Training seeds", heads, "seeds", seeds, |seed| {
        vec![
            Cell::count(seed.seed),
            Cell::number(seed.time_s, format!("{:.3}", seed.time_s)),
            Cell::text(&seed.fingerprint),
        ]
    })
    .render()
}
