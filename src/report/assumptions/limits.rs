//! What is not modelled.

use super::phrases::listed;
use crate::scenario::{Discipline, LinkSpec, Scenario};
use crate::time::SimDuration;

/// What the simulator never models, and what this scenario leaves out.
pub(super) fn paragraph(scenario: &Scenario) -> String {
    let mut left_out: Vec<&str> = Vec::new();
    let devices = || scenario.fleet.iter().map(|entry| &entry.device);
    let without = |missing: bool, what: &'static str| missing.then_some(what);
    left_out.extend(without(
        devices().all(|device| device.overhead == SimDuration::ZERO),
        "the fixed overhead of a service on the devices",
    ));
    left_out.extend(without(
        devices().all(|device| device.memory_bandwidth.is_none()),
        "the devices' memory bandwidth",
    ));
    left_out.extend(without(
        devices().all(|device| device.noise.is_none()),
        "random variation of the devices' service times",
    ));
    left_out.extend(without(
        scenario.fleet.iter().all(|entry| entry.availability.is_none()),
        "failures of devices",
    ));
    let links = links(scenario);
    let no_link = |has: fn(&LinkSpec) -> bool| !links.iter().any(|link| has(link));
    left_out.extend(without(no_link(|link| link.loss > 0.0), "losses on links"));
    left_out.extend(without(no_link(|link| link.outages.is_some()), "outages of links"));
    left_out.extend(without(no_link(|link| link.background.is_some()), "traffic of others"));
    left_out.extend(without(
        no_link(|link| link.discipline == Discipline::Fair) && scenario.network.links.is_empty(),
        "contention of devices for a shared medium",
    ));
    left_out.extend(without(scenario.network.header.0 == 0, "protocol headers"));
    left_out.extend(without(devices().all(|device| device.power.is_none()), "energy"));
    let left_out: Vec<String> = left_out.into_iter().map(str::to_owned).collect();
    let here = if left_out.is_empty() {
        String::new()
    } else {
        format!("This scenario leaves out {}. ", listed(&left_out))
    };
    format!(
        "**Not modelled.** {here}The simulator knows no operating system, no thermal throttling, no \
         congestion control of a transport protocol, no handover, no compression or encryption, no \
         energy of the server or the network, and no failure of the server."
    )
}

/// All directions of all links.
fn links(scenario: &Scenario) -> Vec<&LinkSpec> {
    let access = scenario.fleet.iter().filter_map(|entry| entry.access.as_ref());
    let access = access.flat_map(|access| [&access.up, &access.down]);
    let between = scenario.network.links.iter();
    let between = between.flat_map(|link| std::iter::once(&link.up).chain(link.down.as_ref()));
    access.chain(between).collect()
}
