//! Builds the simulation of a scenario.

use super::costing::Costing;
use super::discipline::discipline;
use super::energy::meter;
use super::files::Files;
use super::fleet::{Hardware, members, size};
use super::kind::Kind;
use super::network::{ActorPlan, Network, Steps, network};
use super::plan::plan;
use super::policies::{Policies, device_part};
use super::replay::SimulatedTraining;
use super::traffic::{answer_source, client_inference, tells_drops};
use crate::actors::{
    Client, ClientSetup, EdgeServer, EdgeServerSetup, Journal, Message, ServerInference,
    SharedTraining, Stations, TrafficWindow, Watcher, World,
};
use crate::cost::ANSWER;
use crate::kernel::Simulation;
use crate::random::Streams;
use crate::scenario::Scenario;
use std::cell::RefCell;
use std::num::NonZeroU32;
use std::rc::Rc;

/// A simulation that is ready to run, and the handles through which its results come out.
pub(super) struct Built {
    pub(super) simulation: Simulation<Message>,
    pub(super) world: Rc<World>,
}

/// Builds the simulation of one `replication` of `scenario`, which was checked, with its `training`,
/// if it trains, and what its `files` say.
pub(super) fn build(
    scenario: &Scenario,
    costing: &Costing,
    training: Option<&SimulatedTraining>,
    files: &Files,
    replication: u32,
    watcher: Option<Box<dyn Watcher>>,
) -> Built {
    let streams = Streams::new(scenario.seed, replication);
    let actors = ActorPlan { clients: size(scenario) as usize };
    let Network { links, link_actors, routes, client_routes } = network(scenario, &actors);
    let world = Rc::new(World {
        routes,
        header: scenario.network.header,
        journal: RefCell::new(Journal::metered(meter(scenario))),
        segments: RefCell::default(),
        watcher: watcher.map(RefCell::new),
    });
    let shared: Option<SharedTraining> =
        training.zip(scenario.training.as_ref()).map(|(training, spec)| {
            let plan = plan(scenario, spec, costing, training);
            SharedTraining { plan: Rc::new(plan), backend: training.backend() }
        });
    let requests = scenario.inference.as_ref().map(|spec| {
        let policies = Policies::of(scenario, spec, costing, training, files);
        (spec, answer_source(spec, training, files), policies)
    });

    let mut simulation = Simulation::new(streams);
    simulation.reserve(1 + actors.clients + link_actors);
    simulation.add_actor(
        "server",
        EdgeServer::new(
            Rc::clone(&world),
            EdgeServerSetup {
                device: scenario.server.device,
                workers: NonZeroU32::new(scenario.server.workers).expect("validated: at least 1"),
                discipline: discipline(&scenario.server),
                buffer: scenario.server.buffer.and_then(NonZeroU32::new),
                clients: (0..actors.clients)
                    .map(|client| (actors.client(client), client_routes[client].down))
                    .collect(),
                training: shared.clone(),
                inference: scenario.inference.as_ref().map(|spec| ServerInference {
                    services: costing.server_inference(&scenario.server, device_part(spec.offload)),
                    answer: ANSWER,
                    traffic: TrafficWindow {
                        warmup: spec.warmup.stated(),
                        duration: spec.duration,
                    },
                    tells_drops: tells_drops(scenario, spec),
                }),
            },
        ),
    );
    let hardware = Hardware::of(scenario);
    let mut before = None;
    for member in members(scenario) {
        let kind = Kind::of(member.device(hardware), before, costing);
        before = Some(kind.clone());
        let inference = requests.as_ref().map(|(spec, answers, policies)| {
            let decided = (Rc::clone(answers), policies);
            client_inference(&member, spec, files, kind.services, streams, decided)
        });
        let setup = ClientSetup {
            index: member.index,
            device: kind.device,
            buffer: member.entry.buffer.and_then(NonZeroU32::new),
            server: actors.server(),
            uplink: client_routes[member.index as usize].up,
            availability: member.availability(streams),
            training: shared.clone(),
            inference,
        };
        simulation.add_actor(member.path(), Client::new(Rc::clone(&world), setup));
    }
    let steps = Steps::of(scenario);
    for link in links {
        link.add_to(&mut simulation, &world, streams, steps);
    }
    world.journal.borrow_mut().expect_stations(simulation.actor_count());
    if let Some(watcher) = &world.watcher {
        let names = simulation.paths().iter().map(Into::into).collect();
        watcher.borrow_mut().begins(&Stations { names, clients: size(scenario) });
    }
    Built { simulation, world }
}
