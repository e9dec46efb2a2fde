//! Whether models fit into memory: of every device and of the server, in training and in inference.

use super::costing::Costing;
use super::error::Rejection;
use super::fleet;
use crate::learning::{Layout, Method};
use crate::offload::DevicePart;
use crate::quantity::Bytes;
use crate::scenario::{Figure, OffloadSpec, Scenario, ServerModelSpec, TrainingSpec};

/// What needs so much memory.
struct Need {
    what: &'static str,
    memory: Bytes,
}

/// Refuses devices and a server whose memory cannot hold their part.
pub(super) fn rejections(scenario: &Scenario, costing: &Costing) -> Vec<Rejection> {
    let mut rejections = Vec::new();
    let mut check = |key: String, who: &str, needs: &[Need], has: Bytes| {
        let largest = needs.iter().max_by_key(|need| need.memory);
        if let Some(Need { what, memory }) = largest.filter(|need| need.memory > has) {
            let message = format!("{who}{what} needs {memory} of memory, but it has {has}");
            rejections.push(Rejection { key, message });
        }
    };
    let needs = device_needs(scenario, costing);
    for (index, entry) in scenario.fleet.iter().enumerate() {
        let drawn = entry.drawn.iter().any(|drawn| drawn.figure == Figure::Memory);
        let (who, smallest) = if drawn {
            smallest_memory(scenario, index)
        } else {
            (String::new(), entry.device.memory)
        };
        check(format!("fleet[{index}].device"), &who, &needs, smallest);
    }
    let needs = server_needs(scenario, costing);
    check("server.device".to_owned(), "", &needs, scenario.server.device.memory);
    rejections
}

fn device_needs(scenario: &Scenario, costing: &Costing) -> Vec<Need> {
    let device = costing.device_part();
    let mut needs = Vec::new();
    match &scenario.training {
        Some(training) => needs.push(Need {
            what: device_training(costing),
            memory: costing.training_memory(u64::from(training.batch_size)),
        }),
        // A device that asks the server for everything holds no model, and the full one is below.
        None if matches!(
            policy(scenario),
            Some(OffloadSpec::ServerOnly | OffloadSpec::ClientOnly)
        ) => {}
        None => needs.push(Need {
            what: "φ and κ, 4·(parameters + the two largest adjacent activations) bytes,",
            memory: device.inference_memory(),
        }),
    }
    if policy(scenario) == Some(OffloadSpec::ClientOnly) {
        needs.push(Need {
            what: "φ and θ, 4·(parameters + the two largest adjacent activations) bytes,",
            memory: costing.full().inference_memory(),
        });
    }
    needs
}

/// What the device holds while it trains: its part's parameters and gradients, with momentum its
/// velocities, and a batch's activations.
fn device_training(costing: &Costing) -> &'static str {
    match (costing.layout, costing.momentum) {
        (Layout::TwoExits, false) => {
            "training φ and κ, 4·(2·parameters + batch·activations) bytes,"
        }
        (Layout::TwoExits, true) => "training φ and κ, 4·(3·parameters + batch·activations) bytes,",
        (Layout::ServerExit, false) => "training φ, 4·(2·parameters + batch·activations) bytes,",
        (Layout::ServerExit, true) => "training φ, 4·(3·parameters + batch·activations) bytes,",
        (Layout::Full, false) => "training φ and θ, 4·(2·parameters + batch·activations) bytes,",
        (Layout::Full, true) => "training φ and θ, 4·(3·parameters + batch·activations) bytes,",
    }
}

fn server_needs(scenario: &Scenario, costing: &Costing) -> Vec<Need> {
    let mut needs = Vec::new();
    if let Some(training) = &scenario.training {
        needs.extend(server_training(scenario, training, costing));
    }
    needs.extend(match policy(scenario) {
        Some(OffloadSpec::ClientOnly) => None,
        Some(OffloadSpec::ServerOnly) => Some(Need {
            what: "φ and θ, 4·(parameters + the two largest adjacent activations) bytes,",
            memory: costing.server_part(DevicePart::Nothing).inference_memory(),
        }),
        Some(_) => Some(Need {
            what: "θ, 4·(parameters + the two largest adjacent activations) bytes,",
            memory: costing.theta.inference_memory(),
        }),
        None => None,
    });
    needs
}

/// What the server holds while it trains and averages. The models that it averages are those of
/// all clients: K·4·p bytes.
fn server_training(
    scenario: &Scenario,
    training: &TrainingSpec,
    costing: &Costing,
) -> Option<Need> {
    let clients = u64::from(fleet::size(scenario));
    let device = costing.device_part();
    let copies = match training.server_model {
        ServerModelSpec::PerClient => clients,
        ServerModelSpec::Shared => 1,
    };
    let models = costing.model.server_memory(
        &device,
        clients,
        copies,
        u64::from(scenario.server.workers),
        u64::from(training.batch_size),
    );
    // Clients' steps take turns, so that every working copy of θ keeps its own velocities.
    let velocities = copies * costing.velocity_memory(&costing.theta).0;
    let split = |what| Need { what, memory: Bytes(models.0 + velocities) };
    match (training.method, costing.layout) {
        (Method::Local, _) => None,
        (_, Layout::TwoExits) => Some(split(
            "the edge server's part, every θ that it trains, one for each worker, all φ and κ,",
        )),
        (_, Layout::ServerExit) => Some(split(
            "the edge server's part, every θ that it trains, one for each worker, all φ,",
        )),
        (_, Layout::Full) => Some(Need {
            what: "the φ and θ of all clients, 4·parameters bytes each,",
            memory: Bytes(clients * device.model_size().0),
        }),
    }
}

fn policy(scenario: &Scenario) -> Option<OffloadSpec> {
    scenario.inference.as_ref().map(|inference| inference.offload)
}

/// The device of a class that got the smallest memory, for an error, and that memory.
fn smallest_memory(scenario: &Scenario, class: usize) -> (String, Bytes) {
    let hardware = fleet::Hardware::of(scenario);
    fleet::members(scenario)
        .filter(|member| member.class == class)
        .map(|member| (format!("'{}': ", member.path()), member.device(hardware).memory))
        .min_by_key(|(_, memory)| *memory)
        .expect("a class has at least one device")
}
