//! Graphviz DOT, <https://graphviz.org/doc/info/lang.html>.

use super::label;
use crate::experiment::{NetworkGraph, Role, Vertex};
use std::io::{self, Write};

/// Writes `graph` from left to right. Nodes and classes may have equal names, so their identifiers
/// say what they are.
pub(super) fn write(graph: &NetworkGraph<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph {} {{", quoted(graph.name))?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [shape=box, style=rounded, fontname=\"sans-serif\"];")?;
    writeln!(out, "  edge [dir=none, fontname=\"sans-serif\"];")?;
    for vertex in &graph.vertices {
        let text = quoted(&label::vertex(vertex, str::to_owned));
        let shape = match vertex.role {
            Role::Server => ", style=\"rounded,bold\"",
            Role::Node | Role::Class(_) => "",
        };
        writeln!(out, "  {} [label={text}{shape}];", identifier(vertex))?;
    }
    for edge in &graph.edges {
        // Graphviz puts an edge's tail at the left: that is the end farther from the server.
        let hops = |end: usize| graph.vertices[end].hops;
        let outward = hops(edge.from) < hops(edge.to);
        let (tail, head) = if outward { (edge.to, edge.from) } else { (edge.from, edge.to) };
        let [tail, head] = [tail, head].map(|end| identifier(&graph.vertices[end]));
        let text = quoted(&label::edge(graph, edge, str::to_owned).join("\n"));
        let look = match edge.wire {
            None => ", style=dashed",
            Some(wire) if wire.down.is_some() => "",
            Some(_) if outward => ", dir=back",
            Some(_) => ", dir=forward",
        };
        writeln!(out, "  {tail} -> {head} [label={text}{look}];")?;
    }
    writeln!(out, "}}")
}

fn identifier(vertex: &Vertex<'_>) -> String {
    let kind = match vertex.role {
        Role::Server | Role::Node => "node",
        Role::Class(_) => "class",
    };
    quoted(&format!("{kind}/{}", vertex.name))
}

/// A double-quoted string. Labels give a backslash a meaning, so it is doubled.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_backslashes_and_ends_of_line_are_escaped() {
        assert_eq!(quoted("a \"b\" \\c\nd"), r#""a \"b\" \\c\nd""#);
    }
}
