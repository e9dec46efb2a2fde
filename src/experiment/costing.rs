//! What the scenario's model costs its devices, links and server: the same layers that are
//! trained set FLOPs, bytes and memory.

use super::error::Rejection;
use super::fleet;
use super::network::{self, ClassPath, class_paths};
use crate::actors::{InferenceServices, RoundTasks};
use crate::cost::{ANSWER, CostProxy, DeviceProfile, PartCost, Service, SplitModel, Work};
use crate::quantity::Bytes;
use crate::scenario::{
    Figure, FleetEntry, LinkSpec, LocalWork, ModelSpec, QueueSpec, Scenario, ServerSpec, TrainingSpec,
};
use crate::time::SimDuration;

/// The split model and the costs of its parts.
#[derive(Debug, Clone)]
pub(super) struct Costing {
    pub(super) model: SplitModel,
    proxy: CostProxy,
    pub(super) phi: PartCost,
    pub(super) kappa: PartCost,
    pub(super) theta: PartCost,
}

impl Costing {
    /// Costs of the model that `spec` names.
    ///
    /// # Errors
    /// If the model has no such cut.
    pub(super) fn new(spec: &ModelSpec) -> Result<Self, Rejection> {
        let model = SplitModel::preset(spec.preset, &spec.cut).map_err(|error| Rejection {
            key: "model.cut".to_owned(),
            message: error.to_string(),
        })?;
        let model = model.sending(spec.smashed);
        let [phi, kappa, theta] = [&model.phi, &model.kappa, &model.theta]
            .map(|layers| PartCost::of(layers).counted_by(spec.cost));
        Ok(Self { model, proxy: spec.cost, phi, kappa, theta })
    }

    /// φ and κ together.
    fn device_part(&self) -> PartCost {
        PartCost::of(self.model.phi.iter().chain(&self.model.kappa)).counted_by(self.proxy)
    }

    /// A client's training round with mini-batches of `batch`.
    pub(super) fn round_tasks(&self, training: &TrainingSpec, batch: u64) -> RoundTasks {
        let device = self.device_part();
        let labels = self.model.labels_size(batch);
        let step = |part: &PartCost| optimiser_step(part, training);
        RoundTasks {
            forward: self.phi.forward(batch),
            backward: self.kappa.forward(batch) + device.backward(batch) + step(&device),
            server_step: self.theta.forward(batch)
                + self.theta.backward(batch)
                + step(&self.theta),
            smashed: Bytes(self.model.smashed_size(batch).0 + labels.0),
            gradient: self.model.gradient_size(batch),
        }
    }

    /// One request on `device`.
    pub(super) fn inference(&self, device: &DeviceProfile) -> InferenceServices {
        InferenceServices {
            phi: Service::new(self.phi.forward(1), device),
            phi_and_kappa: Service::new(self.device_part().forward(1), device),
            smashed: self.model.smashed_size(1),
        }
    }

    /// 1, 2 … offloaded requests together on a worker of `server`, as many as it ever serves.
    pub(super) fn server_inference(&self, server: &ServerSpec) -> Vec<Service> {
        let work = |samples| self.theta.forward(samples);
        match &server.queue {
            QueueSpec::Fifo | QueueSpec::ProcessorSharing => {
                vec![Service::new(work(1), &server.device)]
            }
            QueueSpec::Batch { max, efficiency, .. } => {
                efficiency.services(&server.device, *max, work)
            }
        }
    }

    /// How long a lone offloaded request is at an idle `server`: it waits for a batch in vain.
    fn lone_server_inference(&self, server: &ServerSpec) -> SimDuration {
        let wait = match &server.queue {
            QueueSpec::Batch { max, wait, .. } if *max > 1 => *wait,
            _ => SimDuration::ZERO,
        };
        wait.saturating_add(self.server_inference(server)[0].time())
    }

    /// Refuses devices and a server whose memory cannot hold their part.
    pub(super) fn check_memory(&self, scenario: &Scenario) -> Vec<Rejection> {
        let mut rejections = Vec::new();
        let mut check = |key: String, what: &str, needed: Bytes, has: Bytes| {
            if needed > has {
                let message = format!("{what} needs {needed} of memory, but it has {has}");
                rejections.push(Rejection { key, message });
            }
        };
        let device = self.device_part();
        for (index, entry) in scenario.fleet.iter().enumerate() {
            let (what, needed) = match &scenario.training {
                Some(training) => {
                    let needed = device.training_memory(u64::from(training.batch_size));
                    let momentum = device.momentum_memory();
                    if training.sgd.has_momentum() {
                        (
                            "training φ and κ, 4·(3·parameters + batch·activations) bytes,",
                            Bytes(needed.0 + momentum.0),
                        )
                    } else {
                        ("training φ and κ, 4·(2·parameters + batch·activations) bytes,", needed)
                    }
                }
                None => (
                    "φ and κ, 4·(parameters + the two largest adjacent activations) bytes,",
                    device.inference_memory(),
                ),
            };
            let drawn = entry.drawn.iter().any(|drawn| drawn.figure == Figure::Memory);
            let (who, smallest) = if drawn {
                smallest_memory(scenario, index)
            } else {
                (String::new(), entry.device.memory)
            };
            check(format!("fleet[{index}].device"), &format!("{who}{what}"), needed, smallest);
        }
        let (what, needed) = match &scenario.training {
            Some(training) => (
                "the edge server's part, θ for each client and worker and all φ and κ,",
                self.server_training_memory(scenario, training),
            ),
            None => (
                "θ, 4·(parameters + the two largest adjacent activations) bytes,",
                self.theta.inference_memory(),
            ),
        };
        check("server.device".to_owned(), what, needed, scenario.server.device.memory);
        rejections
    }

    fn server_training_memory(&self, scenario: &Scenario, training: &TrainingSpec) -> Bytes {
        let clients = u64::from(fleet::size(scenario));
        let models = self.model.server_memory(
            clients,
            u64::from(scenario.server.workers),
            u64::from(training.batch_size),
        );
        // Clients' steps take turns, so that every working copy of θ keeps its own v.
        let momentum =
            if training.sgd.has_momentum() { clients * self.theta.momentum_memory().0 } else { 0 };
        Bytes(models.0 + momentum)
    }
}

/// One step of all parameters of `part`.
fn optimiser_step(part: &PartCost, training: &TrainingSpec) -> Work {
    if training.sgd.has_momentum() {
        part.sgd_step() + part.momentum_step()
    } else {
        part.sgd_step()
    }
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

/// Closed-form times of a device class on an idle network, and how loaded its own part is.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassTimes {
    /// The class.
    pub name: String,
    /// How many devices.
    pub count: u32,
    /// A lone request that the client exit answers: φ and κ; without noise.
    pub client_exit: SimDuration,
    /// A lone request that the server exit answers after the client exit was tried: φ and κ, the
    /// smashed data up, θ, the answer down; without jitter, loss and noise.
    pub server_exit: SimDuration,
    /// A local round of a lone client from its model's sending to its update's arrival; without
    /// jitter, loss and noise. `None` without training, and with `local_epochs`, whose length is
    /// known only when the data are dealt.
    pub round: Option<SimDuration>,
}

/// Closed-form times of every device class.
///
/// # Errors
/// If the model has no such cut or a class does not reach the server.
pub fn class_times(scenario: &Scenario) -> Result<Vec<ClassTimes>, Rejection> {
    let costing = Costing::new(&scenario.model)?;
    let paths = class_paths(scenario).map_err(|_| network::rejections(scenario).remove(0))?;
    let classes = scenario.fleet.iter().zip(&paths);
    Ok(classes.map(|(entry, path)| lone_times(&costing, scenario, entry, path)).collect())
}

fn lone_times(
    costing: &Costing,
    scenario: &Scenario,
    entry: &FleetEntry,
    path: &ClassPath<'_>,
) -> ClassTimes {
    let services = costing.inference(&entry.device);
    let sum = |parts: &[SimDuration]| {
        parts.iter().fold(SimDuration::ZERO, |sum, part| sum.saturating_add(*part))
    };
    // Store and forward: every hop serialises the whole message.
    let transfer = |links: &[&LinkSpec], body: Bytes| {
        let size = Bytes(body.0 + scenario.network.header.0);
        let hop = |link: &&LinkSpec| link.rate.serialisation_time(size).saturating_add(link.delay);
        sum(&links.iter().map(hop).collect::<Vec<_>>())
    };
    let (up, down) = (&path.up, &path.down);
    let server = &scenario.server.device;
    let round = scenario.training.as_ref().and_then(|training| {
        let tasks = costing.round_tasks(training, u64::from(training.batch_size));
        let step = sum(&[
            entry.device.service_time(tasks.forward),
            transfer(up, tasks.smashed),
            server.service_time(tasks.server_step),
            transfer(down, tasks.gradient),
            entry.device.service_time(tasks.backward),
        ]);
        let model = costing.model.device_model_size();
        let LocalWork::Updates(updates) = training.local_work else { return None };
        let steps = step.saturating_mul(u64::from(updates));
        Some(sum(&[transfer(down, model), steps, transfer(up, model)]))
    });
    ClassTimes {
        name: entry.name.clone(),
        count: entry.count,
        client_exit: services.phi_and_kappa.time(),
        server_exit: sum(&[
            services.phi_and_kappa.time(),
            transfer(up, services.smashed),
            costing.lone_server_inference(&scenario.server),
            transfer(down, ANSWER),
        ]),
        round,
    }
}
