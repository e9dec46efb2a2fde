//! What fails, when and for how long.

use crate::actors::Message;
use crate::distribution::DurationDistribution;
use crate::kernel::{ActorId, Rank, SimActor, SimContext, Simulation};
use crate::scenario::{AvailabilitySpec, LinkSpec, OutageSpec, Scenario};
use crate::time::{SimDuration, SimTime};
use crate::workload::Outage;
use actix::{Actor, Handler};

/// What fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Victim {
    /// The only device of this entry of the fleet.
    Device(usize),
    /// Its access link, both directions.
    Access(usize),
    /// This link of the network, both directions.
    Link(usize),
    /// Every link at the server.
    Server,
}

/// For how long it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// Ten milliseconds: several services long.
    Short,
    /// A hundred days: longer than anything else.
    ForGood,
}

/// One failure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failure {
    pub(super) victim: Victim,
    /// Nanoseconds of simulated time.
    pub(super) at: u64,
    pub(super) length: Length,
}

impl Victim {
    /// All that `scenario` has.
    pub(super) fn all(scenario: &Scenario) -> Vec<Self> {
        let fleet = scenario.fleet.iter().enumerate();
        let devices = (0..scenario.fleet.len()).map(Self::Device);
        let access = fleet.filter(|(_, entry)| entry.access.is_some());
        let access = access.map(|(index, _)| Self::Access(index));
        let links = (0..scenario.network.links.len()).map(Self::Link);
        devices.chain(access).chain(links).chain([Self::Server]).collect()
    }
}

impl Length {
    pub(super) const ALL: [Self; 2] = [Self::Short, Self::ForGood];

    fn time(self) -> SimDuration {
        const DAY: u64 = 86_400 * 1_000_000_000;
        SimDuration::from_nanos(match self {
            Self::Short => 10_000_000,
            Self::ForGood => 100 * DAY,
        })
    }
}

impl Failure {
    /// Makes the victim mortal, and has it fail if it is a link or the server.
    pub(super) fn strike(self, scenario: &mut Scenario) {
        match self.victim {
            Victim::Device(index) => {
                // By itself it never fails: a saboteur says when.
                let up = DurationDistribution::Constant(SimDuration::BEYOND_CLOCK);
                let down = DurationDistribution::Constant(self.length.time());
                scenario.fleet[index].availability = Some(AvailabilitySpec { up, down });
            }
            Victim::Access(index) => self.cut_access(scenario, index),
            Victim::Link(index) => self.cut_link(scenario, index),
            Victim::Server => {
                let place = scenario.server.attach.clone();
                for index in 0..scenario.fleet.len() {
                    let attached = scenario.fleet[index].attach.as_ref();
                    if attached.is_none_or(|node| *node == place) {
                        self.cut_access(scenario, index);
                    }
                }
                for index in 0..scenario.network.links.len() {
                    let link = &scenario.network.links[index];
                    if link.from == place || link.to == place {
                        self.cut_link(scenario, index);
                    }
                }
            }
        }
    }

    /// Sends somebody who has the victim fail, if it is a device.
    pub(super) fn sabotage(self, simulation: &mut Simulation<Message>) {
        let Victim::Device(index) = self.victim else { return };
        // The server is declared first, then the devices.
        let victim = ActorId::from_index(1 + index);
        let at = SimTime::from_nanos(self.at);
        simulation.add_actor("saboteur", Saboteur { victim, at });
    }

    fn cut_access(self, scenario: &mut Scenario, index: usize) {
        if let Some(access) = &mut scenario.fleet[index].access {
            self.cut(&mut access.up);
            self.cut(&mut access.down);
        }
    }

    fn cut_link(self, scenario: &mut Scenario, index: usize) {
        let link = &mut scenario.network.links[index];
        self.cut(&mut link.up);
        link.down.iter_mut().for_each(|direction| self.cut(direction));
    }

    fn cut(self, direction: &mut LinkSpec) {
        let from = SimTime::from_nanos(self.at);
        let to = from.checked_add(self.length.time()).expect("a clock is longer");
        direction.outages = Some(OutageSpec::Listed([Outage { from, to }].into()));
    }
}

/// Has a device fail once.
struct Saboteur {
    victim: ActorId,
    at: SimTime,
}

impl SimActor<Message> for Saboteur {}

impl Actor for Saboteur {
    type Context = SimContext<Self, Message>;

    fn started(&mut self, context: &mut Self::Context) {
        context.send_at(self.at, Rank::Completion, self.victim, Message::DeviceFails);
    }
}

impl Handler<Message> for Saboteur {
    type Result = ();

    /// # Panics
    /// Always: nobody knows of it.
    fn handle(&mut self, message: Message, _: &mut Self::Context) {
        unreachable!("a saboteur was sent {message:?}");
    }
}
