//! What devices spend: a meter that reads while a simulation runs.

use crate::cost::PowerProfile;
use crate::quantity::Energy;
use crate::time::SimDuration;

/// What a device spent in a whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeviceEnergy {
    /// While it computed.
    pub busy: Energy,
    /// While it did not.
    pub idle: Energy,
    /// While its access link serialised its messages; sending and receiving at once count both.
    pub radio: Energy,
    /// Of `busy`, what training rounds took.
    pub training_busy: Energy,
    /// Of `radio`, what training rounds took.
    pub training_radio: Energy,
}

/// The meter of a fleet of which some devices state their power.
#[derive(Debug)]
pub struct EnergyMeter {
    /// Of each client.
    profiles: Vec<Option<PowerProfile>>,
    devices: Vec<DeviceEnergy>,
    /// Time on access links, by request.
    serialised: Vec<SimDuration>,
    /// What training has spent beyond idling.
    training: Energy,
    training_before_round: Energy,
    rounds: Vec<Energy>,
}

impl EnergyMeter {
    /// A meter for clients with these profiles; `None` if no device states its power.
    pub fn new(profiles: Vec<Option<PowerProfile>>) -> Option<Self> {
        profiles.iter().any(Option::is_some).then(|| Self {
            devices: vec![DeviceEnergy::default(); profiles.len()],
            profiles,
            serialised: Vec::new(),
            training: Energy::default(),
            training_before_round: Energy::default(),
            rounds: Vec::new(),
        })
    }

    /// `client`'s access link has serialised a message for `time`, which serves `request` or else
    /// training.
    pub(super) fn serialised(&mut self, client: u32, request: Option<u32>, time: SimDuration) {
        let Some(profile) = self.profiles[client as usize] else { return };
        let energy = profile.radio.over(time);
        self.devices[client as usize].radio += energy;
        let Some(request) = request else {
            self.training += energy;
            self.devices[client as usize].training_radio += energy;
            return;
        };
        let request = request as usize;
        if self.serialised.len() <= request {
            self.serialised.resize(request + 1, SimDuration::ZERO);
        }
        self.serialised[request] = self.serialised[request].saturating_add(time);
    }

    /// `client`'s device has computed for training for `time`.
    pub(super) fn trained(&mut self, client: u32, time: SimDuration) {
        if let Some(profile) = self.profiles[client as usize] {
            let energy = profile.busy.over(time);
            self.training += energy;
            self.devices[client as usize].training_busy += energy;
        }
    }

    /// A round has been aggregated.
    pub(super) fn round_done(&mut self) {
        self.rounds.push(self.training - self.training_before_round);
        self.training_before_round = self.training;
    }

    /// The run has ended after `elapsed`, of which `client`'s device computed for `busy`.
    pub(super) fn device_closed(&mut self, client: u32, busy: SimDuration, elapsed: SimDuration) {
        let Some(profile) = self.profiles[client as usize] else { return };
        let idle = SimDuration::from_nanos(elapsed.as_nanos() - busy.as_nanos());
        let device = &mut self.devices[client as usize];
        device.busy = profile.busy.over(busy);
        device.idle = profile.idle.over(idle);
    }

    /// What `client`'s device spent in the whole run, if it states its power.
    pub fn device(&self, client: u32) -> Option<DeviceEnergy> {
        self.profiles[client as usize].map(|_| self.devices[client as usize])
    }

    /// What `client`'s device spent on `request`, beyond idling: busy power · `service`, and radio
    /// power · the time on its access links both ways.
    pub fn request(
        &self,
        client: u32,
        request: usize,
        service: SimDuration,
    ) -> Option<[Energy; 2]> {
        let profile = self.profiles[client as usize]?;
        let serialised = self.serialised.get(request).copied().unwrap_or_default();
        Some([profile.busy.over(service), profile.radio.over(serialised)])
    }

    /// What all devices spent on each round, beyond idling: busy power · their services + radio
    /// power · the time on their access links.
    pub fn rounds(&self) -> &[Energy] {
        &self.rounds
    }
}
