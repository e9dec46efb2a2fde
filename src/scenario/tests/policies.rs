//! What policies say, and what is refused of them.

use crate::scenario::{AdaptiveSpec, DeadlineSpec, OffloadSpec, Scenario, parse};
use crate::time::SimDuration;
use insta::assert_snapshot;

/// A scenario that learns, with these keys of `inference`.
fn learned(keys: &str) -> String {
    format!(
        "name: t
model: {{ preset: digits-cnn }}
data: {{ source: digits }}
fleet: [{{ name: a, count: 2, device: raspberry-pi-4b, access: lte }}]
server: {{ device: edge-gpu-rtx2080 }}
training: {{ method: splitgp, rounds: 1, local_updates: 1, batch_size: 8, learning_rate: 0.1, gamma: 0.5, lambda: 0.2 }}
inference: {{ arrivals: {{ poisson: 1 /s }}, duration: 1 s, {keys} }}
"
    )
}

/// A scenario whose answers are right with stated probabilities.
fn stated(keys: &str) -> String {
    format!(
        "name: t
model: {{ preset: digits-cnn }}
fleet: [{{ name: a, count: 2, device: raspberry-pi-4b, access: lte }}]
server: {{ device: edge-gpu-rtx2080 }}
inference: {{ arrivals: {{ poisson: 1 /s }}, duration: 1 s, {keys} }}
"
    )
}

fn scenario(text: &str) -> Scenario {
    parse(text, "t.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario
}

fn offload(policy: &str) -> OffloadSpec {
    scenario(&learned(&format!("ood: 0.4, offload: {policy}"))).inference.unwrap().offload
}

/// The message of the only error, without its place.
fn refused(text: &str) -> String {
    let errors = parse(text, "t.yaml").map(|_| ()).unwrap_err().to_string();
    let message = errors.lines().next().unwrap_or_default();
    message.split_once(": ").map_or(String::new(), |(_, message)| message.to_owned())
}

const fn ms(millis: u64) -> SimDuration {
    SimDuration::from_nanos(millis * 1_000_000)
}

#[test]
fn every_policy_has_its_form() {
    assert_eq!(offload("client-exit"), OffloadSpec::ClientExit);
    assert_eq!(offload("client-only"), OffloadSpec::ClientOnly);
    assert_eq!(offload("server-only"), OffloadSpec::ServerOnly);
    assert_eq!(offload("server-exit"), OffloadSpec::ServerExit);
    assert_eq!(offload("oracle"), OffloadSpec::Oracle);
    assert_eq!(offload("{ entropy: 0.4 }"), OffloadSpec::Entropy(0.4));
    assert_eq!(offload("{ margin: 0.5 }"), OffloadSpec::Margin(0.5));
    assert_eq!(offload("{ random: 25% }"), OffloadSpec::Random(0.25));
    let deadline = DeadlineSpec { limit: ms(100), entropy: None, half_life: ms(1_000) };
    assert_eq!(offload("{ deadline: 100 ms }"), OffloadSpec::Deadline(deadline));
    let whole = DeadlineSpec { limit: ms(100), entropy: Some(0.4), half_life: ms(50) };
    assert_eq!(
        offload("{ deadline: 100 ms, entropy: 0.4, half_life: 50 ms }"),
        OffloadSpec::Deadline(whole)
    );
    let adaptive = AdaptiveSpec { price: ms(200), half_life: ms(1_000) };
    assert_eq!(offload("{ adaptive: 200 ms }"), OffloadSpec::Adaptive(adaptive));
}

#[test]
fn a_deadline_is_the_policys_or_stated_for_any_other() {
    let deadline = |keys: &str| {
        let inference = scenario(&learned(&format!("ood: 0, {keys}"))).inference.unwrap();
        inference.deadline
    };
    assert_eq!(deadline("offload: { deadline: 80 ms }"), Some(ms(80)));
    assert_eq!(deadline("offload: client-exit, deadline: 80 ms"), Some(ms(80)));
    assert_eq!(deadline("offload: client-exit"), None);
    assert_snapshot!(
        refused(&learned("ood: 0, offload: { deadline: 80 ms }, deadline: 90 ms")),
        @"inference.deadline: the policy `deadline` has its own; leave this key out"
    );
}

#[test]
fn a_policy_that_lacks_its_value_or_has_a_wrong_one_is_named() {
    let refused = |policy: &str| refused(&learned(&format!("ood: 0, offload: {policy}")));
    assert_snapshot!(refused("deadline"), @"inference.offload: `deadline` needs a value, for example `deadline: 100 ms`");
    assert_snapshot!(refused("adaptive"), @"inference.offload: `adaptive` needs a value, for example `adaptive: 200 ms`");
    assert_snapshot!(refused("{ oracle: 1 }"), @"inference.offload.oracle: `oracle` takes no value; write the word alone");
    assert_snapshot!(refused("{ margin: 1.5 }"), @"inference.offload.margin: expected a number from 0 to 1, got `1.5`");
    assert_snapshot!(refused("{ deadline: 100 ms, entropie: 1 }"), @"inference.offload.entropie: `entropie` is not a key; did you mean `entropy`? (allowed: deadline, entropy, half_life)");
    assert!(refused("{ deadline: 0 s }").starts_with("inference.offload.deadline: "));
    assert!(refused("{ adaptive: -1 s }").starts_with("inference.offload.adaptive: "));
}

#[test]
fn stated_outcomes_take_a_policy_that_does_not_look_at_the_client_exit() {
    let outcomes = "outcomes: { client_accuracy: 0.8, server_accuracy: 0.9 }";
    let given = |policy: &str| stated(&format!("{outcomes}, offload: {policy}"));
    for policy in ["client-exit", "client-only", "server-only", "server-exit", "oracle"] {
        assert_eq!(scenario(&given(policy)).inference.unwrap().offload.name(), policy);
    }
    assert_eq!(
        scenario(&given("{ deadline: 80 ms }")).inference.unwrap().offload.name(),
        "deadline"
    );
    for policy in
        ["{ entropy: 1 }", "{ margin: 0.5 }", "{ adaptive: 1 s }", "{ deadline: 1 s, entropy: 1 }"]
    {
        assert!(refused(&given(policy)).contains("looks at the client exit"), "{policy}");
    }
    assert_snapshot!(refused(&stated(outcomes)), @"inference.offload: is missing");
}
