//! Scenarios in the simulator's own language whose one busy station is a textbook queue: the
//! actors, actual devices, links and server, are what is verified.

use super::single::RunLength;
use crate::verification::Load;
use splitgp_sim::actors::Stages;
use splitgp_sim::experiment::{Experiment, InferenceResult, RunSettings};
use splitgp_sim::scenario;
use splitgp_sim::time::SimDuration;
use std::fmt;

/// The station that works; all others are so fast that nobody waits there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bottleneck {
    /// The device.
    Device,
    /// The device's uplink.
    Uplink,
    /// The edge server.
    Server,
}

/// Work of one request with the paper's CNN: φ and κ on the device, smashed data on the uplink,
/// θ at the server.
const DEVICE_FLOPS: u128 = 43_849_728;
const UPLINK_BITS: u128 = 8 * 50_176;
const SERVER_FLOPS: u128 = 63_580_160;

/// A request takes 44 and 64 ns of such compute and 402 ns on such a link: as good as no time.
const FAST_COMPUTE: &str = "1000 TFLOP/s";
const FAST_LINK: &str = "1000 Gbit/s";

impl Bottleneck {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Device, Self::Uplink, Self::Server];

    /// Its wait and its service.
    pub(super) fn of(self, stages: &Stages) -> [SimDuration; 2] {
        match self {
            Self::Device => [stages.device_wait, stages.device_service],
            Self::Uplink => [stages.uplink_wait, stages.uplink_service],
            Self::Server => [stages.server_wait, stages.server_service],
        }
    }

    /// Its mean wait and mean service in seconds.
    pub(super) fn means(self, inference: &InferenceResult) -> [f64; 2] {
        let stages = inference.breakdown.expect("requests were answered");
        let wait = match self {
            Self::Device => 0,
            Self::Uplink => 2,
            Self::Server => 5,
        };
        [stages[wait], stages[wait + 1]]
    }

    /// The work of one request there, in FLOPs or bits.
    fn work(self) -> u128 {
        match self {
            Self::Device => DEVICE_FLOPS,
            Self::Uplink => UPLINK_BITS,
            Self::Server => SERVER_FLOPS,
        }
    }

    /// The rate at which that takes exactly `service`, rounded up to nanoseconds.
    fn rate(self, service: SimDuration) -> u128 {
        (self.work() * 1_000_000_000).div_ceil(u128::from(service.as_nanos()))
    }
}

impl fmt::Display for Bottleneck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Device => "device",
            Self::Uplink => "uplink",
            Self::Server => "server",
        })
    }
}

/// A scenario of offloaded requests with one busy station.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traffic {
    /// Names the fleet and so, with station and load, its random streams.
    pub(super) case: &'static str,
    /// How busy the station is.
    pub(super) load: Load,
    /// Which station.
    pub(super) bottleneck: Bottleneck,
    /// Its mean service time.
    pub(super) service: SimDuration,
    /// More keys of the busy device's or server's compute profile.
    pub(super) profile: &'static str,
    /// More keys of the server.
    pub(super) server: &'static str,
    /// More keys of the access link.
    pub(super) link: &'static str,
    /// How long requests arrive, one every millisecond in all.
    pub(super) length: RunLength,
}

/// A Poisson process of 1,000 requests a second in all: ten devices' arrivals together make one
/// again, and only a lone device's own station sees all of them.
const POISSON_ALONE: (u32, &str) = (1, "{ poisson: 1000 /s }");
const POISSON_TOGETHER: (u32, &str) = (10, "{ poisson: 100 /s }");

/// A request every millisecond.
const PERIODIC: (u32, &str) = (1, "{ periodic: 1 ms }");

impl Traffic {
    /// Runs it with Poisson arrivals.
    pub(super) fn run(&self, replication: u32) -> InferenceResult {
        self.simulate(
            replication,
            match self.bottleneck {
                Bottleneck::Device | Bottleneck::Uplink => POISSON_ALONE,
                Bottleneck::Server => POISSON_TOGETHER,
            },
        )
    }

    /// Runs it with periodic arrivals.
    pub(super) fn run_periodic(&self) -> InferenceResult {
        self.simulate(0, PERIODIC)
    }

    fn simulate(&self, replication: u32, arrivals: (u32, &str)) -> InferenceResult {
        let yaml = self.yaml(replication, arrivals);
        let loaded = scenario::parse(&yaml, "theory.yaml").unwrap_or_else(|why| panic!("{why}"));
        let experiment = Experiment::prepare(loaded.scenario).unwrap_or_else(|why| panic!("{why}"));
        let result = experiment.run(RunSettings::default()).unwrap_or_else(|why| panic!("{why}"));
        result.inference.expect("the scenario has traffic")
    }

    fn yaml(&self, replication: u32, (devices, arrivals): (u32, &str)) -> String {
        let Self { case, load, bottleneck, server, link, .. } = self;
        let name = format!("{case}-{bottleneck}-{load}").replace('.', "-");
        let seed = replication + 1;
        let [device, worker] = [Bottleneck::Device, Bottleneck::Server].map(|at| self.profile(at));
        let up = match bottleneck {
            Bottleneck::Uplink => format!("{} bit/s", bottleneck.rate(self.service)),
            _ => FAST_LINK.to_owned(),
        };
        let RunLength { customers, warmup } = self.length;
        format!(
            "name: theory
seed: {seed}
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - name: {name}
    count: {devices}
    device: {device}
    access: {{ up: {up}, down: {FAST_LINK}, delay: 0 ms{link} }}
server: {{ device: {worker}{server} }}
inference:
  arrivals: {arrivals}
  duration: {customers} ms
  warmup: {warmup} ms
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
        )
    }

    /// The compute profile at `station`, the device or the server.
    fn profile(&self, station: Bottleneck) -> String {
        if self.bottleneck == station {
            let rate = station.rate(self.service);
            format!("{{ rate: {rate} FLOP/s, memory: 1 GB{} }}", self.profile)
        } else {
            format!("{{ rate: {FAST_COMPUTE}, memory: 1 GB }}")
        }
    }
}
