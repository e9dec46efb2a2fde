//! How models learn and travel: what the keys mean, and what mistakes in them are told.

use crate::scenario::{
    EvaluatedModels, LearningRate, LocalWork, Precision, Scenario, Sgd, TrainingSpec, parse,
};
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
  local_updates: 10
  batch_size: 16
  learning_rate: 0.05
  gamma: 0.5
  lambda: 0.2
evaluate: { every: 1 }
";

fn replaced(old: &str, new: &str) -> String {
    assert_eq!(VALID.matches(old).count(), 1, "`{old}` stands once in the scenario");
    VALID.replace(old, new)
}

/// The scenario with `old` replaced by `new`.
fn scenario(old: &str, new: &str) -> Scenario {
    parse(&replaced(old, new), "t.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario
}

fn training(old: &str, new: &str) -> TrainingSpec {
    scenario(old, new).training.expect("the scenario trains")
}

/// The only error's key path and message after `old` was replaced by `new`.
fn error(old: &str, new: &str) -> String {
    let errors = parse(&replaced(old, new), "t.yaml").expect_err("the scenario is wrong");
    let [error] = errors.as_slice() else { panic!("one error expected:\n{errors}") };
    format!("{}: {}", error.key_path(), error.message())
}

#[test]
fn without_further_keys_learning_is_plain() {
    let scenario = scenario("name: t", "name: t");
    let training = scenario.training.expect("the scenario trains");
    assert_eq!(training.sgd, Sgd::constant(0.05));
    assert_eq!((training.local_work, training.seeds.as_ref()), (LocalWork::Updates(10), None));
    assert_eq!(training.seeds(7), [7], "the master seed");
    assert_eq!(scenario.model.smashed, Precision::Float32);
    assert_eq!(scenario.evaluate.models, EvaluatedModels::Mixed);
    assert!(!scenario.evaluate.gradient_norm);
}

#[test]
fn a_learning_rate_may_decay_and_have_momentum() {
    let new = "learning_rate: { initial: 0.1, decay: { inverse: 0.02 } }\n  momentum: 0.9";
    let rate = LearningRate { initial: 0.1, inverse: 0.02 };
    assert_eq!(training("learning_rate: 0.05", new).sgd, Sgd { rate, momentum: 0.9 });
}

#[test]
fn local_work_is_stated_in_updates_or_in_epochs() {
    let training = training("local_updates: 10", "local_epochs: 2");
    assert_eq!(training.local_work, LocalWork::Epochs(2));
}

#[test]
fn seeds_are_kept_in_their_order() {
    let training = training("rounds: 2", "rounds: 2\n  seeds: [3, 1, 2]");
    assert_eq!(training.seeds(7), [3, 1, 2]);
}

#[test]
fn smashed_data_have_a_precision_and_evaluation_its_models() {
    for precision in Precision::ALL {
        let model = format!("digits-cnn, smashed: {}", precision.name());
        assert_eq!(scenario("digits-cnn", &model).model.smashed, precision);
    }
    let evaluate = scenario("every: 1", "every: 1, models: local, gradient_norm: true").evaluate;
    assert_eq!((evaluate.models, evaluate.gradient_norm), (EvaluatedModels::Local, true));
}

#[test]
fn mistakes_in_the_step_size_are_told() {
    let rate = |new: &str| error("learning_rate: 0.05", new);
    assert_snapshot!(rate("learning_rate: 0"), @"training.learning_rate: expected a number above 0, at most 1000, got `0`");
    assert_snapshot!(rate("learning_rate: { initial: 0.05 }"), @"training.learning_rate.decay: is missing");
    assert_snapshot!(rate("learning_rate: { initial: 0.05, decay: { inverse: -1 } }"), @"training.learning_rate.decay.inverse: expected a number from 0 to 1000, got `-1`");
    assert_snapshot!(rate("learning_rate: { initial: 0.05, decay: { cosine: 1 } }"), @"training.learning_rate.decay: `cosine` is not a decay of a learning rate (allowed: inverse)");
    assert_snapshot!(rate("learning_rate: { initial: 0.05, decay: inverse }"), @"training.learning_rate.decay: `inverse` needs a value, for example `inverse: 0.01`");
    assert_snapshot!(rate("learning_rate: 0.05\n  momentum: 1"), @"training.momentum: expected a number from 0 to below 1, got `1`");
}

#[test]
fn mistakes_in_the_local_work_are_told() {
    assert_snapshot!(error("local_updates: 10", "local_updates: 10\n  local_epochs: 1"), @"training.local_epochs: `local_updates` already says how much a client trains in a round; leave one of the two out");
    assert_snapshot!(error("local_updates: 10", "local_epochs: 0"), @"training.local_epochs: expected an integer from 1 to 1000000, got `0`");
    assert_snapshot!(error("  local_updates: 10\n", ""), @"training.local_updates: is missing");
}

#[test]
fn mistakes_in_the_seeds_are_told() {
    let seeds = |list: &str| error("rounds: 2", &format!("rounds: 2\n  seeds: {list}"));
    assert_snapshot!(seeds("[]"), @"training.seeds: expected 1 to 32 seeds");
    assert_snapshot!(seeds("[1, 2, 1]"), @"training.seeds[2]: `1` is in the list already");
    assert_snapshot!(seeds("[1, -2]"), @"training.seeds[1]: expected an integer from 0 to 18446744073709551615, got `-2`");
    assert_snapshot!(seeds("3"), @"training.seeds: expected a list of seeds, got `3`");
    let many: Vec<u32> = (0..33).collect();
    assert_snapshot!(seeds(&format!("{many:?}")), @"training.seeds: expected 1 to 32 seeds");
}

#[test]
fn only_a_client_exit_can_run_while_the_gradient_is_awaited() {
    assert!(training("rounds: 2", "rounds: 2\n  overlap: true").overlap);
    let text = replaced("gamma: 0.5\n  lambda: 0.2", "overlap: true\n  method: splitfed");
    let errors = parse(&text, "t.yaml").expect_err("splitfed has no client exit");
    let [error] = errors.as_slice() else { panic!("one error expected:\n{errors}") };
    assert_snapshot!(error.message(), @"there is no client exit that could run while the gradient is awaited; leave this key out");
}

#[test]
fn a_policy_that_sends_no_smashed_data_needs_answers_that_no_rounding_changed() {
    let text = replaced("digits-cnn", "digits-cnn, smashed: int8");
    let inference = |offload: &str| {
        let rest = "{ arrivals: { poisson: 2 /s }, duration: 60 s, ood: 0.4, offload:";
        parse(&format!("{text}inference: {rest} {offload} }}\n"), "t.yaml")
    };
    assert!(inference("server-exit").is_ok());
    let errors = inference("client-only").expect_err("no smashed data are sent");
    let [error] = errors.as_slice() else { panic!("one error expected:\n{errors}") };
    assert_snapshot!(format!("{}: {}", error.key_path(), error.message()), @"model.smashed: int8 changes the answers of the server exit, and this `offload` sends no smashed data and asks for unchanged ones, which are not evaluated; use float32, or another policy");
}

#[test]
fn mistakes_in_precision_and_evaluation_are_told() {
    assert_snapshot!(error("digits-cnn", "digits-cnn, smashed: float8"), @"model.smashed: `float8` is not a precision; did you mean `float32`? (allowed: float32, float16, int8)");
    assert_snapshot!(error("every: 1", "every: 1, models: global"), @"evaluate.models: `global` is not a choice of models; did you mean `local`? (allowed: mixed, local)");
    assert_snapshot!(error("every: 1", "every: 1, gradient_norm: sometimes"), @"evaluate.gradient_norm: expected `true` or `false`, got `sometimes`");
}
