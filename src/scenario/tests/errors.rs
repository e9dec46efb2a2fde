//! What mistakes are told: file, line, column, key path, what was given, what is allowed.

use crate::scenario::parse;
use insta::assert_snapshot;

const VALID: &str = "\
name: t
model: { preset: digits-cnn }
data: { source: digits }
fleet:
  - { name: a, count: 1, device: raspberry-pi-4b, access: lte }
server: { device: edge-gpu-rtx2080 }
training:
  rounds: 2
  local_updates: 1
  batch_size: 16
  learning_rate: 0.05
  gamma: 0.5
  lambda: 0.2
inference:
  arrivals: { poisson: 2 /s }
  duration: 60 s
  ood: 0.4
  offload: { entropy: 1.2 }
";

/// The errors of [`VALID`] with `old` replaced by `new`.
fn with(old: &str, new: &str) -> String {
    assert_eq!(VALID.matches(old).count(), 1, "`{old}` stands once in the scenario");
    errors(&VALID.replace(old, new))
}

fn errors(text: &str) -> String {
    parse(text, "t.yaml").expect_err("the scenario is wrong").to_string()
}

/// The message of the only error when `access` is `text`.
fn access(text: &str) -> String {
    message(&VALID.replace("access: lte", &format!("access: {text}")))
}

/// The only error's key path and message.
fn message(text: &str) -> String {
    let errors = parse(text, "t.yaml").expect_err("the scenario is wrong");
    let [error] = errors.as_slice() else { panic!("one error expected:\n{errors}") };
    format!("{}: {}", error.key_path(), error.message())
}

#[test]
fn the_scenario_that_the_mistakes_start_from_is_valid() {
    parse(VALID, "t.yaml").unwrap_or_else(|errors| panic!("{errors}"));
}

#[test]
fn all_independent_errors_are_reported_in_the_order_of_lines() {
    let text = VALID
        .replace("rounds: 2", "raunds: 2")
        .replace("poisson: 2 /s", "poisson: 2")
        .replace("raspberry-pi-4b", "raspberry-pi-4")
        .replace("duration: 60 s", "duration: 60 s\n  duration: 30 s")
        .replace("gamma: 0.5", "gamma: 1.5");
    assert_snapshot!(errors(&text), @r"
    t.yaml:5:34: fleet[0].device: `raspberry-pi-4` is not a device profile; did you mean `raspberry-pi-4b`? (allowed: raspberry-pi-zero-2w, imx7-dual-a7, raspberry-pi-3b-plus, raspberry-pi-4b, raspberry-pi-5, phone-low, phone-mid, phone-high, jetson-nano, jetson-tx2, jetson-agx-xavier-cpu, jetson-agx-xavier-gpu, edge-gpu-rtx2080)
     5 |   - { name: a, count: 1, device: raspberry-pi-4, access: lte }
       |                                  ^
    t.yaml:8:3: training.raunds: `raunds` is not a key; did you mean `rounds`? (allowed: method, rounds, local_updates, local_epochs, batch_size, learning_rate, momentum, gamma, lambda, retry_after, retries, seeds, overlap, participation, deadline, aggregation, server_model)
     8 |   raunds: 2
       |   ^
    t.yaml:12:10: training.gamma: expected a number from 0 to 1, got `1.5`
     12 |   gamma: 1.5
        |          ^
    t.yaml:15:24: inference.arrivals.poisson: `2` has no unit; write a number of requests for each unit of time like `2 /s`
     15 |   arrivals: { poisson: 2 }
        |                        ^
    t.yaml:17:3: inference.duration: is given twice; it stands at 16:3 already
     17 |   duration: 30 s
        |   ^
    ");
}

#[test]
fn a_bare_number_shows_how_a_unit_is_written() {
    assert_snapshot!(with("60 s", "60"), @r"
    t.yaml:16:13: inference.duration: `60` has no unit; write a duration like `60 s`
     16 |   duration: 60
        |             ^
    ");
    assert_snapshot!(access("{ profile: lte, up: 12 }"), @"fleet[0].access.up: `12` has no unit; write a link's rate like `12 Mbit/s`");
}

#[test]
fn bytes_are_not_taken_for_bits() {
    assert_snapshot!(access("{ profile: lte, up: 12 MB/s }"), @"fleet[0].access.up: `MB/s` is not a unit of a link's rate; did you mean Mbit/s (links count bits: 1 MB/s = 8 Mbit/s)? (allowed: bit/s, kbit/s, Mbit/s, Gbit/s)");
    assert_snapshot!(access("{ profile: lte, up: 12 Mbps }"), @"fleet[0].access.up: `Mbps` is not a unit of a link's rate; did you mean Mbit/s? (allowed: bit/s, kbit/s, Mbit/s, Gbit/s)");
    assert_snapshot!(access("{ profile: lte, up: 12 mbit/s }"), @"fleet[0].access.up: `mbit/s` is not a unit of a link's rate; did you mean `Mbit/s`? (allowed: bit/s, kbit/s, Mbit/s, Gbit/s)");
}

#[test]
fn a_number_out_of_range_is_refused_and_never_wraps() {
    assert_snapshot!(access("{ profile: lte, up: 0 Mbit/s }"), @"fleet[0].access.up: `0 Mbit/s` is zero or too small; write a link's rate like `12 Mbit/s`");
    assert_snapshot!(access("{ profile: lte, up: 1e30 Gbit/s }"), @"fleet[0].access.up: `1e30 Gbit/s` is too large to simulate");
    assert_snapshot!(access("{ profile: lte, delay: -5 ms }"), @"fleet[0].access.delay: `-5 ms` is negative");
    assert_snapshot!(access("{ profile: lte, delay: .nan }"), @"fleet[0].access.delay: `.nan` has no unit; write a duration like `60 s`");
    assert_snapshot!(access("{ profile: lte, loss: 100% }"), @"fleet[0].access.loss: expected a share from 0 to below 1, such as `0.3%`, got `100%`");
    assert_snapshot!(with("60 s", "1000 h 3"), @r"
    t.yaml:16:13: inference.duration: `h 3` is not a unit of a duration (allowed: ns, us, µs, μs, ms, s, min, h)
     16 |   duration: 1000 h 3
        |             ^
    ");
    assert_snapshot!(with("60 s", "9999999 h"), @r"
    t.yaml:16:13: inference.duration: `9999999 h` is too large to simulate
     16 |   duration: 9999999 h
        |             ^
    ");
    assert_snapshot!(with("2 /s", "0 /s"), @r"
    t.yaml:15:24: inference.arrivals.poisson: `0 /s` is zero or too small; write a number of requests for each unit of time like `2 /s`
     15 |   arrivals: { poisson: 0 /s }
        |                        ^
    ");
    assert_snapshot!(with("1.2", ".inf"), @r"
    t.yaml:18:23: inference.offload.entropy: expected a number of nats from 0 on, got `.inf`
     18 |   offload: { entropy: .inf }
        |                       ^
    ");
    assert_snapshot!(with("rounds: 2", "rounds: 2.5"), @r"
    t.yaml:8:11: training.rounds: expected an integer from 1 to 1000000, got `2.5`
     8 |   rounds: 2.5
       |           ^
    ");
    assert_snapshot!(with("count: 1", "count: 99999999999999999999999"), @r"
    t.yaml:5:23: fleet[0].count: expected an integer from 1 to 1000000, got `1e23`
     5 |   - { name: a, count: 99999999999999999999999, device: raspberry-pi-4b, access: lte }
       |                       ^
    ");
}

#[test]
fn valid_words_that_are_not_simulated_yet_are_told_apart_from_unknown_ones() {
    assert_snapshot!(with("ood: 0.4", "ood: 0.4\n  concurrent: true"), @r"
    t.yaml:18:3: inference.concurrent: `concurrent` is a valid key, but is not simulated yet
     18 |   concurrent: true
        |   ^
    ");
    assert_snapshot!(with("name: t", "name: t\nexpect: 5"), @r#"
    t.yaml:2:9: expect: expected a mapping of figures and their bands, such as `inference.latency.p99: "< 120 ms"`, got `5`
     2 | expect: 5
       |         ^
    "#);
    assert_snapshot!(with("ood: 0.4", "ood: 0.4\n  outcomes: trained.npz"), @r"
    t.yaml:18:13: inference.outcomes: models that were trained elsewhere answer, so that `training` here would change no answer; leave one of the two out
     18 |   outcomes: trained.npz
        |             ^
    ");
    assert_snapshot!(with("{ entropy: 1.2 }", "{ entropie: 1.2 }"), @r"
    t.yaml:18:14: inference.offload: `entropie` is not an offloading policy; did you mean `entropy`? (allowed: entropy, client-exit, server-exit, client-only, server-only, random, margin, deadline, adaptive, oracle)
     18 |   offload: { entropie: 1.2 }
        |              ^
    ");
    assert_snapshot!(access("{ profile: lte, up: { exponential: 3 Mbit/s } }"), @"fleet[0].access.up: `exponential` is a valid distribution, but is not simulated yet");
}

#[test]
fn a_figure_drawn_from_a_wrong_distribution_is_refused_once() {
    assert_snapshot!(access("{ profile: lte, up: { lognormal: { median: 3 Mbit/s } } }"), @"fleet[0].access.up.lognormal.sigma: is missing");
    assert_snapshot!(access("{ profile: lte, up: { uniform: [3 Mbit/s, 2 MB/s] } }"), @"fleet[0].access.up.uniform[1]: `MB/s` is not a unit of a link's rate; did you mean Mbit/s (links count bits: 1 MB/s = 8 Mbit/s)? (allowed: bit/s, kbit/s, Mbit/s, Gbit/s)");
    assert_snapshot!(access("{ profile: lte, delay: { uniform: [3 ms, 2 ms] } }"), @"fleet[0].access.delay.uniform: the first figure must be smaller than the second");
    assert_snapshot!(message(&VALID.replace("device: edge-gpu-rtx2080", "device: { profile: edge-gpu-rtx2080, rate: { uniform: [1 GFLOP/s, 2 GFLOP/s] } }")), @"server.device.rate: only the devices of a fleet are drawn; state one figure");
}

#[test]
fn arrivals_and_availability_are_refused_with_the_reason() {
    let arrivals = |text: &str| message(&VALID.replace("{ poisson: 2 /s }", text));
    assert_snapshot!(arrivals("{ closed: { think: 0 s } }"), @"inference.arrivals.closed.think: a think time is longer than 0");
    assert_snapshot!(arrivals("{ periodic: { period: 1 s, phase: rondom } }"), @"inference.arrivals.periodic.phase: `rondom` is not a choice of phase; did you mean `random`? (allowed: random)");
    assert_snapshot!(arrivals("{ bursty: { quiet: { rate: 1 /s, for: 1 s }, burst: { rate: 1 /s, for: 1 ns } } }"), @"inference.arrivals: about 60000000000 changes of state are expected from a fleet of 1; at most 20000000 are simulated: shorten `duration` or lower the rate of `arrivals`");
    assert_snapshot!(arrivals("{ bursty: { quiet: { rate: 0 /s, for: 1 s }, burst: { rate: 1 /s, for: 1 s } } }"), @"inference.arrivals.bursty.quiet.rate: `0 /s` is zero or too small; write a number of requests for each unit of time like `2 /s`");
    let availability = |text: &str| {
        message(&VALID.replace("access: lte", &format!("access: lte, availability: {text}")))
    };
    assert_snapshot!(availability("{ up: 10 s, down: 1 us }"), @"fleet[0].availability.down: is too short: a device is up and down for 1 ms or more on average");
    let replicated = VALID
        .replace("access: lte", "access: lte, availability: { up: 10 s, down: 1 s }")
        .replace("name: t\n", "name: t\nreplications: 2\n");
    assert_snapshot!(message(&replicated), @"replications: devices that fail make learning depend on timing; training again in every replication is valid here, but is not simulated yet");
    assert_snapshot!(availability("{ up: 10 s }"), @"fleet[0].availability.down: is missing");
}

#[test]
fn jitter_that_could_be_negative_is_refused_with_the_reason() {
    assert_snapshot!(access("{ profile: lte, jitter: { normal: { mean: 2 ms } } }"), @"fleet[0].access.jitter: a normal distribution allows negative jitter, which would deliver a message before it could have arrived; use `exponential`, `uniform` or `lognormal`");
    assert_snapshot!(access("{ profile: lte, jitter: { uniform: [2 ms, 1 ms] } }"), @"fleet[0].access.jitter.uniform: the first duration must be shorter than the second");
}

#[test]
fn a_key_without_its_value_or_of_another_kind_is_explained() {
    assert_snapshot!(access("{ up: 1 Mbit/s, down: 1 Mbit/s }"), @"fleet[0].access.delay: is missing");
    assert_snapshot!(with("server: { device: edge-gpu-rtx2080 }", "server:"), @r"
    t.yaml:6:7: server: expected a mapping with the keys device, workers, queue, priority, buffer, attach, got nothing
     6 | server:
       |       ^
    ");
    assert_snapshot!(with("server: { device: edge-gpu-rtx2080 }", "server: [1]"), @r"
    t.yaml:6:1: server: expected a mapping with the keys device, workers, queue, priority, buffer, attach, got a list
     6 | server: [1]
       | ^
    ");
    assert_snapshot!(with("{ poisson: 2 /s }", "poisson"), @r"
    t.yaml:15:13: inference.arrivals: `poisson` needs a value, for example `poisson: 2 /s`
     15 |   arrivals: poisson
        |             ^
    ");
    assert_snapshot!(with("{ poisson: 2 /s }", "{ poisson: 2 /s, periodic: 1 s }"), @r"
    t.yaml:15:3: inference.arrivals: expected one arrival process, got a mapping of 2 keys (allowed: poisson, periodic, bursty, closed, trace)
     15 |   arrivals: { poisson: 2 /s, periodic: 1 s }
        |   ^
    ");
    assert_snapshot!(with("{ entropy: 1.2 }", "{ client-exit: 1 }"), @r"
    t.yaml:18:27: inference.offload.client-exit: `client-exit` takes no value; write the word alone
     18 |   offload: { client-exit: 1 }
        |                           ^
    ");
    assert_snapshot!(with("name: t", "name: 2024"), @r#"
    t.yaml:1:7: name: expected text, got `2024`; write it as "…"
     1 | name: 2024
       |       ^
    "#);
    assert_snapshot!(with("name: t", "name: ../t"), @r"
    t.yaml:1:7: name: `../t` is no name for a folder; it has 1 to 100 letters, digits, `-`, `_` or `.`, and begins with a letter or digit
     1 | name: ../t
       |       ^
    ");
    assert_snapshot!(errors("just text"), @r"
    t.yaml:1:1: expected a mapping with the keys name, seed, model, data, fleet, server, network, training, inference, evaluate, output, replications, sweep, expect, got `just text`
     1 | just text
       | ^
    ");
}

#[test]
fn a_cut_is_a_layer_of_its_model() {
    assert_snapshot!(with("{ preset: digits-cnn }", "{ preset: digits-cnn, cut: conv4 }"), @r"
    t.yaml:2:35: model.cut: `conv4` is not a layer to cut after; did you mean `conv1`? (allowed: conv1, conv2, conv3, fc1)
     2 | model: { preset: digits-cnn, cut: conv4 }
       |                                   ^
    ");
}

#[test]
fn sections_must_agree_with_one_another() {
    assert_snapshot!(with("preset: digits-cnn", "preset: paper-cnn"), @r"
    t.yaml:3:17: data.source: `paper-cnn` takes images of 1×28×28 (channels, height, width) and these are 1×8×8; use `preset: digits-cnn` or your own `layers`
     3 | data: { source: digits }
       |                 ^
    ");
    assert_snapshot!(with("data: { source: digits }\n", ""), @r"
    t.yaml:1:1: data: is missing
     1 | name: t
       | ^
    ");
    assert_snapshot!(with("{ source: digits }", "{ source: digits, path: data }"), @r"
    t.yaml:3:31: data.path: `digits` is built in and has no path
     3 | data: { source: digits, path: data }
       |                               ^
    ");
    assert_snapshot!(with("duration: 60 s", "duration: 60 s\n  warmup: 60 s"), @r"
    t.yaml:17:11: inference.warmup: must be shorter than `duration`, or no request is measured
     17 |   warmup: 60 s
        |           ^
    ");
    assert_snapshot!(with("2 /s", "1000000 /s"), @r"
    t.yaml:15:3: inference.arrivals: about 60000000 requests are expected from a fleet of 1; at most 20000000 are simulated: shorten `duration` or lower the rate of `arrivals`
     15 |   arrivals: { poisson: 1000000 /s }
        |   ^
    ");
    let head = &VALID[..VALID.find("training:").unwrap()];
    let traffic = &VALID[VALID.find("inference:").unwrap()..];
    assert_snapshot!(errors(head), @r"
    t.yaml:1:1: there is neither `training` nor `inference`: nothing to simulate
     1 | name: t
       | ^
    ");
    assert_snapshot!(errors(&format!("{head}evaluate: {{}}\n{traffic}")), @r"
    t.yaml:7:1: evaluate: without `training` there is no model to evaluate; leave this key out
     7 | evaluate: {}
       | ^
    t.yaml:8:1: inference: learned outcomes need `training`; add it, or state `outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }`, or name a file of outcomes
     8 | inference:
       | ^
    ");
    let stated = "outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }";
    assert_snapshot!(errors(&format!("{VALID}  {stated}\n")), @r"
    t.yaml:17:8: inference.ood: stated outcomes do not depend on samples; leave this key out
     17 |   ood: 0.4
        |        ^
    t.yaml:18:3: inference.offload: stated outcomes are offloaded at random with their own `offload` share; leave this key out
     18 |   offload: { entropy: 1.2 }
        |   ^
    ");
}

#[test]
fn learned_outcomes_need_a_policy_and_an_ood_level() {
    assert_snapshot!(with("  ood: 0.4\n  offload: { entropy: 1.2 }\n", ""), @r"
    t.yaml:14:1: inference.offload: is missing
     14 | inference:
        | ^
    t.yaml:14:1: inference.ood: is missing
     14 | inference:
        | ^
    ");
}

#[test]
fn a_fleet_has_unique_names_and_at_most_a_million_devices() {
    let group = "  - { name: a, count: 1, device: raspberry-pi-4b, access: lte }\n";
    let second = |text: &str| with(group, &format!("{group}{text}"));
    assert_snapshot!(second(group), @r"
    t.yaml:6:13: fleet[1].name: `a` is the name of the device group in line 5 already
     6 |   - { name: a, count: 1, device: raspberry-pi-4b, access: lte }
       |             ^
    ");
    assert_snapshot!(second(&group.replace("name: a", "name: b").replace(": 1,", ": 1000000,")), @r"
    t.yaml:6:23: fleet[1].count: with this group the fleet has 1000001 devices; at most 1000000 are simulated
     6 |   - { name: b, count: 1000000, device: raspberry-pi-4b, access: lte }
       |                       ^
    ");
    assert_snapshot!(with(group, "  []\n"), @r"
    t.yaml:4:1: fleet: a fleet has at least one device group
     4 | fleet:
       | ^
    ");
    assert_snapshot!(with("name: a", "name: a/b"), @r"
    t.yaml:5:13: fleet[0].name: `a/b` is not a name; it has 1 to 64 letters, digits, `-` or `_`
     5 |   - { name: a/b, count: 1, device: raspberry-pi-4b, access: lte }
       |             ^
    ");
}

#[test]
fn evaluation_points_ascend() {
    assert_snapshot!(errors(&format!("{VALID}evaluate: {{ ood: [0, 0.5, 0.5], entropy: [] }}\n")), @r"
    t.yaml:19:13: evaluate.ood: the numbers must ascend
     19 | evaluate: { ood: [0, 0.5, 0.5], entropy: [] }
        |             ^
    t.yaml:19:33: evaluate.entropy: expected 1 to 100 numbers
     19 | evaluate: { ood: [0, 0.5, 0.5], entropy: [] }
        |                                 ^
    ");
}

#[test]
fn what_is_no_document_of_the_language_is_refused_where_it_begins() {
    assert_snapshot!(errors(""), @"t.yaml:1:1: the file is empty; a scenario is a mapping that begins, for example, with `name: quickstart`");
    assert_snapshot!(errors("name: t\n\tseed: 1\n"), @r"
    t.yaml:1:7: is not valid YAML: while scanning a plain scalar, found a tab
     1 | name: t
       |       ^
    ");
    assert_snapshot!(errors("name: &n t\nmodel: *n\n"), @r"
    t.yaml:2:8: aliases (`*name`) are not part of the language
     2 | model: *n
       |        ^
    ");
    assert_snapshot!(errors("name: !text t\n"), @r"
    t.yaml:1:7: tags (`!name`) are not part of the language
     1 | name: !text t
       |       ^
    ");
    assert_snapshot!(errors("? [a]\n: 1\n"), @r"
    t.yaml:1:3: a key must be a plain word, not a list or mapping
     1 | ? [a]
       |   ^
    ");
    assert_snapshot!(errors("name: t\n---\nname: u\n"), @r"
    t.yaml:2:1: a second document begins here; a file holds one scenario
     2 | ---
       | ^
    ");
    assert_snapshot!(errors("name: [t\n"), @"t.yaml:2:1: is not valid YAML: while parsing a flow sequence, expected ',' or ']'");
}

#[test]
fn a_rule_for_the_warm_up_has_a_name() {
    let error = with("duration: 60 s", "duration: 60 s\n  warmup: mser5");
    assert!(error.contains("did you mean `mser-5`?"), "{error}");
}

#[test]
fn replications_are_counted_and_their_requests_must_fit_together() {
    for count in ["0", "1000000000"] {
        let error = with("name: t", &format!("name: t\nreplications: {count}"));
        assert!(error.contains("expected an integer from 1 to 1000"), "{error}");
    }
    // 20,000 a second for 60 s are 1.2 million, and a thousand times that many are too many.
    let once = VALID.replace("2 /s", "20000 /s");
    assert!(parse(&once, "t.yaml").is_ok());
    let error = errors(&once.replace("name: t", "name: t\nreplications: 1000"));
    assert!(error.contains("about 1200000000 requests are expected"), "{error}");
}
