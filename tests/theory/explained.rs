//! What `explain` says of a lone client and of a known straggler is what closed forms say.

use crate::lone_round::LONE_CLIENT;
use splitgp_sim::scenario::{self, Scenario};
use splitgp_sim::study::StudySettings;
use splitgp_sim::study::explain::{
    Decision, RoundExplanation, SlowShare, Stage, StageShare, explain_requests, explain_round,
};
use splitgp_sim::time::SimDuration;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

fn parsed(yaml: &str) -> Scenario {
    scenario::parse(yaml, "test.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario
}

fn settings() -> StudySettings {
    StudySettings { threads: NonZeroUsize::MIN, learned: None }
}

fn round(yaml: &str, round: Option<u32>) -> RoundExplanation {
    let explanation = explain_round(&parsed(yaml), round, 16, &settings());
    let explanation = explanation.unwrap_or_else(|error| panic!("{error}"));
    let path = &explanation.path;
    assert!(path.windows(2).all(|legs| legs[0].end == legs[1].start), "{path:?}");
    let sum: u64 = path.iter().map(|leg| leg.time().as_nanos()).sum();
    assert_eq!(sum, explanation.time.as_nanos(), "the path's parts add up to the round");
    let sum: u64 = explanation.shares.iter().map(|share| share.time.as_nanos()).sum();
    assert_eq!(sum, explanation.time.as_nanos(), "and so do its stages");
    explanation
}

fn nanos(shares: &[StageShare]) -> BTreeMap<Stage, u64> {
    shares.iter().map(|share| (share.stage, share.time.as_nanos())).collect()
}

#[test]
fn a_lone_clients_shares_are_the_closed_forms() {
    let explanation = round(LONE_CLIENT, None);
    assert_eq!(explanation.decision, Decision::Client("device/0".to_owned()));
    assert_eq!(explanation.others_waited, None, "there are no others");
    // The services are those of `a_lone_round_takes_the_sum_of_its_steps`.
    let closed_forms = BTreeMap::from([
        (Stage::DeviceCompute, 3 * (9_732_096 + 19_975_572)),
        (Stage::UplinkTransmit, 3 * 32_784_000 + 39_720_000),
        (Stage::UplinkPropagate, 4 * 1_000_000),
        (Stage::ServerCompute, 3 * 300_171),
        (Stage::DownlinkTransmit, 7_944_000 + 3 * 6_553_600),
        (Stage::DownlinkPropagate, 4 * 1_000_000),
        (Stage::Aggregation, 1_209),
    ]);
    assert_eq!(nanos(&explanation.shares), closed_forms, "and nobody waits for anything");
    assert_eq!(explanation.shares[0].station.as_deref(), Some("device/0/up"));
}

#[test]
fn what_is_twice_as_fast_takes_half_its_closed_form() {
    let explanation = round(LONE_CLIENT, None);
    let saved: Vec<(&str, u64)> = explanation
        .speedups
        .iter()
        .map(|faster| {
            let saved = explanation.time.as_nanos() - faster.time.as_nanos();
            (faster.name.as_str(), saved)
        })
        .collect();
    assert_eq!(
        saved,
        [
            ("uplinks of device", (3 * 32_784_000 + 39_720_000) / 2),
            ("devices of device", 3 * (9_732_096 + 19_975_572) / 2),
            ("downlinks of device", (7_944_000 + 3 * 6_553_600) / 2),
            // ⌈300,170.44 / 2⌉ = 150,086 each, ⌈1,208.38 / 2⌉ = 605
            ("server", 3 * (300_171 - 150_086) + (1_209 - 605)),
        ],
        "the best first"
    );
}

/// Two fast devices and a slow one, on the same links, with a server that is never busy for long.
const TWO_CLASSES: &str = "
name: two-classes
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet:
  - name: fast
    count: 2
    device: { rate: 4 GFLOP/s, memory: 1 GB }
    access: { up: 8 Mbit/s, down: 40 Mbit/s, delay: 1 ms }
  - name: slow
    count: 1
    device: { rate: 0.25 GFLOP/s, memory: 1 GB }
    access: { up: 8 Mbit/s, down: 40 Mbit/s, delay: 1 ms }
server: { device: { rate: 100 GFLOP/s, memory: 1 GB } }
training: { rounds: 2, local_updates: 2, batch_size: 16, learning_rate: 0.05, gamma: 0.5, lambda: 0.2 }
";

#[test]
fn the_slow_class_is_the_straggler_and_what_to_mend() {
    let explanation = round(TWO_CLASSES, Some(1));
    assert_eq!(explanation.decision, Decision::Client("slow/0".to_owned()));
    assert_eq!((explanation.round, explanation.participants, explanation.arrived), (1, 3, 3));
    // 2 steps of 29,707,668 FLOP/GFLOP/s: 4 times as long on the slow device, a quarter on a fast one.
    let compute = nanos(&explanation.shares)[&Stage::DeviceCompute];
    assert_eq!(compute, 4 * 2 * (9_732_096 + 19_975_572));
    assert_eq!(explanation.speedups[0].name, "devices of slow");
    let saved = explanation.time.as_nanos() - explanation.speedups[0].time.as_nanos();
    assert_eq!(saved, compute / 2, "still the slowest by 4 · 29,707,668 − 29,707,668/2 ns");
    let useless = explanation.speedups.iter().find(|faster| faster.name == "devices of fast");
    assert_eq!(useless.unwrap().time, explanation.time, "nobody waits for the fast ones");
    // The fast ones compute 2 · 29,707,668 · (4 − 1/4) ns less; the server is never asked twice at once.
    let waited = explanation.others_waited.unwrap().as_nanos();
    let ahead = 2 * 29_707_668 * 15 / 4;
    assert!(waited.abs_diff(ahead) <= 2 * 300_171, "{waited} and {ahead} up to a server step");
}

#[test]
fn a_round_that_ends_by_its_deadline_waited_for_stragglers() {
    let yaml = TWO_CLASSES.replace("rounds: 2,", "rounds: 2, deadline: 300 ms,");
    let explanation = round(&yaml, Some(0));
    assert_eq!(explanation.decision, Decision::Deadline);
    assert_eq!((explanation.participants, explanation.arrived), (3, 2));
    let shares = nanos(&explanation.shares);
    let aggregation = shares[&Stage::Aggregation];
    assert_eq!(
        explanation.time.as_nanos(),
        300_000_000 + aggregation,
        "the deadline, then the mean"
    );
    assert!(shares[&Stage::StragglerWait] > 0, "{shares:?}");
}

#[test]
fn overlapping_and_lonely_methods_are_tiled_too() {
    for (method, decided) in [
        ("overlap: true, ", "slow/0"),
        ("method: fedavg, ", "slow/0"),
        ("method: local, ", "slow/0"),
    ] {
        let mut yaml = TWO_CLASSES.replace("rounds: 2,", &format!("{method}rounds: 2,"));
        if method.contains("method") {
            yaml = yaml.replace(", gamma: 0.5, lambda: 0.2", "");
        }
        for number in [0, 1] {
            let explanation = round(&yaml, Some(number));
            assert_eq!(explanation.decision, Decision::Client(decided.to_owned()), "{method}");
            assert!(!nanos(&explanation.shares).contains_key(&Stage::Pause), "{method}");
        }
    }
    let asynchronous = TWO_CLASSES
        .replace("rounds: 2,", "aggregation: { asynchronous: { mixing: 0.6 } }, rounds: 2,");
    for number in [0, 1] {
        assert!(matches!(round(&asynchronous, Some(number)).decision, Decision::Client(_)));
    }
}

#[test]
fn a_lone_requests_shares_are_its_stages() {
    let yaml = "name: lone
model: { preset: paper-cnn, cut: conv4 }
fleet:
  - { name: pi, count: 1, device: raspberry-pi-4b, access: { up: 18.88 Mbit/s, down: 18.88 Mbit/s, delay: 5 ms } }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { periodic: 1 s }
  duration: 3 s
  outcomes: { client_accuracy: 1, server_accuracy: 1, offload: 1 }
";
    let explanation = explain_requests(&parsed(yaml), SlowShare::P99, 16, &settings()).unwrap();
    // All requests are alike: p99 is all of them. Closed forms as in `lone_request`.
    let count = explanation.requests as u64;
    assert_eq!(count, explanation.answered as u64);
    let each: BTreeMap<Stage, u64> =
        nanos(&explanation.shares).into_iter().map(|(stage, time)| (stage, time / count)).collect();
    assert_eq!(each[&Stage::DeviceCompute], 2_740_608);
    assert_eq!(each[&Stage::UplinkTransmit], 21_261_017);
    assert_eq!(each[&Stage::UplinkPropagate], 5_000_000);
    assert_eq!(each[&Stage::ServerCompute], 37_401);
    assert_eq!(each[&Stage::DownlinkPropagate], 5_000_000);
    assert_eq!(each.values().sum::<u64>(), explanation.threshold.as_nanos());
    assert_eq!(explanation.mean, explanation.threshold);
    let best = &explanation.speedups[0];
    assert_eq!(best.name, "uplinks of pi");
    // ⌈8·50,176·10⁹ / 37,760,000⌉ = ⌈10,630,508.47⌉ ns
    let saved = SimDuration::from_nanos(21_261_017 - 10_630_509);
    assert_eq!(explanation.threshold.as_nanos() - best.time.as_nanos(), saved.as_nanos());
    assert_eq!(
        (explanation.device.0.as_str(), explanation.classes[0].slow as u64),
        ("pi/0", count)
    );
}

#[test]
fn what_is_not_there_is_not_explained() {
    let error = explain_round(&parsed(LONE_CLIENT), Some(1), 1, &settings()).unwrap_err();
    assert_eq!(error.to_string(), "there is no round 1: rounds are 0 to 0");
    let error = explain_requests(&parsed(LONE_CLIENT), SlowShare::Max, 1, &settings()).unwrap_err();
    assert_eq!(error.to_string(), "this scenario has no requests");
    assert!(error.is_bad_input());
}
