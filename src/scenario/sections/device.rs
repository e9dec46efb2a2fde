//! `device`: a built-in profile by name, own figures, or a profile with some figures replaced.

use super::noise;
use crate::cost::{DeviceProfile, PowerProfile};
use crate::scenario::decode::Cursor;
use crate::scenario::profiles::device_profiles;
use crate::scenario::units::{
    byte_rate, duration, electric_power, flop_rate, not_drawn, positive_size,
};
use crate::scenario::vocabulary::{DEVICE, POWER, unknown};
use crate::time::SimDuration;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<DeviceProfile> {
    if cursor.as_text().is_some() {
        return profile(cursor);
    }
    let section = cursor.section(&DEVICE)?;
    let base = section.base(profile);
    let rate = section.required_over(&base, "rate", |base| base.rate, not_drawn(flop_rate));
    let memory =
        section.required_over(&base, "memory", |base| base.memory, not_drawn(positive_size));
    let memory_bandwidth = section.or_over(
        &base,
        "memory_bandwidth",
        |base| base.memory_bandwidth,
        None,
        |value| byte_rate(value).map(Some),
    );
    let zero = SimDuration::ZERO;
    let overhead = section.or_over(&base, "overhead", |base| base.overhead, zero, duration);
    let noise = section.or_over(
        &base,
        "noise",
        |base| base.noise,
        None,
        |value| noise::decode(value).map(Some),
    );
    let power =
        section.or_over(&base, "power", |base| base.power, None, |value| power(&value).map(Some));
    Some(DeviceProfile {
        rate: rate?,
        memory: memory?,
        memory_bandwidth: memory_bandwidth?,
        overhead: overhead?,
        noise: noise?,
        power: power?,
    })
}

fn power(cursor: &Cursor<'_>) -> Option<PowerProfile> {
    let section = cursor.section(&POWER)?;
    let busy = section.required("busy", electric_power);
    let idle = section.required("idle", electric_power);
    let radio = section.required("radio", electric_power);
    Some(PowerProfile { busy: busy?, idle: idle?, radio: radio? })
}

fn profile(cursor: Cursor<'_>) -> Option<DeviceProfile> {
    let name = cursor.text()?;
    if let Some(named) = device_profiles().iter().find(|named| named.name == name) {
        return Some(named.profile);
    }
    let names: Vec<_> = device_profiles().iter().map(|named| named.name).collect();
    cursor.refuse(unknown("device profile", name, &names, &names))
}
