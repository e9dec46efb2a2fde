//! The devices.

use super::phrases::{listed, random_factor, random_span, span};
use crate::cost::DeviceProfile;
use crate::quantity::Power;
use crate::report::text::counted;
use crate::scenario::{FleetEntry, Scenario};
use crate::time::{NANOS_PER_SECOND, SimDuration};

/// Each device class: compute, memory, buffers, failures, power.
pub(super) fn paragraph(scenario: &Scenario) -> String {
    let devices: Vec<String> = scenario.fleet.iter().map(class).collect();
    format!(
        "**Devices.** {} Each device is one worker that serves its jobs first in, first out; a \
         service takes its floating-point operations over the device's rate{}, rounded up to a \
         nanosecond.",
        devices.join(" "),
        if scenario.fleet.iter().any(|entry| entry.device.memory_bandwidth.is_some()) {
            ", or where a memory bandwidth is stated its moved bytes over that if this is longer"
        } else {
            ""
        }
    )
}

fn class(entry: &FleetEntry) -> String {
    let count = counted(entry.count as usize, "device");
    let mut text = format!("{count} of class `{}` with {}", entry.name, compute(&entry.device));
    if !entry.drawn.is_empty() {
        let figures: Vec<String> =
            entry.drawn.iter().map(|drawn| drawn.figure.purpose().to_owned()).collect();
        text += &format!(
            "; {} drawn once for each device (the figures given are the medians)",
            listed(&figures)
        );
    }
    if let Some(buffer) = entry.buffer {
        text += &format!("; at most {buffer} jobs at a device, other requests are dropped");
    }
    if let Some(availability) = &entry.availability {
        text += &format!(
            "; a device fails after a time that is {} and returns after one that is {}, and loses \
             its work",
            random_span(&availability.up),
            random_span(&availability.down)
        );
    }
    text + "."
}

/// Rate, memory and whatever else a profile states.
pub(super) fn compute(device: &DeviceProfile) -> String {
    let mut text = format!("{} and {} of memory", device.rate, device.memory);
    if let Some(bandwidth) = device.memory_bandwidth {
        text += &format!(", memory bandwidth {bandwidth}");
    }
    if device.overhead > SimDuration::ZERO {
        text += &format!(", {} of overhead for each service", span(device.overhead));
    }
    if let Some(noise) = &device.noise {
        text += &format!(", a random factor on each service time ({})", random_factor(noise));
    }
    if let Some(power) = device.power {
        text += &format!(
            ", {} busy, {} idle and {} more while its radio is on",
            watts(power.busy),
            watts(power.idle),
            watts(power.radio)
        );
    }
    text
}

fn watts(power: Power) -> String {
    format!("{} W", power.over(SimDuration::from_nanos(NANOS_PER_SECOND)).as_joules())
}
