//! `profiles`: lists the built-in hardware.

use super::exit::Failure;
use super::output::print;
use crate::scenario::{device_profiles, link_profiles};
use clap::Args;
use comfy_table::{Table, presets};

/// List the built-in devices and access networks with their provenance.
#[derive(Debug, Args)]
#[command(after_help = "\
A scenario names them in `device:`, `access:` and a link's `profile:`.

Example:
  splitgp-sim profiles")]
pub(super) struct ProfilesArguments {}

/// Runs the command.
pub(super) fn profiles(_: &ProfilesArguments) -> Result<(), Failure> {
    let mut devices = table(["name", "hardware", "rate", "memory", "basis", "source"]);
    for device in device_profiles() {
        devices.add_row([
            device.name,
            device.hardware,
            &device.profile.rate.to_string(),
            &device.profile.memory.to_string(),
            device.basis,
            device.source,
        ]);
    }
    let mut links = table(["name", "up", "down", "delay", "loss", "basis", "source"]);
    for link in link_profiles() {
        let (up, down) = (&link.access.up, &link.access.down);
        links.add_row([
            link.name,
            &up.rate.to_string(),
            &down.rate.to_string(),
            &format!("{} ms", up.delay.as_secs_f64() * 1e3),
            &format!("{} %", up.loss * 100.0),
            link.basis,
            link.source,
        ]);
    }
    print(&format!(
        "Devices (effective fp32 rate of one worker; overhead of a service 0 unless set)\n\n{}\n\n\
         Access networks (one-way delay; loss of a transmission; no jitter)\n\n{}\n",
        devices.trim_fmt(),
        links.trim_fmt()
    ))
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table
}
