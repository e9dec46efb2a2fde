//! What the scenario's model costs its devices, links and server: the same layers that are
//! trained set FLOPs, bytes and memory.

use super::error::Rejection;
use super::split_model::split_model;
use crate::actors::{InferenceServices, RoundTasks, SplitTasks};
use crate::cost::{CostProxy, DeviceProfile, PartCost, Service, SplitModel, Work};
use crate::learning::Layout;
use crate::offload::DevicePart;
use crate::quantity::Bytes;
use crate::scenario::{QueueSpec, Scenario, ServerSpec};
use crate::time::SimDuration;

/// The model, what of it lies where, and the costs of its parts.
#[derive(Debug, Clone)]
pub(super) struct Costing {
    pub(super) model: SplitModel,
    pub(super) layout: Layout,
    proxy: CostProxy,
    /// Whether the optimiser keeps a velocity.
    pub(super) momentum: bool,
    /// Whether κ runs while the gradient is awaited.
    overlap: bool,
    pub(super) phi: PartCost,
    pub(super) kappa: PartCost,
    pub(super) theta: PartCost,
}

impl Costing {
    /// Costs of the model of `scenario`, cut as its training method does; without training as
    /// SplitGP does.
    ///
    /// # Errors
    /// If its table of costs cannot be read or has no such cut.
    pub(super) fn of(scenario: &Scenario) -> Result<Self, Rejection> {
        let spec = &scenario.model;
        let model = split_model(spec)?.sending(spec.smashed);
        let [phi, kappa, theta] = [&model.phi, &model.kappa, &model.theta]
            .map(|layers| PartCost::of(layers).counted_by(spec.cost));
        let training = scenario.training.as_ref();
        let layout = training.map_or(Layout::TwoExits, |training| training.method.layout());
        let overlap = training.is_some_and(|training| training.overlap);
        let momentum = training.is_some_and(|training| training.sgd.has_momentum());
        Ok(Self { model, layout, proxy: spec.cost, momentum, overlap, phi, kappa, theta })
    }

    /// φ and κ together.
    fn phi_and_kappa(&self) -> PartCost {
        PartCost::of(self.model.phi.iter().chain(&self.model.kappa)).counted_by(self.proxy)
    }

    /// φ and θ together: the full model.
    pub(super) fn full(&self) -> PartCost {
        PartCost::of(self.model.phi.iter().chain(&self.model.theta)).counted_by(self.proxy)
    }

    /// What the device trains.
    pub(super) fn device_part(&self) -> PartCost {
        match self.layout {
            Layout::TwoExits => self.phi_and_kappa(),
            Layout::ServerExit => self.phi,
            Layout::Full => self.full(),
        }
    }

    /// What is averaged after a round, wherever it lies, in parameters.
    pub(super) fn averaged_parameters(&self) -> u64 {
        let on_server = if self.layout.is_split() { self.theta.parameters } else { 0 };
        self.device_part().parameters + on_server
    }

    /// A client's training round with mini-batches of `batch`.
    pub(super) fn round_tasks(&self, batch: u64) -> RoundTasks {
        let device = self.device_part();
        let step = |part: &PartCost| part.backward(batch) + self.optimiser_step(part);
        if !self.layout.is_split() {
            return RoundTasks::Full(device.forward(batch) + step(&device));
        }
        let exit = self.kappa.forward(batch) + step(&self.kappa);
        let (overlapped, backward) = match (self.layout.has_client_exit(), self.overlap) {
            (true, true) => (Some(exit), step(&self.phi)),
            (true, false) => (None, exit + step(&self.phi)),
            (false, _) => (None, step(&device)),
        };
        let labels = self.model.labels_size(batch);
        RoundTasks::Split(SplitTasks {
            forward: self.phi.forward(batch),
            overlapped,
            backward,
            server_step: self.theta.forward(batch) + step(&self.theta),
            smashed: Bytes(self.model.smashed_size(batch).0 + labels.0),
            gradient: self.model.gradient_size(batch),
        })
    }

    /// One step of all parameters of `part`.
    fn optimiser_step(&self, part: &PartCost) -> Work {
        let step = part.sgd_step();
        if self.momentum { step + part.momentum_step() } else { step }
    }

    /// Memory that training with mini-batches of `batch` takes on a device.
    pub(super) fn training_memory(&self, batch: u64) -> Bytes {
        let device = self.device_part();
        Bytes(device.training_memory(batch).0 + self.velocity_memory(&device).0)
    }

    /// What the optimiser keeps of `part`'s earlier gradients.
    pub(super) fn velocity_memory(&self, part: &PartCost) -> Bytes {
        if self.momentum { part.momentum_memory() } else { Bytes(0) }
    }

    /// One request on `device`.
    pub(super) fn inference(&self, device: &DeviceProfile) -> InferenceServices {
        let service = |part: PartCost| Service::new(part.forward(1), device);
        InferenceServices {
            phi: service(self.phi),
            phi_and_kappa: service(self.phi_and_kappa()),
            phi_and_theta: service(self.full()),
            smashed: self.model.smashed_size(1),
            input: self.model.input_size(1),
        }
    }

    /// What the server computes for a request of which the device computed `part`.
    pub(super) fn server_part(&self, part: DevicePart) -> PartCost {
        match part {
            DevicePart::Nothing => self.full(),
            DevicePart::Phi | DevicePart::PhiAndKappa | DevicePart::PhiAndTheta => self.theta,
        }
    }

    /// 1, 2 … requests that devices computed `part` of, together on a worker of `server`, as many as
    /// it ever serves.
    pub(super) fn server_inference(&self, server: &ServerSpec, part: DevicePart) -> Vec<Service> {
        let cost = self.server_part(part);
        let work = |samples| cost.forward(samples);
        match &server.queue {
            QueueSpec::Fifo | QueueSpec::ProcessorSharing => {
                vec![Service::new(work(1), &server.device)]
            }
            QueueSpec::Batch { max, efficiency, .. } => {
                efficiency.services(&server.device, *max, work)
            }
        }
    }

    /// How long a lone request is at an idle `server`: it waits for a batch in vain.
    pub(super) fn lone_server_inference(
        &self,
        server: &ServerSpec,
        part: DevicePart,
    ) -> SimDuration {
        let wait = match &server.queue {
            QueueSpec::Batch { max, wait, .. } if *max > 1 => *wait,
            _ => SimDuration::ZERO,
        };
        wait.saturating_add(self.server_inference(server, part)[0].time())
    }
}
