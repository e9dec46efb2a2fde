//! Builds the simulation of a scenario.

use super::answers::{LearnedAnswers, StatedAnswers};
use super::costing::Costing;
use super::error::ExperimentError;
use super::fleet::{Member, members, size};
use super::training::FederatedTraining;
use crate::actors::{
    AnswerSource, Client, ClientInference, ClientSetup, EdgeServer, EdgeServerSetup, Journal, Link,
    LinkSetup, Message, ServerInference, SharedTraining, TrafficWindow, TrainingPlan, World,
};
use crate::cost::ANSWER;
use crate::kernel::{ActorId, Simulation};
use crate::network::{LinkIndex, NodeIndex, RouteId, Routes, Topology};
use crate::offload::{ClientExit, EntropyThreshold, Policy, RandomOffload, ServerExit};
use crate::random::Streams;
use crate::scenario::{
    ArrivalSpec, InferenceSpec, LinkSpec, OffloadSpec, OutcomeSpec, Scenario, TrainingSpec,
};
use crate::workload::{Arrivals, Periodic, Poisson};
use std::cell::RefCell;
use std::num::NonZeroU32;
use std::rc::Rc;

/// The edge server is declared first.
const SERVER: usize = 0;

/// A simulation that is ready to run, and the handles through which its results come out.
pub(super) struct Built {
    pub(super) simulation: Simulation<Message>,
    pub(super) world: Rc<World>,
}

/// Builds the simulation of `scenario` with its `training`, if it trains.
///
/// # Errors
/// If the network does not join a client and the server.
pub(super) fn build(
    scenario: &Scenario,
    costing: &Costing,
    training: Option<&Rc<RefCell<FederatedTraining>>>,
) -> Result<Built, ExperimentError> {
    let streams = Streams::new(scenario.seed, 0);
    let network = star(scenario);
    let actors = ActorPlan { clients: size(scenario) as usize };
    let (routes, client_routes) = network.routes(&actors)?;
    let world = Rc::new(World {
        routes,
        header: scenario.network.header,
        journal: RefCell::new(Journal::default()),
    });
    let shared: Option<SharedTraining> =
        training.zip(scenario.training.as_ref()).map(|(training, spec)| {
            let plan = plan(scenario, spec, costing, &training.borrow());
            SharedTraining { plan: Rc::new(plan), backend: Rc::clone(training) as _ }
        });
    let answers = scenario.inference.as_ref().map(|spec| answer_source(spec, training));

    let mut simulation = Simulation::new(streams);
    simulation.add_actor(
        "server",
        EdgeServer::new(
            Rc::clone(&world),
            EdgeServerSetup {
                device: scenario.server.device,
                workers: NonZeroU32::new(scenario.server.workers).expect("validated: at least 1"),
                clients: (0..actors.clients)
                    .map(|client| (actors.client(client), client_routes[client].down))
                    .collect(),
                training: shared.clone(),
                inference: scenario.inference.as_ref().map(|spec| ServerInference {
                    theta: costing.server_inference(&scenario.server.device),
                    answer: ANSWER,
                    traffic: TrafficWindow { warmup: spec.warmup, duration: spec.duration },
                }),
            },
        ),
    );
    for member in members(scenario) {
        let inference = scenario.inference.as_ref().zip(answers.as_ref()).map(|(spec, answers)| {
            client_inference(&member, spec, costing, streams, Rc::clone(answers))
        });
        let setup = ClientSetup {
            index: member.index,
            device: member.entry.device,
            server: ActorId::from_index(SERVER),
            uplink: client_routes[member.index as usize].up,
            training: shared.clone(),
            inference,
        };
        simulation.add_actor(member.path(), Client::new(Rc::clone(&world), setup));
    }
    for link in &network.links {
        simulation
            .add_actor(link.path.as_str(), Link::new(Rc::clone(&world), Rc::clone(&link.setup)));
    }
    Ok(Built { simulation, world })
}

/// Which actor is which: the server, then the clients, then the links.
struct ActorPlan {
    clients: usize,
}

impl ActorPlan {
    fn client(&self, client: usize) -> ActorId {
        ActorId::from_index(SERVER + 1 + client)
    }

    fn link(&self, link: LinkIndex) -> ActorId {
        ActorId::from_index(SERVER + 1 + self.clients + link.0 as usize)
    }
}

/// The topology with what each link is.
struct Network {
    topology: Topology,
    server: NodeIndex,
    clients: Vec<NodeIndex>,
    /// In the order of their [`LinkIndex`].
    links: Vec<NamedLink>,
}

struct NamedLink {
    path: String,
    setup: Rc<LinkSetup>,
}

/// A client's routes to the server and back.
#[derive(Clone, Copy)]
struct ClientRoutes {
    up: RouteId,
    down: RouteId,
}

/// Each device has its own access-link pair to the server.
fn star(scenario: &Scenario) -> Network {
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
    fn routes(&self, actors: &ActorPlan) -> Result<(Routes, Vec<ClientRoutes>), ExperimentError> {
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
                up: routes.add(link_actors(up), ActorId::from_index(SERVER)),
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
    }
}

fn plan(
    scenario: &Scenario,
    spec: &TrainingSpec,
    costing: &Costing,
    training: &FederatedTraining,
) -> TrainingPlan {
    let every = scenario.evaluate.every.unwrap_or(spec.rounds);
    TrainingPlan {
        rounds: spec.rounds,
        local_updates: spec.local_updates,
        evaluate_after: (1..=spec.rounds)
            .filter(|round| round % every == 0 || *round == spec.rounds)
            .collect(),
        retry_after: spec.retry_after,
        retries: spec.retries,
        client_model: costing.model.device_model_size(),
        client_parameters: costing.phi.parameters + costing.kappa.parameters,
        server_parameters: costing.theta.parameters,
        tasks: (0..size(scenario))
            .map(|client| costing.round_tasks(u64::from(training.batch(client))))
            .collect(),
    }
}

fn answer_source(
    spec: &InferenceSpec,
    training: Option<&Rc<RefCell<FederatedTraining>>>,
) -> Rc<dyn AnswerSource> {
    match spec.outcomes {
        OutcomeSpec::Learned => {
            let training = training.expect("validated: learned outcomes need training");
            let outcomes = training.borrow().final_outcomes();
            Rc::new(LearnedAnswers { outcomes, ood: spec.ood })
        }
        OutcomeSpec::Stated { client_accuracy, server_accuracy } => {
            Rc::new(StatedAnswers { client_accuracy, server_accuracy })
        }
    }
}

fn client_inference(
    member: &Member<'_>,
    spec: &InferenceSpec,
    costing: &Costing,
    streams: Streams,
    answers: Rc<dyn AnswerSource>,
) -> ClientInference {
    let path = member.path();
    let stream = |purpose| streams.stream(&path, purpose);
    let arrivals: Box<dyn Arrivals> = match spec.arrivals {
        ArrivalSpec::Poisson { mean_gap } => Box::new(Poisson::new(mean_gap, stream("arrivals"))),
        ArrivalSpec::Periodic { period, phase } => Box::new(Periodic::new(period, phase)),
    };
    let policy: Box<dyn Policy> = match spec.offload {
        OffloadSpec::ClientExit => Box::new(ClientExit),
        OffloadSpec::ServerExit => Box::new(ServerExit),
        OffloadSpec::Entropy(threshold) => Box::new(EntropyThreshold { threshold }),
        OffloadSpec::Random(fraction) => Box::new(RandomOffload::new(fraction, stream("offload"))),
    };
    ClientInference {
        arrivals,
        policy,
        answers,
        samples: stream("samples"),
        services: costing.inference(&member.entry.device),
        drain_limit: spec.drain_limit,
        outstanding: Default::default(),
    }
}
