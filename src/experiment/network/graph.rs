//! The network of a scenario as a graph that can be drawn.

use super::paths::Core;
use crate::scenario::{AccessSpec, Duplex, Figure, FleetEntry, LinkSpec, NetworkLink, Scenario};

/// Nodes and device classes, and what joins them.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkGraph<'s> {
    /// The scenario's name.
    pub name: &'s str,
    /// The network's nodes as declared, then the device classes as declared.
    pub vertices: Vec<Vertex<'s>>,
    /// The links between nodes as declared, then each class's way to its node.
    pub edges: Vec<Edge<'s>>,
}

/// A node of the network, or all devices of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vertex<'s> {
    /// The node's or the class's name.
    pub name: &'s str,
    /// What it is.
    pub role: Role,
    /// Links on its route to the server; 0 for the server alone. Classes and nodes that no route
    /// joins with the server stand together behind the farthest of the others.
    pub hops: usize,
}

/// What a vertex is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The node that the edge server is at.
    Server,
    /// Another node.
    Node,
    /// This many devices of a class.
    Class(u32),
}

/// What joins two vertices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge<'s> {
    /// The vertex, by its position, that `up` leads away from.
    pub from: usize,
    /// The vertex that `up` leads to.
    pub to: usize,
    /// The link's name; access links have none, for each device has its own.
    pub name: Option<&'s str>,
    /// The links; `None` for devices that are at the node itself.
    pub wire: Option<Wire<'s>>,
}

/// A link pair, or one link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wire<'s> {
    /// Towards `to`.
    pub up: &'s LinkSpec,
    /// Back, unless the link is simplex.
    pub down: Option<&'s LinkSpec>,
    /// Whether the directions share the wire.
    pub duplex: Duplex,
    /// Whether rate or delay are medians, from which each device's are drawn.
    pub drawn: bool,
}

impl<'s> NetworkGraph<'s> {
    /// The network of `scenario`.
    pub fn of(scenario: &'s Scenario) -> Self {
        let core = Core::of(scenario);
        let position = |name: &str| core.nodes.get_index_of(name).expect("checked: a node");
        let server = scenario.server.attach.as_str();
        let hops = core.hops_to(server);
        let outermost = hops.iter().flatten().max().map_or(1, |farthest| farthest + 1);

        let nodes = core.nodes.keys().zip(hops).map(|(&name, hops)| Vertex {
            name,
            role: if name == server { Role::Server } else { Role::Node },
            hops: hops.unwrap_or(outermost),
        });
        let classes = scenario.fleet.iter().map(|entry| Vertex {
            name: &entry.name,
            role: Role::Class(entry.count),
            hops: outermost,
        });
        let links = scenario.network.links.iter().map(|link| Edge {
            from: position(&link.from),
            to: position(&link.to),
            name: Some(&link.name),
            wire: Some(Wire::of_link(link)),
        });
        let ways = scenario.fleet.iter().enumerate().map(|(class, entry)| Edge {
            from: core.nodes.len() + class,
            to: position(entry.attach.as_deref().unwrap_or(server)),
            name: None,
            wire: entry.access.as_ref().map(|access| Wire::of_access(access, entry)),
        });
        Self {
            name: &scenario.name,
            vertices: nodes.chain(classes).collect(),
            edges: links.chain(ways).collect(),
        }
    }
}

impl<'s> Wire<'s> {
    fn of_link(link: &'s NetworkLink) -> Self {
        Self { up: &link.up, down: link.down.as_ref(), duplex: link.duplex, drawn: false }
    }

    fn of_access(access: &'s AccessSpec, entry: &FleetEntry) -> Self {
        let of_link = [Figure::Uplink, Figure::Downlink, Figure::Delay];
        let drawn = entry.drawn.iter().any(|drawn| of_link.contains(&drawn.figure));
        Self { up: &access.up, down: Some(&access.down), duplex: access.duplex, drawn }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario;

    fn scenario(network: &str) -> Scenario {
        let text = format!(
            "name: graph\nmodel: {{ preset: paper-cnn }}\nserver: {{ device: edge-gpu-rtx2080 }}\n\
             inference: {{ arrivals: {{ periodic: 1 s }}, duration: 1 s, outcomes: \
             {{ client_accuracy: 0.9, server_accuracy: 0.9, offload: 0 }} }}\n{network}"
        );
        scenario::parse(&text, "graph.yaml").unwrap().scenario
    }

    #[test]
    fn hops_are_those_of_the_least_delay_route() {
        let scenario = scenario(
            "fleet: [{ name: far, count: 6, device: phone-mid, access: lte, attach: b }]\n\
             network:\n  nodes: [a, b, alone]\n  links:\n\
             \x20   - { from: a, to: server, rate: 1 Gbit/s, delay: 1 ms }\n\
             \x20   - { from: b, to: a, rate: 1 Gbit/s, delay: 2 ms }\n\
             \x20   - { name: satellite, from: b, to: server, rate: 1 Gbit/s, delay: 40 ms }\n",
        );
        let graph = NetworkGraph::of(&scenario);
        let hops: Vec<_> = graph.vertices.iter().map(|v| (v.name, v.role, v.hops)).collect();
        // 2 + 1 ms through a is less than the satellite's 40 ms: b is two links away
        assert_eq!(
            hops,
            [
                ("server", Role::Server, 0),
                ("a", Role::Node, 1),
                ("b", Role::Node, 2),
                ("alone", Role::Node, 3),
                ("far", Role::Class(6), 3),
            ]
        );
        let edges: Vec<_> = graph.edges.iter().map(|e| (e.from, e.to, e.name)).collect();
        assert_eq!(
            edges,
            [
                (1, 0, Some("a-server")),
                (2, 1, Some("b-a")),
                (2, 0, Some("satellite")),
                (4, 2, None)
            ]
        );
    }

    #[test]
    fn devices_without_access_links_have_no_wire() {
        let scenario = scenario(
            "fleet: [{ name: tablet, count: 2, device: phone-mid, attach: ap }]\n\
             network: { nodes: [ap], links: [{ from: ap, to: server, rate: 1 Mbit/s, delay: 0 ms, duplex: half }] }\n",
        );
        let graph = NetworkGraph::of(&scenario);
        let wires: Vec<_> = graph.edges.iter().map(|e| e.wire.map(|wire| wire.duplex)).collect();
        assert_eq!(wires, [Some(Duplex::Half), None]);
    }
}
