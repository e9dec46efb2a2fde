//! The clients of a fleet, one by one.

use crate::cost::DeviceProfile;
use crate::distribution::FigureDistribution;
use crate::random::Streams;
use crate::scenario::{AccessSpec, AvailabilitySpec, DrawnFigure, Figure, FleetEntry, Scenario};
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

    /// Its compute, with the figures that are drawn for it.
    pub(super) fn device(&self, hardware: Hardware) -> DeviceProfile {
        let mut device = self.entry.device;
        for DrawnFigure { figure, distribution } in &self.entry.drawn {
            if !figure.is_of_access() {
                figure.apply_to_device(&mut device, hardware.draw(self, *figure, distribution));
            }
        }
        device
    }

    /// Its access links, with the figures that are drawn for them; `None` if they are those of its
    /// class.
    pub(super) fn own_access(&self, hardware: Hardware) -> Option<AccessSpec> {
        let of_access = |drawn: &&DrawnFigure| drawn.figure.is_of_access();
        let mut drawn = self.entry.drawn.iter().filter(of_access).peekable();
        drawn.peek()?;
        let mut access = self.entry.access.clone()?;
        for DrawnFigure { figure, distribution } in drawn {
            figure.apply_to_access(&mut access, hardware.draw(self, *figure, distribution));
        }
        Some(access)
    }

    /// When it is up, if it can fail.
    pub(super) fn availability(&self, streams: Streams) -> Option<Box<Availability>> {
        let AvailabilitySpec { up, down } = self.entry.availability.as_ref()?;
        let stream = streams.stream(&self.path(), "availability");
        Some(Box::new(Availability::new(up.clone(), down.clone(), stream)))
    }
}

/// Draws what is drawn once for each device: it is the same hardware in every replication.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hardware(Streams);

impl Hardware {
    /// The hardware of a scenario's fleet.
    pub(super) fn of(scenario: &Scenario) -> Self {
        Self(Streams::new(scenario.seed, 0))
    }

    fn draw(self, member: &Member<'_>, figure: Figure, from: &FigureDistribution) -> u64 {
        from.sample(&mut self.0.stream(&member.path(), figure.purpose()))
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
