//! The clients of a fleet, one by one.

use crate::random::Streams;
use crate::scenario::{AvailabilitySpec, FleetEntry, Scenario};
use crate::workload::Availability;

/// One client of a scenario's fleet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'s> {
    /// Its index among all clients.
    pub index: u32,
    /// The index of its class.
    pub class: usize,
    /// Its class.
    pub entry: &'s FleetEntry,
    /// Its number within its class.
    pub number: u32,
}

impl Member<'_> {
    /// Its path name, such as `pi/0`.
    pub(super) fn path(&self) -> String {
        format!("{}/{}", self.entry.name, self.number)
    }

    /// When it is up, if it can fail.
    pub(super) fn availability(&self, streams: Streams) -> Option<Availability> {
        let AvailabilitySpec { up, down } = self.entry.availability.as_ref()?;
        let stream = streams.stream(&self.path(), "availability");
        Some(Availability::new(up.clone(), down.clone(), stream))
    }
}

/// All clients in declaration order.
pub(super) fn members(scenario: &Scenario) -> impl Iterator<Item = Member<'_>> {
    let each = scenario
        .fleet
        .iter()
        .enumerate()
        .flat_map(|(class, entry)| (0..entry.count).map(move |number| (class, entry, number)));
    (0..).zip(each).map(|(index, (class, entry, number))| Member { index, class, entry, number })
}

/// How many clients there are.
pub(super) fn size(scenario: &Scenario) -> u32 {
    scenario.fleet.iter().map(|entry| entry.count).sum()
}
