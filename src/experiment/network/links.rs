//! From the scenario's links to their actors.

use crate::actors::{Background, Channel, FairLink, Link, LinkSetup, Message, PlainLink, World};
use crate::kernel::{ActorId, Simulation};
use crate::network::{Direction, Hop};
use crate::random::Streams;
use crate::scenario::{
    AccessSpec, BackgroundArrivals, Discipline, Duplex, LinkSpec, NetworkLink, OutageSpec, Scenario,
};
use crate::time::SimDuration;
use crate::workload::{Arrivals, Capacity, Outages, Periodic, Poisson, RateSchedule};
use std::rc::Rc;

/// A direction of a link, shared by all links that are alike.
#[derive(Clone)]
pub(super) struct Way {
    spec: Rc<LinkSpec>,
    setup: Rc<LinkSetup>,
}

/// A link pair or, if it is simplex, one link.
#[derive(Clone)]
pub(super) struct Ways {
    up: Way,
    down: Option<Way>,
    duplex: Duplex,
}

/// A link pair with its name.
pub(in crate::experiment) struct NamedPair {
    pub(super) path: String,
    pub(super) ways: Ways,
}

impl Way {
    fn of(spec: &LinkSpec) -> Self {
        let setup = LinkSetup {
            rate: spec.rate,
            delay: spec.delay,
            jitter: spec.jitter.clone(),
            loss: spec.loss,
            retries: spec.retries,
            buffer: spec.buffer,
            mtu: spec.mtu,
        };
        Self { spec: Rc::new(spec.clone()), setup: Rc::new(setup) }
    }
}

impl Ways {
    pub(super) fn of_access(access: &AccessSpec) -> Self {
        let AccessSpec { up, down, duplex } = access;
        Self { up: Way::of(up), down: Some(Way::of(down)), duplex: *duplex }
    }

    pub(super) fn of_link(link: &NetworkLink) -> Self {
        let down = link.down.as_ref().map(Way::of);
        Self { up: Way::of(&link.up), down, duplex: link.duplex }
    }

    /// How many actors they are.
    pub(super) fn actors(&self) -> usize {
        match (&self.down, self.duplex) {
            (Some(_), Duplex::Full) => 2,
            (Some(_), Duplex::Half) | (None, _) => 1,
        }
    }

    /// The hops up and down, if `first` is the first actor.
    pub(super) fn hops(&self, first: ActorId) -> [Hop; 2] {
        let down = match self.duplex {
            Duplex::Full => Hop::new(ActorId::from_index(first.index() + 1), Direction::Up),
            Duplex::Half => Hop::new(first, Direction::Down),
        };
        [Hop::new(first, Direction::Up), down]
    }
}

impl NamedPair {
    /// Adds its actors: `path/up` and `path/down`, or `path/air` if both ways share the wire.
    pub(in crate::experiment) fn add_to(
        self,
        simulation: &mut Simulation<Message>,
        world: &Rc<World>,
        streams: Streams,
        steps: Steps,
    ) {
        let Self { path, ways: Ways { up, down, duplex } } = self;
        let builder = Builder { world, streams, pair: &path };
        match (down, duplex) {
            (Some(down), Duplex::Half) => {
                let name = format!("{path}/air");
                let background = builder.background(&up, &name);
                let (up, down, fair) = (builder.channel(&up), builder.channel(&down), up.is_fair());
                if fair {
                    simulation.add_actor(name, FairLink::half_duplex(up, down, background));
                } else {
                    simulation.add_actor(name, Link::half_duplex(up, down, background));
                }
            }
            (down, _) => {
                let ways = [Some((up, "up")), down.map(|down| (down, "down"))];
                for (way, direction) in ways.into_iter().flatten() {
                    let name = format!("{path}/{direction}");
                    if steps == Steps::OnlyUnforeseen && way.is_foreseeable() {
                        let setup = Rc::clone(&way.setup);
                        simulation.add_actor(name, PlainLink::new(Rc::clone(world), setup));
                        continue;
                    }
                    let (channel, background) =
                        (builder.channel(&way), builder.background(&way, &name));
                    if way.is_fair() {
                        simulation.add_actor(name, FairLink::new(channel, background));
                    } else {
                        simulation.add_actor(name, Link::new(channel, background));
                    }
                }
            }
        }
    }
}

impl Way {
    fn is_fair(&self) -> bool {
        self.spec.discipline == Discipline::Fair
    }

    /// Whether it is known of each whole message that comes when it will depart.
    fn is_foreseeable(&self) -> bool {
        let LinkSpec { discipline, schedule, outages, background, .. } = &*self.spec;
        *discipline == Discipline::Fifo
            && schedule.is_none()
            && outages.is_none()
            && background.is_none()
            && self.setup.is_foreseeable()
    }
}

/// Which departures from links are events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::experiment) enum Steps {
    /// Those that are not known beforehand.
    OnlyUnforeseen,
    /// All.
    Each,
}

impl Steps {
    /// Those that `scenario` needs: all where a segment that is lost elsewhere stops the message, and
    /// where the energy of a round is read while messages are on links.
    pub(in crate::experiment) fn of(scenario: &Scenario) -> Self {
        let access = scenario.fleet.iter().filter_map(|entry| entry.access.as_ref());
        let access = access.flat_map(|access| [&access.up, &access.down]);
        let shared = scenario.network.links.iter();
        let shared = shared.flat_map(|link| std::iter::once(&link.up).chain(&link.down));
        let cuts = access.chain(shared).any(|link| link.mtu.is_some());
        let metered = scenario.fleet.iter().any(|entry| entry.device.power.is_some());
        if cuts || metered && scenario.training.is_some() {
            Self::Each
        } else {
            Self::OnlyUnforeseen
        }
    }
}

/// What the actors of one pair are built with.
struct Builder<'b> {
    world: &'b Rc<World>,
    streams: Streams,
    /// The pair's path, which names its outages: both directions are down at once.
    pair: &'b str,
}

impl Builder<'_> {
    fn channel(&self, way: &Way) -> Channel {
        Channel::new(Rc::clone(self.world), Rc::clone(&way.setup), self.capacity(&way.spec))
    }

    fn capacity(&self, spec: &LinkSpec) -> Option<Capacity> {
        let outages = spec.outages.as_ref().map(|outages| match outages {
            OutageSpec::Listed(outages) => Outages::listed(outages.clone()),
            OutageSpec::Random { mean_up, mean_down } => {
                let stream = self.streams.stream(self.pair, "outages");
                Outages::random(*mean_up, *mean_down, stream)
            }
        });
        if spec.schedule.is_none() && outages.is_none() {
            return None;
        }
        let schedule = spec.schedule.clone();
        Some(Capacity::new(schedule.unwrap_or_else(|| RateSchedule::constant(spec.rate)), outages))
    }

    fn background(&self, way: &Way, name: &str) -> Option<Background> {
        let spec = way.spec.background?;
        let arrivals: Box<dyn Arrivals> = match spec.arrivals {
            BackgroundArrivals::Poisson { mean_gap } => {
                Box::new(Poisson::new(mean_gap, self.streams.stream(name, "background")))
            }
            BackgroundArrivals::Periodic { period } => {
                Box::new(Periodic::new(period, SimDuration::ZERO))
            }
        };
        Some(Background { arrivals, size: spec.size })
    }
}
