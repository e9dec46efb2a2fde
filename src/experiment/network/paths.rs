//! The links between each device class and the server: least-delay routes over the nodes.

use crate::experiment::error::Rejection;
use crate::network::{LinkIndex, NoRoute, NodeIndex, Topology};
use crate::scenario::{LinkSpec, Scenario};
use indexmap::IndexMap;

/// Hops that all clients' routes may have together, so that they fit in memory.
const MAX_HOPS: u64 = 50_000_000;

/// The way of a device class to the server and back.
pub(in crate::experiment) struct ClassPath<'s> {
    /// All links up, hop by hop, the access link first.
    pub(in crate::experiment) up: Vec<&'s LinkSpec>,
    /// All links down, hop by hop, the access link last.
    pub(in crate::experiment) down: Vec<&'s LinkSpec>,
    /// The links between nodes on the way up, by their position among all their directions.
    pub(in crate::experiment) shared_up: Vec<usize>,
    /// The links between nodes on the way down, likewise.
    pub(in crate::experiment) shared_down: Vec<usize>,
}

/// The nodes of a scenario, and each direction of the links between them.
pub(super) struct Core<'s> {
    topology: Topology,
    /// By name, as declared.
    pub(super) nodes: IndexMap<&'s str, NodeIndex>,
    /// In the order of their [`LinkIndex`].
    links: Vec<&'s LinkSpec>,
}

impl<'s> Core<'s> {
    pub(super) fn of(scenario: &'s Scenario) -> Self {
        let mut topology = Topology::default();
        let nodes: IndexMap<&str, NodeIndex> = scenario
            .network
            .nodes
            .iter()
            .map(|name| (name.as_str(), topology.add_node(name.as_str())))
            .collect();
        let mut links = Vec::new();
        for link in &scenario.network.links {
            let (from, to) = (nodes[link.from.as_str()], nodes[link.to.as_str()]);
            topology.add_link(from, to, link.up.delay);
            links.push(&link.up);
            if let Some(down) = &link.down {
                topology.add_link(to, from, down.delay);
                links.push(down);
            }
        }
        Self { topology, nodes, links }
    }

    /// The links on each node's route to the node named `end`, or from it where none leads there;
    /// `None` where no route leads either way.
    pub(super) fn hops_to(&self, end: &str) -> Vec<Option<usize>> {
        let (end, reversed) = (self.nodes[end], self.topology.reversed());
        let (to_end, from_end) = (reversed.routes_from(end), self.topology.routes_from(end));
        let hops = |&node: &NodeIndex| {
            to_end.links_to(node).or_else(|_| from_end.links_to(node)).map(|links| links.len()).ok()
        };
        self.nodes.values().map(hops).collect()
    }

    fn specs(&self, links: &[usize]) -> Vec<&'s LinkSpec> {
        links.iter().map(|&link| self.links[link]).collect()
    }
}

/// The ways of all device classes, in fleet order.
///
/// # Errors
/// With the index of each class that cannot reach the server, or cannot be reached by it.
pub(in crate::experiment) fn class_paths(
    scenario: &Scenario,
) -> Result<Vec<ClassPath<'_>>, Vec<(usize, NoRoute)>> {
    let core = Core::of(scenario);
    let reversed = core.topology.reversed();
    let server = core.nodes[scenario.server.attach.as_str()];
    let (from_server, to_server) =
        (core.topology.routes_from(server), reversed.routes_from(server));
    let positions = |links: Vec<LinkIndex>| -> Vec<usize> {
        links.into_iter().map(|link| link.0 as usize).collect()
    };
    let way = |node: NodeIndex| {
        // A way of the reversed network leads from the server: read backwards it leads to it.
        let mut up = to_server
            .links_to(node)
            .map_err(|NoRoute { from, to }| NoRoute { from: to, to: from })?;
        up.reverse();
        Ok((positions(up), positions(from_server.links_to(node)?)))
    };
    let mut paths = Vec::with_capacity(scenario.fleet.len());
    let mut unreachable = Vec::new();
    for (class, entry) in scenario.fleet.iter().enumerate() {
        let node = entry.attach.as_deref().map_or(server, |name| core.nodes[name]);
        match way(node) {
            Err(error) => unreachable.push((class, error)),
            Ok((shared_up, shared_down)) => {
                let own = entry.access.as_ref();
                let up = own.map(|access| &access.up).into_iter();
                let mut down = core.specs(&shared_down);
                down.extend(own.map(|access| &access.down));
                let up = up.chain(core.specs(&shared_up)).collect();
                paths.push(ClassPath { up, down, shared_up, shared_down });
            }
        }
    }
    if unreachable.is_empty() { Ok(paths) } else { Err(unreachable) }
}

/// Device classes that the network does not join with the server, and fleets whose routes would not
/// fit in memory.
pub(in crate::experiment) fn rejections(scenario: &Scenario) -> Vec<Rejection> {
    let attach = |class: usize| format!("fleet[{class}].attach");
    match class_paths(scenario) {
        Err(unreachable) => unreachable
            .into_iter()
            .map(|(class, error)| Rejection { key: attach(class), message: error.to_string() })
            .collect(),
        Ok(paths) => {
            let hops: u64 = paths
                .iter()
                .zip(&scenario.fleet)
                .map(|(path, entry)| {
                    (path.up.len() + path.down.len()) as u64 * u64::from(entry.count)
                })
                .sum();
            if hops <= MAX_HOPS {
                return Vec::new();
            }
            let message = format!(
                "all devices' routes have {hops} hops together; at most {MAX_HOPS} are simulated"
            );
            vec![Rejection { key: "fleet".to_owned(), message }]
        }
    }
}
