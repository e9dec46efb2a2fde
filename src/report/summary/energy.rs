//! The `energy_j` part of the summary.

use crate::experiment::{ClassEnergy, EnergyResult, RunResult};
use serde::Serialize;

/// Joules of the devices that state their power.
#[derive(Debug, Serialize)]
pub(super) struct EnergySummary<'a> {
    /// Of all of them in the whole run.
    devices: f64,
    busy: f64,
    idle: f64,
    radio: f64,
    /// Mean over answered requests in the window, idling left out.
    request: Option<f64>,
    /// Mean over training rounds, of all devices, idling left out.
    round: Option<f64>,
    by_round: &'a [f64],
    by_class: Vec<ClassSummary<'a>>,
    /// Of each client's device in the whole run.
    by_client: &'a [Option<f64>],
}

#[derive(Debug, Serialize)]
struct ClassSummary<'a> {
    class: &'a str,
    /// Mean over its devices of the whole run.
    device: Option<f64>,
    request: Option<f64>,
}

impl<'a> EnergySummary<'a> {
    pub(super) fn of(run: &'a RunResult, energy: &'a EnergyResult) -> Self {
        let classes = run.classes.iter().zip(&energy.by_class);
        Self {
            devices: energy.devices(),
            busy: energy.busy,
            idle: energy.idle,
            radio: energy.radio,
            request: energy.request,
            round: energy.round(),
            by_round: &energy.rounds,
            by_class: classes
                .map(|(class, &ClassEnergy { device, request, .. })| ClassSummary {
                    class,
                    device,
                    request,
                })
                .collect(),
            by_client: &energy.clients,
        }
    }
}
