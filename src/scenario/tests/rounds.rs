//! The keys that say how training rounds go: what they mean, and which make no sense together.

use crate::scenario::{AggregationSpec, ServerModelSpec, StalenessSpec, TrainingSpec, parse};
use crate::time::SimDuration;

/// A scenario with these keys of `training` besides those of size.
fn text(keys: &str) -> String {
    format!(
        "name: t
model: {{ preset: digits-cnn }}
data: {{ source: digits }}
fleet: [{{ name: a, count: 4, device: raspberry-pi-4b, access: lte }}]
server: {{ device: edge-gpu-rtx2080 }}
training:
  {{ rounds: 2, local_updates: 1, batch_size: 16, learning_rate: 0.05, {keys} }}
"
    )
}

fn splitgp(keys: &str) -> String {
    text(&format!("gamma: 0.5, lambda: 0.2, {keys}"))
}

fn training(keys: &str) -> TrainingSpec {
    let loaded = parse(&splitgp(keys), "t.yaml").unwrap_or_else(|errors| panic!("{errors}"));
    loaded.scenario.training.unwrap()
}

/// The key path and message of the only error of `text`.
fn error(text: &str) -> String {
    let errors = parse(text, "t.yaml").expect_err("the scenario is wrong");
    let [error] = errors.as_slice() else { panic!("one error expected:\n{errors}") };
    format!("{}: {}", error.key_path(), error.message())
}

#[test]
fn everybody_takes_part_in_rounds_without_deadline_unless_they_are_said_to_go_otherwise() {
    let default = training("");
    let everybody = AggregationSpec::Synchronous { participation: 1.0, deadline: None };
    assert_eq!(default.aggregation, everybody);
    assert_eq!(default.server_model, ServerModelSpec::PerClient);
    assert_eq!(training("aggregation: synchronous").aggregation, everybody);
    let hurried = training("participation: 20%, deadline: 30 s, server_model: shared");
    let deadline = Some(SimDuration::from_nanos(30_000_000_000));
    assert_eq!(hurried.aggregation, AggregationSpec::Synchronous { participation: 0.2, deadline });
    assert_eq!(hurried.server_model, ServerModelSpec::Shared);
}

#[test]
fn asynchronous_aggregation_has_a_mixing_weight_and_a_function_of_staleness() {
    let aggregation =
        |keys: &str| training(&format!("aggregation: {{ asynchronous: {keys} }}")).aggregation;
    let of = |mixing, staleness| AggregationSpec::Asynchronous { mixing, staleness };
    assert_eq!(aggregation("{}"), of(0.6, StalenessSpec::Constant));
    assert_eq!(
        aggregation("{ mixing: 0.9, staleness: { polynomial: 0.5 } }"),
        of(0.9, StalenessSpec::Polynomial(0.5))
    );
    assert_eq!(
        aggregation("{ staleness: { hinge: { after: 4, slope: 10 } } }"),
        of(0.6, StalenessSpec::Hinge { after: 4, slope: 10.0 })
    );
}

#[test]
fn values_out_of_range_are_refused_with_what_is_allowed() {
    for (keys, expected) in [
        ("participation: 0", "training.participation: is 0: nobody would ever take part"),
        ("participation: 120%", "training.participation: expected a share from 0 to 1"),
        ("deadline: 0 s", "training.deadline: `0 s` is zero or too small"),
        ("deadline: 30", "training.deadline: "),
        ("aggregation: asynchronous", "training.aggregation: `asynchronous` needs a value"),
        (
            "aggregation: { asynchronous: { mixing: 0 } }",
            "training.aggregation.asynchronous.mixing: expected a number above 0, at most 1",
        ),
        (
            "aggregation: { asynchronous: { staleness: { polynomial: -1 } } }",
            "training.aggregation.asynchronous.staleness.polynomial: expected a number from 0",
        ),
        (
            "aggregation: { asynchronous: { staleness: { hinge: { after: 2 } } } }",
            "training.aggregation.asynchronous.staleness.hinge.slope: is missing",
        ),
        (
            "server_model: common",
            "training.server_model: `common` is not a server model (allowed: per-client, shared)",
        ),
    ] {
        let error = error(&splitgp(keys));
        assert!(error.starts_with(expected), "{keys}: {error}");
    }
}

#[test]
fn keys_that_make_no_sense_together_are_refused_with_the_reason() {
    let asynchronous = "aggregation: { asynchronous: {} }";
    for (keys, expected) in [
        ("deadline: 1 s", "training.deadline: no round waits for a straggler"),
        ("participation: 0.5", "training.participation: every client trains all the time"),
        ("server_model: shared", "training.server_model: with `aggregation: asynchronous`"),
    ] {
        let error = error(&splitgp(&format!("{keys}, {asynchronous}")));
        assert!(error.starts_with(expected), "{keys}: {error}");
    }
    for (keys, expected) in [
        (
            "method: fedavg, server_model: shared",
            "training.server_model: `fedavg` trains the full model on the device",
        ),
        (
            "method: personalized-fl, lambda: 0.2, server_model: shared",
            "training.server_model: `personalized-fl` trains the full model",
        ),
        ("method: local, deadline: 1 s", "training.deadline: under `local` each client trains"),
        ("method: local, participation: 0.5", "training.participation: under `local` each"),
    ] {
        let error = error(&text(keys));
        assert!(error.starts_with(expected), "{keys}: {error}");
    }
    for method in ["method: fedavg", "method: splitfed", "method: multi-exit, gamma: 0.5"] {
        let keys = text(&format!("{method}, {asynchronous}"));
        assert!(parse(&keys, "t.yaml").is_ok(), "{method} aggregates asynchronously, too");
    }
}

#[test]
fn replications_cannot_repeat_what_the_clock_has_decided() {
    let replicated = |keys: &str| format!("{}replications: 2\n", splitgp(keys));
    for keys in ["deadline: 1 s", "server_model: shared", "aggregation: { asynchronous: {} }"] {
        let error = error(&replicated(keys));
        assert!(
            error.starts_with("replications: a deadline, asynchronous aggregation and a shared"),
            "{keys}: {error}"
        );
    }
    let drawn = replicated("participation: 0.5");
    assert!(parse(&drawn, "t.yaml").is_ok(), "participants are the same in each replication");
}
