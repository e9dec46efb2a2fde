//! Nodes and directed links as a petgraph graph, and least-delay routes over it.

use crate::time::SimDuration;
use petgraph::Direction;
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, EdgeIndex};
use petgraph::visit::EdgeRef;
use std::ops::Add;
use thiserror::Error;

/// Names a node of a [`Topology`].
pub type NodeIndex = petgraph::graph::NodeIndex<u32>;

/// Names a link of a [`Topology`], in declaration order from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkIndex(pub u32);

/// A network of nodes and directed links.
#[derive(Debug, Clone, Default)]
pub struct Topology {
    graph: DiGraph<String, SimDuration, u32>,
}

/// No links lead from one node to another.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no route leads from '{from}' to '{to}'")]
pub struct NoRoute {
    /// The route's beginning.
    pub from: String,
    /// The route's end.
    pub to: String,
}

/// What a route minimises: summed delay, then the number of hops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Cost {
    delay: u128,
    hops: u32,
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { delay: self.delay + other.delay, hops: self.hops + other.hops }
    }
}

impl Cost {
    fn of(delay: SimDuration) -> Self {
        Self { delay: u128::from(delay.as_nanos()), hops: 1 }
    }
}

/// The cheapest routes from one node to every other.
pub struct RouteTree<'t> {
    topology: &'t Topology,
    root: NodeIndex,
    /// The last link on the way to each node; `None` where no route leads.
    last_link: Vec<Option<EdgeIndex<u32>>>,
}

impl Topology {
    /// Adds a node.
    pub fn add_node(&mut self, name: impl Into<String>) -> NodeIndex {
        self.graph.add_node(name.into())
    }

    /// Adds a link; links are numbered in the order of these calls.
    pub fn add_link(&mut self, from: NodeIndex, to: NodeIndex, delay: SimDuration) -> LinkIndex {
        link_index(self.graph.add_edge(from, to, delay))
    }

    /// The cheapest routes away from `root`: least summed delay, then fewest hops, then the
    /// earliest declared last link.
    pub fn routes_from(&self, root: NodeIndex) -> RouteTree<'_> {
        let costs = dijkstra(&self.graph, root, None, |link| Cost::of(*link.weight()));
        let last_link = self
            .graph
            .node_indices()
            .map(|node| {
                let cost = *costs.get(&node).filter(|_| node != root)?;
                self.graph
                    .edges_directed(node, Direction::Incoming)
                    .filter(|link| {
                        let before = costs.get(&link.source());
                        before.is_some_and(|&before| before + Cost::of(*link.weight()) == cost)
                    })
                    .map(|link| link.id())
                    .min()
            })
            .collect();
        RouteTree { topology: self, root, last_link }
    }

    /// The same network with every link turned round; links keep their numbers.
    pub fn reversed(&self) -> Self {
        let mut graph = self.graph.clone();
        graph.reverse();
        Self { graph }
    }
}

impl RouteTree<'_> {
    /// The links from the root to `node`, in order.
    ///
    /// # Errors
    /// If no route leads there.
    pub fn links_to(&self, node: NodeIndex) -> Result<Vec<LinkIndex>, NoRoute> {
        let mut links = Vec::new();
        let mut at = node;
        while at != self.root {
            let link = self.last_link[at.index()].ok_or_else(|| NoRoute {
                from: self.topology.graph[self.root].clone(),
                to: self.topology.graph[node].clone(),
            })?;
            links.push(link_index(link));
            at = self.topology.graph.edge_endpoints(link).expect("a link of this graph").0;
        }
        links.reverse();
        Ok(links)
    }
}

fn link_index(edge: EdgeIndex<u32>) -> LinkIndex {
    LinkIndex(u32::try_from(edge.index()).expect("links are counted in u32"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ns(nanos: u64) -> SimDuration {
        SimDuration::from_nanos(nanos)
    }

    #[test]
    fn a_route_takes_the_least_delay_then_the_fewest_hops_then_the_first_declared() {
        let mut net = Topology::default();
        let [a, b, c] = ["a", "b", "c"].map(|name| net.add_node(name));
        let direct_slow = net.add_link(a, c, ns(10));
        let ab = net.add_link(a, b, ns(4));
        let bc = net.add_link(b, c, ns(5));
        assert_eq!(net.routes_from(a).links_to(c), Ok(vec![ab, bc]), "4 + 5 ns < 10 ns");
        let direct = net.add_link(a, c, ns(9));
        assert_eq!(net.routes_from(a).links_to(c), Ok(vec![direct]), "9 ns in one hop, not two");
        net.add_link(a, c, ns(9));
        assert_eq!(net.routes_from(a).links_to(c), Ok(vec![direct]), "declared first");
        assert_ne!(direct, direct_slow);
        assert_eq!(net.routes_from(a).links_to(a), Ok(vec![]));
    }

    #[test]
    fn a_route_that_does_not_exist_is_named() {
        let mut net = Topology::default();
        let (a, b) = (net.add_node("a"), net.add_node("b"));
        net.add_link(a, b, ns(1));
        let error = net.routes_from(b).links_to(a).unwrap_err();
        assert_eq!(error.to_string(), "no route leads from 'b' to 'a'");
    }

    #[test]
    fn a_reversed_network_keeps_its_links_numbers() {
        let mut net = Topology::default();
        let (a, b) = (net.add_node("a"), net.add_node("b"));
        let up = net.add_link(a, b, ns(1));
        assert_eq!(net.reversed().routes_from(b).links_to(a), Ok(vec![up]));
    }
}
