//! Scenarios in the simulator's own language whose one busy station is a textbook queue: the
//! actors, actual devices, links and server, are what is verified.

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
const DEVICE_FLOPS: u64 = 43_849_728;
const UPLINK_BITS: u64 = 8 * 50_176;
const SERVER_FLOPS: u64 = 63_580_160;

/// A nanosecond for some hundred thousand FLOPs or bits: as good as no time.
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

    /// The position of its mean wait in a breakdown.
    fn wait_stage(self) -> usize {
        match self {
            Self::Device => 0,
            Self::Uplink => 2,
            Self::Server => 5,
        }
    }

    /// Its mean wait in seconds.
    pub(super) fn mean_wait(self, inference: &InferenceResult) -> f64 {
        inference.breakdown.expect("requests were answered")[self.wait_stage()]
    }

    /// A rate at which `work` takes exactly the load's service time, rounded up to nanoseconds.
    fn rate(work: u64, load: Load) -> u128 {
        let nanos = u128::from(load.service().as_nanos());
        (u128::from(work) * 1_000_000_000).div_ceil(nanos)
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

/// A scenario of offloaded requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traffic {
    /// Names the fleet and so, with station and load, its random streams.
    pub(super) case: &'static str,
    /// How many devices.
    pub(super) devices: u32,
    /// The scenario's words for each device's arrivals.
    pub(super) arrivals: &'static str,
    /// How long requests arrive, in milliseconds.
    pub(super) duration_ms: u64,
    /// How many of these do not count.
    pub(super) warmup_ms: u64,
}

impl Traffic {
    /// Runs it with `bottleneck` at `load`.
    pub(super) fn run(
        self,
        bottleneck: Bottleneck,
        load: Load,
        replication: u32,
    ) -> InferenceResult {
        let yaml = self.yaml(bottleneck, load, replication);
        let loaded = scenario::parse(&yaml, "theory.yaml").unwrap_or_else(|why| panic!("{why}"));
        let experiment = Experiment::prepare(loaded.scenario).unwrap_or_else(|why| panic!("{why}"));
        let result = experiment.run(RunSettings::default()).unwrap_or_else(|why| panic!("{why}"));
        result.inference.expect("the scenario has traffic")
    }

    fn yaml(self, bottleneck: Bottleneck, load: Load, replication: u32) -> String {
        let Self { case, devices, arrivals, duration_ms, warmup_ms } = self;
        let compute = |station, flops| match bottleneck == station {
            true => format!("{} FLOP/s", Bottleneck::rate(flops, load)),
            false => FAST_COMPUTE.to_owned(),
        };
        let device = compute(Bottleneck::Device, DEVICE_FLOPS);
        let server = compute(Bottleneck::Server, SERVER_FLOPS);
        let up = match bottleneck {
            Bottleneck::Uplink => format!("{} bit/s", Bottleneck::rate(UPLINK_BITS, load)),
            _ => FAST_LINK.to_owned(),
        };
        let name = format!("{case}-{bottleneck}-{load}").replace('.', "-");
        let seed = replication + 1;
        format!(
            "name: theory
seed: {seed}
model: {{ preset: paper-cnn, cut: conv4 }}
fleet:
  - name: {name}
    count: {devices}
    device: {{ rate: {device}, memory: 1 GB }}
    access: {{ up: {up}, down: {FAST_LINK}, delay: 0 ms }}
server: {{ device: {{ rate: {server}, memory: 1 GB }} }}
inference:
  arrivals: {arrivals}
  duration: {duration_ms} ms
  warmup: {warmup_ms} ms
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
        )
    }
}
