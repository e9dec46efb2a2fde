//! What holds between methods that are trained on the same clients.

use super::*;
use crate::cost::{ModelPreset, SplitModel};
use crate::learning::weights::Weights;
use crate::learning::{
    Dataset, EvaluatedModels, Federation, LearningConfig, LocalUpdate, LocalWork, Outcome,
    Partition, Sgd,
};
use std::sync::Arc;

const CLIENTS: u32 = 3;

fn federation(method: Method, lambda: f64) -> Federation {
    let config = LearningConfig {
        method,
        model: SplitModel::preset(ModelPreset::DigitsCnn, "conv2").unwrap(),
        partition: Partition::Shards { per_client: 2 },
        clients: (0..CLIENTS).map(|k| format!("pi/{k}")).collect(),
        main_share: 0.1,
        batch_size: 16,
        local_work: LocalWork::Updates(2),
        sgd: Sgd::constant(0.05),
        gamma: 0.5,
        lambda,
        evaluated: EvaluatedModels::Mixed,
        max_ood: 0.4,
        seed: 1,
    };
    Federation::new(config, Arc::new(Dataset::digits())).unwrap()
}

/// The updates of one round, with which it ends.
fn round(federation: &mut Federation, round: u32) -> Vec<LocalUpdate> {
    let updates: Vec<LocalUpdate> =
        (0..CLIENTS).map(|client| federation.local_round(client, round)().unwrap()).collect();
    if federation.method().averages() {
        federation.aggregate(updates.clone());
    } else {
        updates.iter().cloned().for_each(|update| federation.keep(update));
    }
    updates
}

/// The updates of two rounds.
fn updates(method: Method, lambda: f64) -> Vec<LocalUpdate> {
    let mut federation = federation(method, lambda);
    [round(&mut federation, 0), round(&mut federation, 1)].concat()
}

fn outcomes(federation: &Federation) -> Vec<Vec<Outcome>> {
    (0..CLIENTS).map(|client| federation.evaluation(client)().unwrap()).collect()
}

#[test]
fn every_method_is_found_by_its_name() {
    for method in Method::ALL {
        assert_eq!(Method::named(method.name()), Some(method));
    }
    assert_eq!(Method::named("fedprox"), None);
}

#[test]
fn gamma_weighs_two_exits_and_lambda_needs_an_average_to_mix_with() {
    let having = |has: fn(Method) -> bool| -> Vec<&str> {
        Method::ALL.into_iter().filter(|&method| has(method)).map(Method::name).collect()
    };
    assert_eq!(having(Method::has_gamma), ["splitgp", "multi-exit"]);
    assert_eq!(having(Method::has_lambda), ["splitgp", "personalized-fl"]);
    assert!(Method::ALL.into_iter().all(|method| method.averages() || !method.has_lambda()));
}

#[test]
fn multi_exit_is_splitgp_at_lambda_zero_to_the_bit() {
    assert!(updates(Method::MultiExit, 0.2) == updates(Method::SplitGp, 0.0));
    assert!(updates(Method::MultiExit, 0.2) != updates(Method::SplitGp, 0.2));
}

#[test]
fn fedavg_is_personalized_fl_at_lambda_zero_to_the_bit() {
    assert!(updates(Method::FedAvg, 0.2) == updates(Method::PersonalizedFl, 0.0));
    assert!(updates(Method::FedAvg, 0.2) != updates(Method::PersonalizedFl, 0.2));
}

#[test]
fn local_is_personalized_fl_at_lambda_one_to_the_bit() {
    assert!(updates(Method::Local, 0.2) == updates(Method::PersonalizedFl, 1.0));
}

#[test]
fn splitfed_learns_what_fedavg_learns_since_it_only_computes_elsewhere() {
    assert!(updates(Method::SplitFed, 0.2) == updates(Method::FedAvg, 0.2));
}

#[test]
fn all_methods_begin_with_the_same_weights() {
    let first = |method| federation(method, 0.2).local_round(0, 0)().unwrap();
    let splitgp = first(Method::SplitGp);
    for method in Method::ALL {
        let layout = method.layout();
        let update = first(method);
        let values = |weights: &Weights| weights.values().count();
        assert_eq!(values(&update.phi), values(&splitgp.phi), "{}", method.name());
        assert_eq!(update.kappa.is_some(), layout.has_client_exit(), "{}", method.name());
        assert_eq!(update.client_loss.is_some(), layout.has_client_exit(), "{}", method.name());
        // Before the first aggregation only the loss of the first batch tells initialisations apart.
        let answers = |method| -> Vec<Option<u8>> {
            let outcomes = federation(method, 0.2).evaluation(0)().unwrap();
            outcomes.iter().map(Outcome::whole).collect()
        };
        assert_eq!(answers(method), answers(Method::SplitGp), "{}", method.name());
    }
}

#[test]
fn outcomes_have_what_the_method_has() {
    for method in Method::ALL {
        let of = |outcome: &Outcome| {
            (outcome.client.is_some(), outcome.server.is_some(), outcome.full.is_some())
        };
        let expected = match method.layout() {
            Layout::TwoExits => (true, true, false),
            Layout::ServerExit => (false, true, false),
            Layout::Full => (false, false, true),
        };
        let outcomes = outcomes(&federation(method, 0.2)).concat();
        assert!(outcomes.iter().all(|outcome| of(outcome) == expected), "{}", method.name());
    }
}
