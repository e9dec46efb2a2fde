//! One thing of a scenario made twice as fast.

use super::path::Leg;
use crate::actors::{StationId, Stations};
use crate::cost::DeviceProfile;
use crate::quantity::{BitRate, ByteRate, FlopRate};
use crate::scenario::{Duplex, Figure, FleetEntry, LinkSpec, Scenario};
use crate::time::SimDuration;
use std::collections::BTreeMap;
use std::num::NonZeroU64;

/// What is made twice as fast: a device or the server computes and moves memory at twice its rates
/// and half its overhead; a link transmits at twice its rate, whatever that is at the time, and
/// propagates as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speedup {
    /// The devices of a class.
    Devices(
        /// Its index.
        usize,
    ),
    /// The server's workers.
    Server,
    /// The access links of a class.
    Access(
        /// Its index.
        usize,
        /// Which of each pair.
        Way,
    ),
    /// A link between nodes.
    Link(
        /// Its index.
        usize,
        /// Which direction.
        Way,
    ),
}

/// Which direction of a link pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Towards the server, or as declared.
    Up,
    /// Backwards.
    Down,
    /// Both, which share one wire.
    Air,
}

impl Way {
    fn of_pair(duplex: Duplex, has_down: bool) -> &'static [Self] {
        match (duplex, has_down) {
            (_, false) => &[Self::Up],
            (Duplex::Full, true) => &[Self::Up, Self::Down],
            (Duplex::Half, true) => &[Self::Air],
        }
    }
}

impl Speedup {
    /// Everything that can be made faster in `scenario`, as declared.
    pub fn all(scenario: &Scenario) -> Vec<Self> {
        let mut all = vec![Self::Server];
        for (class, entry) in scenario.fleet.iter().enumerate() {
            all.push(Self::Devices(class));
            if let Some(access) = &entry.access {
                let ways = Way::of_pair(access.duplex, true);
                all.extend(ways.iter().map(|way| Self::Access(class, *way)));
            }
        }
        for (index, link) in scenario.network.links.iter().enumerate() {
            let ways = Way::of_pair(link.duplex, link.down.is_some());
            all.extend(ways.iter().map(|way| Self::Link(index, *way)));
        }
        all
    }

    /// At most `most` of those, the ones first at whose stations `legs` spent most time.
    pub(super) fn likely(
        scenario: &Scenario,
        stations: &Stations,
        legs: &[Leg],
        most: usize,
    ) -> Vec<Self> {
        let mut times: BTreeMap<StationId, SimDuration> = BTreeMap::new();
        for leg in legs {
            if let Some(station) = leg.station {
                let time = times.entry(station).or_default();
                *time = time.saturating_add(leg.time());
            }
        }
        let mut spent: BTreeMap<Self, SimDuration> = BTreeMap::new();
        for (station, time) in times {
            if let Some(speedup) = Self::at(scenario, stations, station) {
                let sum = spent.entry(speedup).or_default();
                *sum = sum.saturating_add(time);
            }
        }
        let mut all = Self::all(scenario);
        all.sort_by_key(|speedup| std::cmp::Reverse(spent.get(speedup).copied()));
        all.truncate(most);
        all
    }

    /// What makes `station` faster.
    fn at(scenario: &Scenario, stations: &Stations, station: StationId) -> Option<Self> {
        if station.index() == 0 {
            return Some(Self::Server);
        }
        let name = stations.name(station);
        if stations.client(station).is_some() {
            return class_of(scenario, name).map(Self::Devices);
        }
        let (pair, way) = name.rsplit_once('/')?;
        let way = match way {
            "up" => Way::Up,
            "down" => Way::Down,
            _ => Way::Air,
        };
        let link = scenario.network.links.iter().position(|link| link.name == pair);
        link.map(|link| Self::Link(link, way))
            .or_else(|| class_of(scenario, pair).map(|class| Self::Access(class, way)))
    }

    /// Its name for people.
    pub fn name(self, scenario: &Scenario) -> String {
        let class = |index: usize| scenario.fleet[index].name.as_str();
        match self {
            Self::Devices(index) => format!("devices of {}", class(index)),
            Self::Server => "server".to_owned(),
            Self::Access(index, Way::Up) => format!("uplinks of {}", class(index)),
            Self::Access(index, Way::Down) => format!("downlinks of {}", class(index)),
            Self::Access(index, Way::Air) => format!("access links of {}", class(index)),
            Self::Link(index, way) => {
                let name = &scenario.network.links[index].name;
                match way {
                    Way::Up => format!("link {name} up"),
                    Way::Down => format!("link {name} down"),
                    Way::Air => format!("link {name}"),
                }
            }
        }
    }

    /// `scenario` with it.
    pub fn of(self, scenario: &Scenario) -> Scenario {
        let mut faster = scenario.clone();
        match self {
            Self::Server => hasten_device(&mut faster.server.device),
            Self::Devices(class) => {
                let entry = &mut faster.fleet[class];
                hasten_device(&mut entry.device);
                hasten_drawn(entry, |figure| match figure {
                    Figure::DeviceRate | Figure::MemoryBandwidth => Some((2, 1)),
                    Figure::Overhead => Some((1, 2)),
                    _ => None,
                });
            }
            Self::Access(class, way) => {
                let entry = &mut faster.fleet[class];
                if let Some(access) = &mut entry.access {
                    hasten_pair(&mut access.up, Some(&mut access.down), way);
                }
                hasten_drawn(entry, |figure| {
                    let hastens = match figure {
                        Figure::Uplink => way != Way::Down,
                        Figure::Downlink => way != Way::Up,
                        _ => false,
                    };
                    hastens.then_some((2, 1))
                });
            }
            Self::Link(index, way) => {
                let link = &mut faster.network.links[index];
                hasten_pair(&mut link.up, link.down.as_mut(), way);
            }
        }
        faster
    }
}

/// The class of the device called `name`, such as `pi/0`.
fn class_of(scenario: &Scenario, name: &str) -> Option<usize> {
    let (class, _) = name.rsplit_once('/')?;
    scenario.fleet.iter().position(|entry| entry.name == class)
}

fn doubled(rate: NonZeroU64) -> NonZeroU64 {
    rate.saturating_mul(NonZeroU64::new(2).expect("two is not zero"))
}

fn hasten_device(device: &mut DeviceProfile) {
    device.rate = FlopRate(doubled(device.rate.0));
    device.memory_bandwidth = device.memory_bandwidth.map(|rate| ByteRate(doubled(rate.0)));
    device.overhead = SimDuration::from_nanos(device.overhead.as_nanos().div_ceil(2));
}

fn hasten_pair(up: &mut LinkSpec, down: Option<&mut LinkSpec>, way: Way) {
    if way != Way::Down {
        hasten_link(up);
    }
    if let Some(down) = down.filter(|_| way != Way::Up) {
        hasten_link(down);
    }
}

fn hasten_link(link: &mut LinkSpec) {
    link.rate = BitRate(doubled(link.rate.0));
    link.schedule = link.schedule.as_ref().map(|schedule| schedule.times(2));
}

fn hasten_drawn(entry: &mut FleetEntry, factor: impl Fn(Figure) -> Option<(u64, u64)>) {
    for drawn in &mut entry.drawn {
        if let Some((times, per)) = factor(drawn.figure) {
            drawn.distribution = drawn.distribution.scaled(times, per);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario;

    fn scenario() -> Scenario {
        let yaml = "
name: faster
model: { preset: paper-cnn }
fleet:
  - name: pi
    count: 2
    device: { rate: { uniform: [8 GFLOP/s, 16 GFLOP/s] }, memory: 4 GB, overhead: 3 ms }
    access: { up: 4 Mbit/s, down: 8 Mbit/s, delay: 5 ms }
    attach: ap
server: { device: edge-gpu-rtx2080 }
network:
  nodes: [ap]
  links: [{ from: ap, to: server, rate: 100 Mbit/s, delay: 1 ms, duplex: half }]
inference:
  arrivals: { poisson: 1 /s }
  duration: 5 s
  outcomes: { client_accuracy: 1, server_accuracy: 1, offload: 0.5 }
";
        scenario::parse(yaml, "test.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario
    }

    #[test]
    fn each_speedup_changes_what_it_names_and_nothing_else() {
        let base = scenario();
        let names: Vec<String> =
            Speedup::all(&base).iter().map(|speedup| speedup.name(&base)).collect();
        assert_eq!(
            names,
            ["server", "devices of pi", "uplinks of pi", "downlinks of pi", "link ap-server"]
        );
        let uplinks = Speedup::Access(0, Way::Up).of(&base);
        let [before, after] = [&base, &uplinks].map(|s| s.fleet[0].access.clone().unwrap());
        assert_eq!(after.up.rate.0.get(), 2 * before.up.rate.0.get());
        assert_eq!((after.down, after.up.delay), (before.down, before.up.delay));
        assert_eq!((&uplinks.server, &uplinks.network), (&base.server, &base.network));

        let air = Speedup::Link(0, Way::Air).of(&base).network.links[0].clone();
        let both = [air.up.rate, air.down.unwrap().rate].map(|rate| rate.0.get());
        assert_eq!(both, [200_000_000; 2], "100 Mbit/s, either way");
    }

    #[test]
    fn drawn_rates_are_the_same_draws_twice_as_large() {
        let base = scenario();
        let device = Speedup::Devices(0).of(&base).fleet[0].clone();
        assert_eq!(device.device.overhead.as_nanos(), 1_500_000);
        assert_eq!(device.drawn[0].distribution, base.fleet[0].drawn[0].distribution.scaled(2, 1));
        assert_ne!(device.drawn[0].distribution, base.fleet[0].drawn[0].distribution);
    }

    #[test]
    fn a_stations_speedup_is_that_of_its_class_or_link() {
        let base = scenario();
        let names = ["server", "pi/0", "pi/1", "pi/0/up", "pi/1/down", "ap-server/air"];
        let stations = Stations { names: names.map(Into::into).to_vec(), clients: 2 };
        let found: Vec<String> = (0..6)
            .map(|id| Speedup::at(&base, &stations, StationId(id)).unwrap().name(&base))
            .collect();
        assert_eq!(
            found,
            [
                "server",
                "devices of pi",
                "devices of pi",
                "uplinks of pi",
                "downlinks of pi",
                "link ap-server"
            ]
        );
    }
}
