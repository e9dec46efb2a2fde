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
    let mut devices = vec![Parts::<3>::default(); scenario.fleet.len()];
    let mut training = vec![Parts::<2>::default(); scenario.fleet.len()];
    let [mut busy, mut idle, mut radio] = [Energy::default(); 3];
    for member in members(scenario) {
        let device = meter.device(member.index);
        let total = device.map(|device| {
            busy += device.busy;
            idle += device.idle;
            radio += device.radio;
            devices[member.class].record([device.busy, device.idle, device.radio]);
            training[member.class].record([device.training_busy, device.training_radio]);
            (device.busy + device.idle + device.radio).as_joules()
        });
        result.clients.push(total);
    }
    [result.busy, result.idle, result.radio] = [busy, idle, radio].map(Energy::as_joules);

    let classes: Vec<usize> = members(scenario).map(|member| member.class).collect();
    let mut all = Tally::default();
    let mut requests = vec![Parts::<2>::default(); scenario.fleet.len()];
    if let Some(inference) = inference {
        for (index, record) in inference.records.iter().enumerate() {
            let counts =
                record.outcome == RequestOutcome::Completed && inference.in_window(record.arrival);
            let service = record.stages.device_service;
            if let Some(parts) = meter.request(record.client, index, service).filter(|_| counts) {
                all.record((parts[0] + parts[1]).as_joules());
                requests[classes[record.client as usize]].record(parts);
            }
        }
    }
    result.request = all.mean();
    #[expect(clippy::cast_precision_loss, reason = "a report's precision")]
    let rounds = result.rounds.len() as f64;
    let class = |((device, request), training): ((&Parts<3>, &Parts<2>), &Parts<2>)| ClassEnergy {
        device: device.total.mean(),
        request: request.total.mean(),
        device_parts: device.means(),
        request_parts: request.means(),
        round_parts: training
            .means()
            .filter(|_| rounds > 0.0)
            .map(|parts| parts.map(|joules| joules / rounds)),
    };
    result.by_class = devices.iter().zip(&requests).zip(&training).map(class).collect();
    result
}

/// The means over those of `results` that have the parts.
fn mean_parts<const N: usize>(
    results: &[&EnergyResult],
    parts: impl Fn(&EnergyResult) -> Option<[f64; N]>,
) -> Option<[f64; N]> {
    let found: Vec<[f64; N]> = results.iter().filter_map(|result| parts(result)).collect();
    let mean = |part: usize| found.iter().map(|parts| parts[part]).collect::<Tally>().mean();
    (!found.is_empty()).then(|| std::array::from_fn(|part| mean(part).unwrap_or(0.0)))
}

/// Joules in `N` parts, tallied part by part and in all.
#[derive(Debug, Clone)]
struct Parts<const N: usize> {
    total: Tally,
    each: [Tally; N],
}

impl<const N: usize> Default for Parts<N> {
    fn default() -> Self {
        Self { total: Tally::default(), each: std::array::from_fn(|_| Tally::default()) }
    }
}

impl<const N: usize> Parts<N> {
    fn record(&mut self, parts: [Energy; N]) {
        let sum = parts.iter().fold(Energy::default(), |sum, part| sum + *part);
        self.total.record(sum.as_joules());
        for (tally, part) in self.each.iter_mut().zip(parts) {
            tally.record(part.as_joules());
        }
    }

    fn means(&self) -> Option<[f64; N]> {
        self.total.mean()?;
        Some(self.each.each_ref().map(|tally| tally.mean().unwrap_or(0.0)))
    }
}

impl EnergyResult {
    /// The means over replications of the same scenario, of which this is the first.
    pub(super) fn mean(&self, others: &[&Self]) -> Self {
        let mean = |value: &dyn Fn(&Self) -> Option<f64>| {
            let all = std::iter::once(&self).chain(others).copied();
            all.filter_map(value).collect::<Tally>().mean()
        };
        let all: Vec<&Self> = std::iter::once(self).chain(others.iter().copied()).collect();
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
                    device_parts: mean_parts(&all, |result| result.by_class[class].device_parts),
                    request_parts: mean_parts(&all, |result| result.by_class[class].request_parts),
                    round_parts: mean_parts(&all, |result| result.by_class[class].round_parts),
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
