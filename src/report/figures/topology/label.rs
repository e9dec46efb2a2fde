//! What is written at nodes and links.

use crate::experiment::{Edge, Role, Vertex, Wire};
use crate::scenario::{Discipline, Duplex, LinkSpec};
use crate::time::SimDuration;

/// A vertex's name and, for a class, how many devices it has.
pub(super) fn vertex(vertex: &Vertex<'_>, shown: impl Fn(&str) -> String) -> String {
    let name = shown(vertex.name);
    match vertex.role {
        Role::Server if vertex.name == "server" => "edge server".to_owned(),
        Role::Server => format!("edge server at {name}"),
        Role::Node => name,
        Role::Class(count) => format!("{name} × {count}"),
    }
}

/// An edge's lines: the link's name, then rate, delay and what is not the default, in one line if
/// both directions are alike. Devices at the node itself have no link, and no line.
pub(super) fn edge(edge: &Edge<'_>, shown: impl Fn(&str) -> String) -> Vec<String> {
    let lines = edge.wire.as_ref().map_or_else(Vec::new, wire);
    edge.name.map(shown).into_iter().chain(lines).collect()
}

fn wire(wire: &Wire<'_>) -> Vec<String> {
    let up = direction(wire.up);
    let mut lines = match wire.down.map(direction) {
        None => vec![format!("{up}, one way")],
        Some(down) if down == up => vec![up],
        Some(down) => vec![format!("up {up}"), format!("down {down}")],
    };
    let notes = [("half duplex", wire.duplex == Duplex::Half), ("medians", wire.drawn)];
    let notes: Vec<&str> = notes.into_iter().filter(|(_, holds)| *holds).map(|(n, _)| n).collect();
    if !notes.is_empty() {
        lines.push(notes.join(", "));
    }
    lines
}

fn direction(link: &LinkSpec) -> String {
    let discipline = match link.discipline {
        Discipline::Fifo => "",
        Discipline::Fair => ", fair",
    };
    format!("{}, {}{discipline}", link.rate, delay(link.delay))
}

/// In milliseconds, exact to the nanosecond.
fn delay(delay: SimDuration) -> String {
    let nanos = delay.as_nanos();
    let shown = format!("{}.{:06}", nanos / 1_000_000, nanos % 1_000_000);
    format!("{} ms", shown.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_exact_and_without_needless_decimals() {
        for (nanos, shown) in [
            (0, "0 ms"),
            (1, "0.000001 ms"),
            (1_500_000, "1.5 ms"),
            (10_000_000, "10 ms"),
            (40_000_000_000, "40000 ms"),
        ] {
            assert_eq!(delay(SimDuration::from_nanos(nanos)), shown);
        }
    }
}
