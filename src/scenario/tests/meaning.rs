//! What valid scenarios mean.

use crate::cost::DeviceProfile;
use crate::distribution::{DurationDistribution, FigureDistribution};
use crate::quantity::{BitRate, ByteRate, Bytes, FlopRate};
use crate::scenario::*;
use crate::time::SimDuration;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

fn ms(count: u64) -> SimDuration {
    SimDuration::from_nanos(count * 1_000_000)
}

fn nonzero(value: u64) -> NonZeroU64 {
    NonZeroU64::new(value).unwrap()
}

fn shipped(name: &str) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    load(&path).unwrap_or_else(|errors| panic!("{errors}")).scenario
}

/// A small scenario in which `access`, `device` and `inference` are to be filled in.
fn scenario(device: &str, access: &str, inference: &str) -> Scenario {
    let text = format!(
        "name: t\nmodel: {{ preset: paper-cnn }}\nfleet:\n  - {{ name: a, count: 1, device: \
         {device}, access: {access} }}\nserver: {{ device: edge-gpu-rtx2080 }}\ninference: \
         {{ duration: 10 s, outcomes: {{ client_accuracy: 80%, server_accuracy: 0.9, offload: \
         30% }}, {inference} }}\n"
    );
    parse(&text, "t.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario
}

fn access(text: &str) -> AccessSpec {
    scenario("raspberry-pi-4b", text, "arrivals: { poisson: 1 /s }").fleet.remove(0).access.unwrap()
}

fn device(text: &str) -> DeviceProfile {
    scenario(text, "lte", "arrivals: { poisson: 1 /s }").fleet.remove(0).device
}

fn arrivals(text: &str) -> ArrivalSpec {
    let inference = format!("arrivals: {{ {text} }}");
    scenario("raspberry-pi-4b", "lte", &inference).inference.unwrap().arrivals
}

#[test]
fn every_shipped_scenario_is_valid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    assert!(files.len() >= 3, "{files:?}");
    for path in files {
        let loaded = load(&path).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(path.file_stem().unwrap().to_str(), Some(loaded.scenario.name.as_str()));
    }
}

#[test]
fn the_quickstart_means_what_it_says() {
    let scenario = shipped("quickstart.yaml");
    assert_eq!(
        scenario.model,
        ModelSpec {
            source: ModelSource::Preset(ModelPreset::DigitsCnn),
            cut: "conv2".into(),
            cost: CostProxy::Flops,
            smashed: Precision::Float32,
        }
    );
    let [pi, phone] = scenario.fleet.as_slice() else { panic!("two classes") };
    assert_eq!((pi.count, phone.count), (6, 4));
    let (pi_access, phone_access) = (pi.access.as_ref().unwrap(), phone.access.as_ref().unwrap());
    assert_eq!(pi.device.rate, FlopRate(nonzero(16_000_000_000)));
    assert_eq!(pi_access.up.rate, BitRate(nonzero(26_900_000)));
    assert_eq!(pi_access.down.rate, BitRate(nonzero(35_400_000)));
    assert_eq!(phone.device.memory, Bytes(4_000_000_000));
    assert_eq!(
        phone_access.up,
        LinkSpec {
            rate: BitRate(nonzero(12_000_000)),
            delay: ms(35),
            jitter: Some(DurationDistribution::Exponential { mean: ms(2) }),
            loss: 0.003,
            retries: 7,
            schedule: None,
            discipline: Discipline::Fifo,
            buffer: None,
            mtu: None,
            outages: None,
            background: None,
        }
    );
    assert_eq!(phone_access.up, phone_access.down);
    let inference = scenario.inference.unwrap();
    assert_eq!(inference.arrivals, ArrivalSpec::Poisson { mean_gap: ms(500) });
    assert_eq!(inference.offload, OffloadSpec::Entropy(1.2));
    assert_eq!(inference.outcomes, OutcomeSpec::Learned);
    assert_eq!((inference.duration, inference.warmup.stated()), (ms(60_000), ms(5_000)));
    assert_eq!(inference.drain_limit, ms(600_000), "ten durations");
}

#[test]
fn what_a_scenario_leaves_out_has_its_default() {
    let scenario = shipped("quickstart.yaml");
    let training = scenario.training.unwrap();
    assert_eq!((training.retry_after, training.retries), (ms(1_000), 7));
    assert_eq!(scenario.data.unwrap().main_share, 0.1);
    assert_eq!(scenario.network.header, Bytes(0));
    assert_eq!(scenario.output.requests, 1.0);
    // Ten points along 20 rounds: every ⌈20/10⌉ = 2 rounds.
    assert_eq!(scenario.evaluate.every, Some(2));
    assert_eq!(scenario.evaluate.ood, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    assert_eq!(scenario.evaluate.entropy, [0.05, 0.1, 0.2, 0.4, 0.8, 1.2, 1.6, 2.3]);
    assert_eq!(scenario.server.workers, 1);
}

#[test]
fn the_papers_model_is_cut_after_conv4_and_evaluated_after_the_last_round() {
    let scenario = shipped("fashion-mnist-small.yaml");
    assert_eq!(scenario.model.cut, "conv4");
    assert_eq!(scenario.evaluate.every, None);
    let cut_by_default =
        super::meaning::scenario("phone-mid", "lte", "arrivals: { poisson: 1 /s }");
    assert_eq!(cut_by_default.model.cut, "conv4");
}

#[test]
fn a_relative_path_is_taken_from_the_files_folder() {
    let text = "name: t\nmodel: { preset: paper-cnn }\ndata: { source: mnist, path: ../d }\nfleet: \
                [{ name: a, count: 1, device: phone-mid, access: lte }]\nserver: { device: \
                edge-gpu-rtx2080 }\ntraining: { rounds: 1, local_updates: 1, batch_size: 1, \
                learning_rate: 1, gamma: 0, lambda: 1 }\n";
    let source = |text: &str, file| parse(text, file).unwrap().scenario.data.unwrap().source;
    assert_eq!(source(text, "here/t.yaml"), DataSource::Mnist(PathBuf::from("here/../d")));
    assert_eq!(source(text, "t.yaml"), DataSource::Mnist(PathBuf::from("../d")));
    let absolute = text.replace("../d", "/d");
    assert_eq!(source(&absolute, "here/t.yaml"), DataSource::Mnist(PathBuf::from("/d")));
}

#[test]
fn stated_outcomes_are_offloaded_at_random_and_know_no_samples() {
    let inference = shipped("latency-only.yaml").inference.unwrap();
    assert_eq!(
        inference.outcomes,
        OutcomeSpec::Stated { client_accuracy: 0.8, server_accuracy: 0.9 }
    );
    assert_eq!(inference.offload, OffloadSpec::Random(0.3));
    assert_eq!(inference.ood, 0.0);
}

#[test]
fn a_key_beside_a_profile_replaces_the_profiles_figure() {
    let named = access("lte");
    let changed = access("{ profile: lte, up: 18.88 Mbit/s, retries: 0 }");
    assert_eq!(changed.up.rate, BitRate(nonzero(18_880_000)));
    assert_eq!(changed.down.rate, named.down.rate);
    assert_eq!((changed.up.delay, changed.up.loss), (ms(35), 0.003));
    assert_eq!((changed.up.retries, changed.down.retries), (0, 0));
    let pi = device("{ profile: raspberry-pi-4b, overhead: 200 µs, memory_bandwidth: 4 GB/s }");
    assert_eq!(pi.rate, FlopRate(nonzero(16_000_000_000)));
    assert_eq!(pi.overhead, SimDuration::from_nanos(200_000));
    assert_eq!(pi.memory_bandwidth, Some(ByteRate(nonzero(4_000_000_000))));
}

#[test]
fn each_jitter_distribution_is_read() {
    let jitter = |text: &str| access(&format!("{{ profile: lte, jitter: {text} }}")).up.jitter;
    assert_eq!(jitter("2 ms"), Some(DurationDistribution::Constant(ms(2))));
    assert_eq!(
        jitter("{ uniform: [0 ms, 2 ms] }"),
        Some(DurationDistribution::Uniform { low: ms(0), high: ms(2) })
    );
    assert_eq!(
        jitter("{ lognormal: { median: 1 ms, sigma: 0.5 } }"),
        Some(DurationDistribution::LogNormal { median: ms(1), sigma: 0.5 })
    );
    assert_eq!(access("lte").up.jitter, None);
}

#[test]
fn a_drawn_figure_has_its_median_in_its_place() {
    let scenario = scenario(
        "{ profile: raspberry-pi-4b, rate: { uniform: [8 GFLOP/s, 16 GFLOP/s] } }",
        "{ profile: lte, up: { lognormal: { median: 27 Mbit/s, sigma: 0.4 } } }",
        "arrivals: { poisson: 1 /s }",
    );
    let [entry] = scenario.fleet.as_slice() else { panic!("one class") };
    assert_eq!(entry.device.rate, FlopRate(nonzero(12_000_000_000)));
    assert_eq!(entry.access.as_ref().unwrap().up.rate, BitRate(nonzero(27_000_000)));
    assert_eq!(
        entry.drawn,
        [
            DrawnFigure {
                figure: Figure::DeviceRate,
                distribution: FigureDistribution::Uniform {
                    low: 8_000_000_000,
                    high: 16_000_000_000
                },
            },
            DrawnFigure {
                figure: Figure::Uplink,
                distribution: FigureDistribution::LogNormal { median: 27_000_000, sigma: 0.4 },
            },
        ]
    );
}

#[test]
fn each_arrival_process_is_read() {
    assert_eq!(arrivals("poisson: 30 /min"), ArrivalSpec::Poisson { mean_gap: ms(2_000) });
    let period = ms(500);
    assert_eq!(
        arrivals("periodic: 500 ms"),
        ArrivalSpec::Periodic { period, phase: PhaseSpec::At(SimDuration::ZERO) }
    );
    assert_eq!(
        arrivals("periodic: { period: 0.5 s, phase: 20 ms }"),
        ArrivalSpec::Periodic { period, phase: PhaseSpec::At(ms(20)) }
    );
    assert_eq!(
        arrivals("periodic: { period: 0.5 s, phase: random }"),
        ArrivalSpec::Periodic { period, phase: PhaseSpec::Random }
    );
    assert_eq!(
        arrivals(
            "bursty: { quiet: { rate: 0.5 /s, for: 20 s }, burst: { rate: 20 /s, for: 2 s } }"
        ),
        ArrivalSpec::Bursty {
            quiet: BurstState { mean_gap: ms(2_000), mean_sojourn: ms(20_000) },
            burst: BurstState { mean_gap: ms(50), mean_sojourn: ms(2_000) },
        }
    );
    assert_eq!(
        arrivals("closed: { think: 2 s }"),
        ArrivalSpec::Closed { think: DurationDistribution::Constant(ms(2_000)) }
    );
    assert_eq!(
        arrivals("closed: { think: { exponential: 2 s } }"),
        ArrivalSpec::Closed { think: DurationDistribution::Exponential { mean: ms(2_000) } }
    );
    assert_eq!(arrivals("trace: a.csv"), ArrivalSpec::Trace("a.csv".into()));
}

#[test]
fn sizes_count_by_1000_unless_they_say_1024() {
    let memory = |text: &str| device(&format!("{{ rate: 1 FLOP/s, memory: {text} }}")).memory;
    assert_eq!(memory("1 kB"), Bytes(1_000));
    assert_eq!(memory("1 KiB"), Bytes(1_024));
    assert_eq!(memory("0.5 GiB"), Bytes(536_870_912));
}

#[test]
fn a_later_stage_finds_the_place_of_a_value() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let source = parse(&text, "quickstart.yaml").unwrap().source;
    let error = source.error("fleet[1].device.memory", "is too small for φ and κ");
    let position = error.position().unwrap();
    let line = text.lines().nth(position.line as usize - 1).unwrap();
    assert!(
        line.chars().skip(position.column as usize - 1).collect::<String>().starts_with("4 GB")
    );
    assert!(error.to_string().contains(": fleet[1].device.memory: is too small for φ and κ\n"));
}
