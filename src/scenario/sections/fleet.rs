//! `fleet`: groups of equal devices.

use super::{access, availability, device, drawn, network, server};
use crate::scenario::decode::Cursor;
use crate::scenario::model::FleetEntry;
use crate::scenario::numbers::integer_u32;
use crate::scenario::section::Section;
use crate::scenario::vocabulary::{FLEET_ENTRY, shorten};
use indexmap::IndexMap;

/// Devices in a whole fleet.
const MAX_DEVICES: u32 = 1_000_000;

/// Characters of a name.
const MAX_NAME_CHARS: usize = 64;

pub(super) fn decode(cursor: Cursor<'_>) -> Option<Vec<FleetEntry>> {
    let mut names = IndexMap::new();
    let mut devices = 0;
    // All entries are decoded before the first `None` ends the collection.
    let entries: Vec<_> = cursor
        .items("device groups")?
        .map(|item| {
            let section = item.section(&FLEET_ENTRY)?;
            let entry = entry(&section);
            let unique = unique_name(&section, &mut names);
            let counted = within_total(&section, &mut devices);
            unique.and(counted).and(entry)
        })
        .collect();
    if entries.is_empty() {
        return cursor.refuse("a fleet has at least one device group");
    }
    entries.into_iter().collect()
}

fn entry(section: &Section<'_>) -> Option<FleetEntry> {
    let name = section.required("name", |value| name(&value));
    let count = section.required("count", |value| integer_u32(&value, 1, MAX_DEVICES));
    let device = section.required("device", device::decode);
    let buffer = section.optional("buffer", server::buffer);
    let access = section.optional("access", access::decode);
    let attach = section.optional("attach", |value| network::node_name(&value).map(str::to_owned));
    let availability = section.optional("availability", availability::decode);
    let (device, access, availability) = (device?, access?, availability?);
    if availability.is_some() && device.power.is_some() {
        return section.get("availability")?.refuse(
            "what a device draws while it is down is not simulated yet; leave out `power` or \
             `availability`",
        );
    }
    Some(FleetEntry {
        name: name?.to_owned(),
        count: count?,
        device,
        buffer: buffer?,
        access,
        attach: attach?,
        drawn: drawn::figures(section)?,
        availability,
    })
}

/// The name of a device class, a node or a link: a part of path names.
pub(super) fn name<'a>(cursor: &Cursor<'a>) -> Option<&'a str> {
    let name = cursor.text()?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name.len() > MAX_NAME_CHARS || !name.chars().all(allowed) {
        return cursor.refuse(format!(
            "`{}` is not a name; it has 1 to {MAX_NAME_CHARS} letters, digits, `-` or `_`",
            shorten(name)
        ));
    }
    Some(name)
}

/// Refuses a name that an earlier entry has; `names` maps names to their lines.
fn unique_name<'a>(section: &Section<'a>, names: &mut IndexMap<&'a str, u32>) -> Option<()> {
    let Some(cursor) = section.get("name") else { return Some(()) };
    let Some(name) = cursor.as_text() else { return Some(()) };
    match names.get(name) {
        Some(line) => cursor.refuse(format!(
            "`{}` is the name of the device group in line {line} already",
            shorten(name)
        )),
        None => {
            names.insert(name, cursor.line());
            Some(())
        }
    }
}

/// Refuses the entry that makes the fleet too large.
fn within_total(section: &Section<'_>, devices: &mut u32) -> Option<()> {
    let Some(cursor) = section.get("count") else { return Some(()) };
    let count = cursor.value().as_u64().and_then(|count| u32::try_from(count).ok());
    let Some(count) = count.filter(|count| *count <= MAX_DEVICES) else { return Some(()) };
    let before = *devices;
    *devices = before.saturating_add(count);
    if before <= MAX_DEVICES && *devices > MAX_DEVICES {
        return cursor.refuse(format!(
            "with this group the fleet has {devices} devices; at most {MAX_DEVICES} are simulated"
        ));
    }
    Some(())
}
