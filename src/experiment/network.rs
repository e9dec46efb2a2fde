//! The scenario's network: nodes, links and routes.

use super::error::ExperimentError;
use super::fleet::members;
use crate::actors::LinkSetup;
use crate::kernel::ActorId;
use crate::network::{LinkIndex, NodeIndex, RouteId, Routes, Topology};
use crate::scenario::{LinkSpec, Scenario};
use std::rc::Rc;

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

    pub(super) fn link(&self, link: LinkIndex) -> ActorId {
        ActorId::from_index(SERVER + 1 + self.clients + link.0 as usize)
    }
}

/// The topology with what each link is.
pub(super) struct Network {
    topology: Topology,
    server: NodeIndex,
    clients: Vec<NodeIndex>,
    /// In the order of their [`LinkIndex`].
    pub(super) links: Vec<NamedLink>,
}

/// A link with its path name.
pub(super) struct NamedLink {
    pub(super) path: String,
    pub(super) setup: Rc<LinkSetup>,
}

/// A client's routes to the server and back.
#[derive(Clone, Copy)]
pub(super) struct ClientRoutes {
    pub(super) up: RouteId,
    pub(super) down: RouteId,
}

/// Each device has its own access-link pair to the server.
pub(super) fn star(scenario: &Scenario) -> Network {
    let mut topology = Topology::default();
    let server = topology.add_node("server");
    let setups: Vec<[Rc<LinkSetup>; 2]> = scenario
        .fleet
        .iter()
        .map(|entry| [&entry.access.up, &entry.access.down].map(|link| Rc::new(link_setup(link))))
        .collect();
    let mut links = Vec::new();
    let clients = members(scenario)
        .map(|member| {
            let path = member.path();
            let node = topology.add_node(path.as_str());
            let [up, down] = &setups[member.class];
            topology.add_link(node, server, up.delay);
            links.push(NamedLink { path: format!("{path}/up"), setup: Rc::clone(up) });
            topology.add_link(server, node, down.delay);
            links.push(NamedLink { path: format!("{path}/down"), setup: Rc::clone(down) });
            node
        })
        .collect();
    Network { topology, server, clients, links }
}

impl Network {
    /// Each client's least-delay routes.
    ///
    /// # Errors
    /// If a client and the server are not joined.
    pub(super) fn routes(
        &self,
        actors: &ActorPlan,
    ) -> Result<(Routes, Vec<ClientRoutes>), ExperimentError> {
        let reversed = self.topology.reversed();
        let (from_server, to_server) =
            (self.topology.routes_from(self.server), reversed.routes_from(self.server));
        let mut routes = Routes::default();
        let mut of_clients = Vec::with_capacity(self.clients.len());
        for (client, &node) in self.clients.iter().enumerate() {
            let link_actors =
                |links: Vec<LinkIndex>| links.into_iter().map(|link| actors.link(link));
            let mut up = to_server.links_to(node)?;
            up.reverse();
            let down = from_server.links_to(node)?;
            of_clients.push(ClientRoutes {
                up: routes.add(link_actors(up), actors.server()),
                down: routes.add(link_actors(down), actors.client(client)),
            });
        }
        Ok((routes, of_clients))
    }
}

fn link_setup(link: &LinkSpec) -> LinkSetup {
    LinkSetup {
        rate: link.rate,
        delay: link.delay,
        jitter: link.jitter.clone(),
        loss: link.loss,
        retries: link.retries,
        access: true,
    }
}
