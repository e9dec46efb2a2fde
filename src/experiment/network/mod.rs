//! The scenario's network: nodes, links and routes.

mod paths;

pub(super) use paths::{ClassPath, class_paths, rejections};

use super::fleet::{members, size};
use crate::actors::LinkSetup;
use crate::kernel::ActorId;
use crate::network::{Direction, Hop, RouteId, Routes};
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

    fn link(&self, position: usize) -> Hop {
        let actor = ActorId::from_index(SERVER + 1 + self.clients + position);
        Hop::new(actor, Direction::Up)
    }
}

/// All links and each client's routes over them.
pub(super) struct Network {
    /// In the order of their actors.
    pub(super) links: Vec<NamedLink>,
    pub(super) routes: Routes,
    /// In client order.
    pub(super) client_routes: Vec<ClientRoutes>,
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

/// Builds the network of a `scenario` for which there are no [`rejections`]: every client's access
/// links, then the links between nodes.
///
/// A device is a leaf, so its least-delay route is its access link and its node's route.
pub(super) fn network(scenario: &Scenario, actors: &ActorPlan) -> Network {
    let paths = class_paths(scenario).expect("checked: every client reaches the server");
    let access: Vec<Option<[Rc<LinkSetup>; 2]>> = scenario
        .fleet
        .iter()
        .map(|entry| {
            let access = entry.access.as_ref()?;
            Some([&access.up, &access.down].map(|link| Rc::new(link_setup(link))))
        })
        .collect();
    let own_links: usize = scenario
        .fleet
        .iter()
        .filter(|entry| entry.access.is_some())
        .map(|entry| 2 * entry.count as usize)
        .sum();
    let shared = |link: &usize| actors.link(own_links + link);
    let mut links = Vec::with_capacity(own_links);
    let mut routes = Routes::default();
    let mut client_routes = Vec::with_capacity(size(scenario) as usize);
    for (client, member) in members(scenario).enumerate() {
        let own = access[member.class].as_ref().map(|setups| {
            let first = links.len();
            for (setup, direction) in setups.iter().zip(["up", "down"]) {
                let path = format!("{}/{direction}", member.path());
                links.push(NamedLink { path, setup: Rc::clone(setup) });
            }
            [actors.link(first), actors.link(first + 1)]
        });
        let ClassPath { shared_up, shared_down, .. } = &paths[member.class];
        let up = own.map(|[up, _]| up).into_iter().chain(shared_up.iter().map(shared));
        let up = routes.add(up, actors.server());
        let down = shared_down.iter().map(shared).chain(own.map(|[_, down]| down));
        let down = routes.add(down, actors.client(client));
        client_routes.push(ClientRoutes { up, down });
    }
    for link in &scenario.network.links {
        let directions = [Some((&link.up, "up")), link.down.as_ref().map(|down| (down, "down"))];
        for (spec, direction) in directions.into_iter().flatten() {
            let path = format!("{}/{direction}", link.name);
            links.push(NamedLink { path, setup: Rc::new(link_setup(spec)) });
        }
    }
    Network { links, routes, client_routes }
}

fn link_setup(link: &LinkSpec) -> LinkSetup {
    LinkSetup {
        rate: link.rate,
        delay: link.delay,
        jitter: link.jitter.clone(),
        loss: link.loss,
        retries: link.retries,
        buffer: None,
        mtu: None,
    }
}
