//! The scenario's network: nodes, links and routes.

mod graph;
mod links;
mod paths;

pub use graph::{Edge, NetworkGraph, Role, Vertex, Wire};
pub(super) use paths::{ClassPath, class_paths, rejections};

use super::fleet::{Hardware, members, size};
use crate::kernel::ActorId;
use crate::network::{Hop, RouteId, Routes};
use crate::scenario::{Duplex, FleetEntry, Scenario};
pub(super) use links::Steps;
use links::{NamedPair, Ways};

/// The edge server is declared first.
const SERVER: usize = 0;

/// Which actor is which: the server, then the clients, then the links.
pub(super) struct ActorPlan {
    pub(super) clients: usize,
}

impl ActorPlan {
    /// The edge server's actor.
    pub(super) fn server(&self) -> ActorId {
        ActorId::from_index(SERVER)
    }

    pub(super) fn client(&self, client: usize) -> ActorId {
        ActorId::from_index(SERVER + 1 + client)
    }

    fn link(&self, position: usize) -> ActorId {
        ActorId::from_index(SERVER + 1 + self.clients + position)
    }
}

/// All links and each client's routes over them.
pub(super) struct Network {
    /// In the order of their actors.
    pub(super) links: Vec<NamedPair>,
    /// How many actors they are.
    pub(super) link_actors: usize,
    pub(super) routes: Routes,
    /// In client order.
    pub(super) client_routes: Vec<ClientRoutes>,
}

/// A client's routes to the server and back.
#[derive(Clone, Copy)]
pub(super) struct ClientRoutes {
    pub(super) up: RouteId,
    pub(super) down: RouteId,
}

/// Builds the network of a `scenario` for which there are no [`rejections`]: every client's access
/// links, then the links between nodes.
///
/// A device is a leaf, so its least-delay route is its access link and its node's route.
pub(super) fn network(scenario: &Scenario, actors: &ActorPlan) -> Network {
    let hardware = Hardware::of(scenario);
    let paths = class_paths(scenario).expect("checked: every client reaches the server");
    let access: Vec<Option<Ways>> =
        scenario.fleet.iter().map(|entry| entry.access.as_ref().map(Ways::of_access)).collect();
    let own = |(entry, ways): (&FleetEntry, &Option<Ways>)| {
        ways.as_ref().map_or(0, Ways::actors) * entry.count as usize
    };
    let mut next = scenario.fleet.iter().zip(&access).map(own).sum();
    let mut shared = SharedHops::default();
    let mut shared_links = Vec::with_capacity(scenario.network.links.len());
    for link in &scenario.network.links {
        let ways = Ways::of_link(link);
        shared.push(ways.hops(actors.link(next)), link.down.is_some());
        next += ways.actors();
        shared_links.push(NamedPair { path: link.name.clone(), ways });
    }
    let (link_actors, mut next) = (next, 0);
    let mut links = Vec::with_capacity(actors.clients + shared_links.len());
    let mut routes = Routes::default();
    let mut client_routes = Vec::with_capacity(size(scenario) as usize);
    for (client, member) in members(scenario).enumerate() {
        let drawn = member.own_access(hardware).map(|access| Ways::of_access(&access));
        let own = drawn.or_else(|| access[member.class].clone()).map(|ways| {
            let hops = ways.hops(actors.link(next));
            next += ways.actors();
            links.push(NamedPair { path: member.path(), ways });
            hops
        });
        let ClassPath { shared_up, shared_down, .. } = &paths[member.class];
        let up = own.map(|[up, _]| up).into_iter().chain(shared.over(shared_up));
        let up = routes.add(up, actors.server());
        let down = shared.over(shared_down).chain(own.map(|[_, down]| down));
        let down = routes.add(down, actors.client(client));
        client_routes.push(ClientRoutes { up, down });
    }
    links.extend(shared_links);
    Network { links, link_actors, routes, client_routes }
}

/// The names of all queueing stations of `scenario`, in the order in which results list them.
pub fn station_names(scenario: &Scenario) -> Vec<String> {
    let clients = || members(scenario).map(|member| (member.path(), member.entry));
    let access = clients().flat_map(|(path, entry)| {
        let ways = entry.access.as_ref().map(|access| link_names(&path, access.duplex, true));
        ways.unwrap_or_default()
    });
    let shared = scenario
        .network
        .links
        .iter()
        .flat_map(|link| link_names(&link.name, link.duplex, link.down.is_some()));
    std::iter::once("server".to_owned())
        .chain(clients().map(|(path, _)| path))
        .chain(access)
        .chain(shared)
        .collect()
}

/// The names of the links of the pair at `path`.
fn link_names(path: &str, duplex: Duplex, has_down: bool) -> Vec<String> {
    let directions: &[&str] = match (duplex, has_down) {
        (Duplex::Half, true) => &["air"],
        (_, true) => &["up", "down"],
        (_, false) => &["up"],
    };
    directions.iter().map(|direction| format!("{path}/{direction}")).collect()
}

/// The hop through each direction of the links between nodes, in declaration order.
#[derive(Default)]
struct SharedHops(Vec<Hop>);

impl SharedHops {
    fn push(&mut self, [up, down]: [Hop; 2], has_down: bool) {
        self.0.push(up);
        if has_down {
            self.0.push(down);
        }
    }

    fn over(&self, path: &[usize]) -> impl Iterator<Item = Hop> {
        path.iter().map(|&link| self.0[link])
    }
}
