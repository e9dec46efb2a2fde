//! What is written at nodes and links.

use crate::experiment::{Edge, NetworkGraph, Role, Vertex, Wire};
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
pub(super) fn edge(
    graph: &NetworkGraph<'_>,
    edge: &Edge<'_>,
    shown: impl Fn(&str) -> String,
) -> Vec<String> {
    let mut lines: Vec<String> = edge.name.map(&shown).into_iter().collect();
    if let Some(wire) = edge.wire {
        lines.extend(directions(&wire));
        let mut notes = Vec::new();
        if wire.down.is_none() {
            notes.push(format!("only to {}", shown(graph.vertices[edge.to].name)));
        }
        if wire.duplex == Duplex::Half {
            notes.push("half duplex".to_owned());
        }
        if wire.drawn {
            notes.push("medians".to_owned());
        }
        lines.extend((!notes.is_empty()).then(|| notes.join(", ")));
    }
    lines
}

fn directions(wire: &Wire<'_>) -> Vec<String> {
    let up = direction(wire.up);
    match wire.down.map(direction) {
        Some(down) if down != up => vec![format!("up {up}"), format!("down {down}")],
        _ => vec![up],
    }
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
