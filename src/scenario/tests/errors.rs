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
    assert_snapshot!(errors(&text), @"");
}

#[test]
fn a_bare_number_shows_how_a_unit_is_written() {
    assert_snapshot!(with("60 s", "60"), @"");
    assert_snapshot!(access("{ profile: lte, up: 12 }"), @"");
}

#[test]
fn bytes_are_not_taken_for_bits() {
    assert_snapshot!(access("{ profile: lte, up: 12 MB/s }"), @"");
    assert_snapshot!(access("{ profile: lte, up: 12 Mbps }"), @"");
    assert_snapshot!(access("{ profile: lte, up: 12 mbit/s }"), @"");
}

#[test]
fn a_number_out_of_range_is_refused_and_never_wraps() {
    assert_snapshot!(access("{ profile: lte, up: 0 Mbit/s }"), @"");
    assert_snapshot!(access("{ profile: lte, up: 1e30 Gbit/s }"), @"");
    assert_snapshot!(access("{ profile: lte, delay: -5 ms }"), @"");
    assert_snapshot!(access("{ profile: lte, delay: .nan }"), @"");
    assert_snapshot!(access("{ profile: lte, loss: 100% }"), @"");
    assert_snapshot!(with("60 s", "1000 h 3"), @"");
    assert_snapshot!(with("60 s", "9999999 h"), @"");
    assert_snapshot!(with("2 /s", "0 /s"), @"");
    assert_snapshot!(with("1.2", ".inf"), @"");
    assert_snapshot!(with("rounds: 2", "rounds: 2.5"), @"");
    assert_snapshot!(with("count: 1", "count: 99999999999999999999999"), @"");
}

#[test]
fn valid_words_that_are_not_simulated_yet_are_told_apart_from_unknown_ones() {
    assert_snapshot!(with("name: t", "name: t\nreplications: 5"), @"");
    assert_snapshot!(with("digits-cnn", "vgg11-bn"), @"");
    assert_snapshot!(with("entropy: 1.2", "margin: 0.1"), @"");
    assert_snapshot!(with("{ entropy: 1.2 }", "server-only"), @"");
    assert_snapshot!(with("learning_rate: 0.05", "learning_rate: { initial: 0.05 }"), @"");
    assert_snapshot!(with("ood: 0.4", "ood: 0.4\n  outcomes: trained.npz"), @"");
    assert_snapshot!(with("{ entropy: 1.2 }", "{ entropie: 1.2 }"), @"");
    assert_snapshot!(access("{ profile: lte, up: { lognormal: { median: 3 Mbit/s } } }"), @"");
}

#[test]
fn jitter_that_could_be_negative_is_refused_with_the_reason() {
    assert_snapshot!(access("{ profile: lte, jitter: { normal: { mean: 2 ms } } }"), @"");
    assert_snapshot!(access("{ profile: lte, jitter: { uniform: [2 ms, 1 ms] } }"), @"");
}

#[test]
fn a_key_without_its_value_or_of_another_kind_is_explained() {
    assert_snapshot!(access("{ up: 1 Mbit/s, down: 1 Mbit/s }"), @"");
    assert_snapshot!(with("server: { device: edge-gpu-rtx2080 }", "server:"), @"");
    assert_snapshot!(with("server: { device: edge-gpu-rtx2080 }", "server: [1]"), @"");
    assert_snapshot!(with("{ poisson: 2 /s }", "poisson"), @"");
    assert_snapshot!(with("{ poisson: 2 /s }", "{ poisson: 2 /s, periodic: 1 s }"), @"");
    assert_snapshot!(with("{ entropy: 1.2 }", "{ client-exit: 1 }"), @"");
    assert_snapshot!(with("name: t", "name: 2024"), @"");
    assert_snapshot!(with("name: t", "name: ../t"), @"");
    assert_snapshot!(errors("just text"), @"");
}

#[test]
fn a_cut_is_a_layer_of_its_model() {
    assert_snapshot!(with("{ preset: digits-cnn }", "{ preset: digits-cnn, cut: conv4 }"), @"");
}

#[test]
fn sections_must_agree_with_one_another() {
    assert_snapshot!(with("preset: digits-cnn", "preset: paper-cnn"), @"");
    assert_snapshot!(with("data: { source: digits }\n", ""), @"");
    assert_snapshot!(with("{ source: digits }", "{ source: digits, path: data }"), @"");
    assert_snapshot!(with("duration: 60 s", "duration: 60 s\n  warmup: 60 s"), @"");
    assert_snapshot!(with("2 /s", "1000000 /s"), @"");
    let head = &VALID[..VALID.find("training:").unwrap()];
    let traffic = &VALID[VALID.find("inference:").unwrap()..];
    assert_snapshot!(errors(head), @"");
    assert_snapshot!(errors(&format!("{head}evaluate: {{}}\n{traffic}")), @"");
    let stated = "outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }";
    assert_snapshot!(errors(&format!("{VALID}  {stated}\n")), @"");
}

#[test]
fn learned_outcomes_need_a_policy_and_an_ood_level() {
    assert_snapshot!(with("  ood: 0.4\n  offload: { entropy: 1.2 }\n", ""), @"");
}

#[test]
fn a_fleet_has_unique_names_and_at_most_a_million_devices() {
    let group = "  - { name: a, count: 1, device: raspberry-pi-4b, access: lte }\n";
    let second = |text: &str| with(group, &format!("{group}{text}"));
    assert_snapshot!(second(group), @"");
    assert_snapshot!(second(&group.replace("name: a", "name: b").replace(": 1,", ": 1000000,")), @"");
    assert_snapshot!(with(group, "  []\n"), @"");
    assert_snapshot!(with("name: a", "name: a/b"), @"");
}

#[test]
fn evaluation_points_ascend() {
    assert_snapshot!(errors(&format!("{VALID}evaluate: {{ ood: [0, 0.5, 0.5], entropy: [] }}\n")), @"");
}

#[test]
fn what_is_no_document_of_the_language_is_refused_where_it_begins() {
    assert_snapshot!(errors(""), @"");
    assert_snapshot!(errors("name: t\n\tseed: 1\n"), @"");
    assert_snapshot!(errors("name: &n t\nmodel: *n\n"), @"");
    assert_snapshot!(errors("name: !text t\n"), @"");
    assert_snapshot!(errors("? [a]\n: 1\n"), @"");
    assert_snapshot!(errors("name: t\n---\nname: u\n"), @"");
    assert_snapshot!(errors("name: [t\n"), @"");
}
