//! Stations, links, clients, energy and expectations as tables.

use super::saved::{Client, Energy, Expected, Link, Station, Summary};
use super::table::{Cell, MOST_ROWS, Table, largest_first};
use super::words::joules;
use crate::report::text::milliseconds;
use maud::{Markup, html};
use serde_json::Value;

/// The stations by utilisation, and the links that lost or dropped something.
pub(super) fn stations_and_links(summary: &Summary) -> Markup {
    html! {
        (stations(&summary.stations))
        (links(&summary.links))
    }
}

fn stations(stations: &[Station]) -> Markup {
    let heads = ["station", "utilisation (%)", "offered load", "mean queue", "max queue"];
    let busiest = largest_first(stations, |station| station.utilisation);
    Table::new("Stations: devices, links and the server", heads, "stations", &busiest, |station| {
        vec![
            Cell::text(&station.name),
            Cell::share(Some(station.utilisation), None),
            Cell::number(station.offered_load, format!("{:.3}", station.offered_load)),
            Cell::number(station.mean_queue, format!("{:.3}", station.mean_queue)),
            Cell::count(station.max_queue),
        ]
    })
    .largest_first(1, "the busiest")
    .render()
}

fn links(links: &[Link]) -> Markup {
    let heads = [
        "link",
        "transmissions lost",
        "dropped after retries",
        "dropped by a full buffer",
        "background",
    ];
    #[expect(clippy::cast_precision_loss, reason = "an order only")]
    let losses = |link: &Link| {
        let dropped = link.dropped_by_loss.saturating_add(link.dropped_by_buffer);
        link.lost.saturating_add(dropped) as f64
    };
    let worst = largest_first(links, losses);
    Table::new(
        "Links that lost, dropped or carried others' messages",
        heads,
        "links",
        &worst,
        |link| {
            vec![
                Cell::text(&link.name),
                Cell::count(link.lost),
                Cell::count(link.dropped_by_loss),
                Cell::count(link.dropped_by_buffer),
                Cell::count(link.background),
            ]
        },
    )
    .render()
}

/// All clients in their order, or of more than fit those that wait longest.
pub(super) fn clients(clients: &[Client]) -> Markup {
    let heads = [
        "client",
        "class",
        "samples",
        "requests",
        "answered",
        "offloaded (%)",
        "mean latency (ms)",
        "right (%)",
    ];
    let row = |client: &&Client| {
        vec![
            Cell::text(&client.name),
            Cell::text(&client.class),
            Cell::maybe(client.samples.map(exact), |samples| samples.to_string()),
            Cell::count(client.requests),
            Cell::count(client.completed),
            Cell::share(client.offloaded_fraction, None),
            Cell::maybe(client.mean_latency_s, milliseconds),
            Cell::share(client.accuracy, None),
        ]
    };
    let answers = clients.iter().any(|client| client.mean_latency_s.is_some());
    let table = if clients.len() > MOST_ROWS && answers {
        let slowest =
            largest_first(clients, |client| client.mean_latency_s.unwrap_or(f64::NEG_INFINITY));
        Table::new("Clients", heads, "clients", &slowest, row).largest_first(6, "the slowest")
    } else {
        Table::new("Clients", heads, "clients", &clients.iter().collect::<Vec<_>>(), row)
    };
    table.without_empty_columns().render()
}

#[expect(clippy::cast_precision_loss, reason = "samples are far fewer than 2⁵³")]
fn exact(count: u64) -> f64 {
    count as f64
}

/// Joules by device class.
pub(super) fn energy(energy: &Energy) -> Markup {
    let heads = ["device class", "a device, whole run (J)", "a request, beyond idling (J)"];
    Table::new(
        "Energy by device class: means",
        heads,
        "device classes",
        &energy.by_class,
        |class| {
            vec![
                Cell::text(&class.class),
                Cell::maybe(class.device, joules),
                Cell::maybe(class.request, joules),
            ]
        },
    )
    .without_empty_columns()
    .render()
}

/// What the scenario expects, and what came.
pub(super) fn expectations(expectations: &[Expected]) -> Markup {
    // What was not met is looked for first.
    let unmet_first = largest_first(expectations, |expected| f64::from(u8::from(!expected.met)));
    let heads = ["figure", "expected", "got", "met"];
    Table::new("What the scenario expects", heads, "expectations", &unmet_first, |expected| {
        let got = match &expected.got {
            Value::Null => "nothing".to_owned(),
            Value::String(text) => text.clone(),
            other => format!("{other} {}", expected.unit),
        };
        vec![
            Cell::text(&expected.figure),
            Cell::text(&expected.expected),
            Cell::text(got.trim()),
            Cell::text(if expected.met { "yes" } else { "no" }),
        ]
    })
    .render()
}
