//! Closed-form times of each device class on an idle network.

use super::costing::Costing;
use super::error::Rejection;
use super::network::{self, ClassPath, class_paths};
use crate::actors::RoundTasks;
use crate::cost::ANSWER;
use crate::learning::{Layout, Method};
use crate::offload::DevicePart;
use crate::quantity::Bytes;
use crate::scenario::{FleetEntry, LinkSpec, LocalWork, OffloadSpec, Scenario, TrainingSpec};
use crate::theory::split::Rates;
use crate::time::SimDuration;

/// Closed-form times of a device class on an idle network; without jitter, loss and noise. Those
/// that the method or the policy does not have are absent.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassTimes {
    /// The class.
    pub name: String,
    /// How many devices.
    pub count: u32,
    /// A lone request that the client exit answers: φ and κ.
    pub client_exit: Option<SimDuration>,
    /// A lone request that the server exit answers: φ, and κ if there is a client exit to be tried
    /// before, the smashed data up, θ, the answer down.
    pub server_exit: Option<SimDuration>,
    /// A lone request that the full model on the device answers: φ and θ.
    pub client_only: Option<SimDuration>,
    /// A lone request that the full model on the server answers: the raw input up, φ and θ, the
    /// answer down.
    pub server_only: Option<SimDuration>,
    /// A local round of a lone client from its model's sending to its update's arrival, or of one
    /// that trains alone from its first to its last mini-batch. `None` without training, and with
    /// `local_epochs`, whose length is known only when the data are dealt.
    pub round: Option<SimDuration>,
}

/// Closed-form times of every device class.
///
/// # Errors
/// If the model has no such cut or a class does not reach the server.
pub fn class_times(scenario: &Scenario) -> Result<Vec<ClassTimes>, Rejection> {
    let costing = Costing::of(scenario)?;
    let paths = class_paths(scenario).map_err(|_| network::rejections(scenario).remove(0))?;
    let classes = scenario.fleet.iter().zip(&paths);
    Ok(classes
        .map(|(entry, path)| LoneDevice { scenario, costing: &costing, entry, path }.times())
        .collect())
}

/// A lone request of a device class by each way that it can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathTimes {
    /// φ and κ on the device.
    pub client_exit: SimDuration,
    /// φ and κ on the device, the smashed data up, θ, the answer down.
    pub offloaded: SimDuration,
    /// φ and θ on the device.
    pub client_only: SimDuration,
    /// The raw input up, φ and θ, the answer down.
    pub server_only: SimDuration,
}

impl PathTimes {
    /// Seconds of client-only, server-only and SplitGP, which is a mean of its two exits.
    pub fn means(&self, beta: f64) -> [f64; 3] {
        let splitgp =
            (1.0 - beta) * self.client_exit.as_secs_f64() + beta * self.offloaded.as_secs_f64();
        [self.client_only.as_secs_f64(), self.server_only.as_secs_f64(), splitgp]
    }

    /// The slowest of the four.
    pub fn longest(&self) -> SimDuration {
        self.client_exit.max(self.offloaded).max(self.client_only).max(self.server_only)
    }
}

/// What a device class is and reaches, as rates: what formulas know of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ClassRates {
    /// Its rates; a service's overhead and its memory bandwidth are not among them.
    pub(super) rates: Rates,
    /// Its lone times.
    pub(super) times: PathTimes,
}

/// The lone times and rates of each device class of a `scenario` that was checked, whatever its
/// method and policy.
pub(super) fn class_rates(scenario: &Scenario, costing: &Costing) -> Vec<ClassRates> {
    let paths = class_paths(scenario).unwrap_or_default();
    let classes = scenario.fleet.iter().zip(&paths);
    classes
        .map(|(entry, path)| {
            let device = LoneDevice { scenario, costing, entry, path };
            ClassRates { rates: device.rates(), times: device.paths() }
        })
        .collect()
}

/// From the sending of a lone request's smashed data to its answer's arrival, for each device class
/// of a `scenario` that was checked.
pub(super) fn round_trips(scenario: &Scenario, costing: &Costing) -> Vec<SimDuration> {
    let paths = class_paths(scenario).unwrap_or_default();
    let classes = scenario.fleet.iter().zip(&paths);
    let round_trip = |(entry, path)| {
        LoneDevice { scenario, costing, entry, path }.round_trip(DevicePart::PhiAndKappa)
    };
    classes.map(round_trip).collect()
}

/// A device of a class, alone.
struct LoneDevice<'a> {
    scenario: &'a Scenario,
    costing: &'a Costing,
    entry: &'a FleetEntry,
    path: &'a ClassPath<'a>,
}

impl LoneDevice<'_> {
    fn times(&self) -> ClassTimes {
        let method = self.scenario.training.as_ref().map(|training| training.method);
        let policy = self.scenario.inference.as_ref().map(|inference| inference.offload);
        let layout = self.costing.layout;
        let full = layout == Layout::Full;
        let client_only = full || policy == Some(OffloadSpec::ClientOnly);
        // A model that nobody ever sent cannot answer on the server.
        let server_only =
            full && method != Some(Method::Local) || policy == Some(OffloadSpec::ServerOnly);
        let tried = match layout.has_client_exit() {
            true => DevicePart::PhiAndKappa,
            false => DevicePart::Phi,
        };
        let device = |part| self.on_device(part);
        ClassTimes {
            name: self.entry.name.clone(),
            count: self.entry.count,
            client_exit: layout.has_client_exit().then(|| device(DevicePart::PhiAndKappa)),
            server_exit: layout.is_split().then(|| self.on_server(tried)),
            client_only: client_only.then(|| device(DevicePart::PhiAndTheta)),
            server_only: server_only.then(|| self.on_server(DevicePart::Nothing)),
            round: self.scenario.training.as_ref().and_then(|training| self.round(training)),
        }
    }

    /// The device's part of a request.
    fn on_device(&self, part: DevicePart) -> SimDuration {
        let service = self.costing.inference(&self.entry.device).device(part);
        service.map_or(SimDuration::ZERO, |service| service.time())
    }

    /// A request that the server answers after the device has computed `part`.
    fn on_server(&self, part: DevicePart) -> SimDuration {
        self.on_device(part).saturating_add(self.round_trip(part))
    }

    /// The way to the server and back of a request of which the device has computed `part`.
    fn round_trip(&self, part: DevicePart) -> SimDuration {
        sum(&[
            self.up(self.costing.inference(&self.entry.device).upload(part)),
            self.costing.lone_server_inference(&self.scenario.server, part),
            self.down(ANSWER),
        ])
    }

    fn paths(&self) -> PathTimes {
        PathTimes {
            client_exit: self.on_device(DevicePart::PhiAndKappa),
            offloaded: self.on_server(DevicePart::PhiAndKappa),
            client_only: self.on_device(DevicePart::PhiAndTheta),
            server_only: self.on_server(DevicePart::Nothing),
        }
    }

    /// Of several hops, which are passed one after the other, the inverse rates add up; the header
    /// is a fixed part of a visit, as are the delays and the answer.
    #[expect(clippy::cast_precision_loss, reason = "rates as formulas have them")]
    fn rates(&self) -> Rates {
        let seconds_a_byte = |link: &&LinkSpec| 8.0 / link.rate.0.get() as f64;
        let slowness: f64 = self.path.up.iter().map(seconds_a_byte).sum();
        Rates {
            client: self.entry.device.rate.0.get() as f64,
            server: self.scenario.server.device.rate.0.get() as f64,
            uplink: 1.0 / slowness,
            visit: self.up(Bytes(0)).saturating_add(self.down(ANSWER)).as_secs_f64(),
        }
    }

    fn round(&self, training: &TrainingSpec) -> Option<SimDuration> {
        let LocalWork::Updates(updates) = training.local_work else { return None };
        let (device, server) = (&self.entry.device, &self.scenario.server.device);
        let step = match self.costing.round_tasks(u64::from(training.batch_size)) {
            RoundTasks::Full(work) => device.service_time(work),
            RoundTasks::Split(tasks) => {
                let awaited = sum(&[
                    self.up(tasks.smashed),
                    server.service_time(tasks.server_step),
                    self.down(tasks.gradient),
                ]);
                let meanwhile =
                    tasks.overlapped.map_or(SimDuration::ZERO, |work| device.service_time(work));
                sum(&[
                    device.service_time(tasks.forward),
                    awaited.max(meanwhile),
                    device.service_time(tasks.backward),
                ])
            }
        };
        let steps = step.saturating_mul(u64::from(updates));
        if !training.method.averages() {
            return Some(steps);
        }
        let model = self.costing.device_part().model_size();
        Some(sum(&[self.down(model), steps, self.up(model)]))
    }

    fn up(&self, body: Bytes) -> SimDuration {
        self.transfer(&self.path.up, body)
    }

    fn down(&self, body: Bytes) -> SimDuration {
        self.transfer(&self.path.down, body)
    }

    /// Store and forward: every hop serialises the whole message.
    fn transfer(&self, links: &[&LinkSpec], body: Bytes) -> SimDuration {
        let size = Bytes(body.0 + self.scenario.network.header.0);
        let hop = |link: &&LinkSpec| link.rate.serialisation_time(size).saturating_add(link.delay);
        sum(&links.iter().map(hop).collect::<Vec<_>>())
    }
}

fn sum(parts: &[SimDuration]) -> SimDuration {
    parts.iter().fold(SimDuration::ZERO, |sum, part| sum.saturating_add(*part))
}
