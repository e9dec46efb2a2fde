//! From the meter's readings to joules.

use super::fleet::members;
use super::result::{ClassEnergy, EnergyResult, InferenceResult};
use crate::actors::{EnergyMeter, RequestOutcome};
use crate::quantity::Energy;
use crate::scenario::Scenario;
use crate::stats::Tally;

/// The meter of `scenario`'s fleet, if a device states its power.
pub(super) fn meter(scenario: &Scenario) -> Option<EnergyMeter> {
    EnergyMeter::new(members(scenario).map(|member| member.entry.device.power).collect())
}

/// What the devices of `scenario` spent; on requests, over those answered that arrived in the window.
pub(super) fn energy_result(
    scenario: &Scenario,
    meter: &EnergyMeter,
    inference: Option<&InferenceResult>,
) -> EnergyResult {
    let mut result = EnergyResult {
        busy: 0.0,
        idle: 0.0,
        radio: 0.0,
        request: None,
        rounds: meter.rounds().iter().map(|energy| energy.as_joules()).collect(),
        by_class: Vec::new(),
        clients: Vec::new(),
    };
    let mut devices = vec![Tally::default(); scenario.fleet.len()];
    let [mut busy, mut idle, mut radio] = [Energy::default(); 3];
    for member in members(scenario) {
        let device = meter.device(member.index);
        let total = device.map(|device| {
            busy += device.busy;
            idle += device.idle;
            radio += device.radio;
            (device.busy + device.idle + device.radio).as_joules()
        });
        if let Some(total) = total {
            devices[member.class].record(total);
        }
        result.clients.push(total);
    }
    [result.busy, result.idle, result.radio] = [busy, idle, radio].map(Energy::as_joules);

    let classes: Vec<usize> = members(scenario).map(|member| member.class).collect();
    let mut all = Tally::default();
    let mut requests = vec![Tally::default(); scenario.fleet.len()];
    if let Some(inference) = inference {
        for (index, record) in inference.records.iter().enumerate() {
            let counts =
                record.outcome == RequestOutcome::Completed && inference.in_window(record.arrival);
            let service = record.stages.device_service;
            if let Some(energy) = meter.request(record.client, index, service).filter(|_| counts) {
                all.record(energy.as_joules());
                requests[classes[record.client as usize]].record(energy.as_joules());
            }
        }
    }
    result.request = all.mean();
    result.by_class = devices
        .iter()
        .zip(&requests)
        .map(|(device, request)| ClassEnergy { device: device.mean(), request: request.mean() })
        .collect();
    result
}

impl EnergyResult {
    /// The means over replications of the same scenario, of which this is the first.
    pub(super) fn mean(&self, others: &[&Self]) -> Self {
        let mean = |value: &dyn Fn(&Self) -> Option<f64>| {
            let all = std::iter::once(&self).chain(others).copied();
            all.filter_map(value).collect::<Tally>().mean()
        };
        let of_all = |value: fn(&Self) -> f64| {
            mean(&|result| Some(value(result))).expect("there is a replication")
        };
        Self {
            busy: of_all(|result| result.busy),
            idle: of_all(|result| result.idle),
            radio: of_all(|result| result.radio),
            request: mean(&|result| result.request),
            rounds: (0..self.rounds.len())
                .filter_map(|round| mean(&|result| result.rounds.get(round).copied()))
                .collect(),
            by_class: (0..self.by_class.len())
                .map(|class| ClassEnergy {
                    device: mean(&|result| result.by_class[class].device),
                    request: mean(&|result| result.by_class[class].request),
                })
                .collect(),
            clients: (0..self.clients.len())
                .map(|client| mean(&|result| result.clients[client]))
                .collect(),
        }
    }

    /// Joules of all devices in the whole run.
    pub fn devices(&self) -> f64 {
        self.busy + self.idle + self.radio
    }

    /// Mean joules of a training round.
    pub fn round(&self) -> Option<f64> {
        self.rounds.iter().copied().collect::<Tally>().mean()
    }
}
