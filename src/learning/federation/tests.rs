//! Rounds of several clients.

use super::*;
use crate::cost::{Layer, LayerKind, ModelPreset, Precision};
use crate::learning::{ClientExit, LearningRate, LocalWork, Partition, Sgd, accuracy};

fn config() -> LearningConfig {
    LearningConfig {
        method: Method::SplitGp,
        model: SplitModel::preset(ModelPreset::DigitsCnn, "conv2").unwrap(),
        partition: Partition::Shards { per_client: 2 },
        clients: (0..4).map(|k| format!("pi/{k}")).collect(),
        main_share: 0.1,
        batch_size: 16,
        local_work: LocalWork::Updates(3),
        sgd: Sgd::constant(0.05),
        gamma: 0.5,
        lambda: 0.2,
        evaluated: EvaluatedModels::Mixed,
        max_ood: 0.0,
        seed: 1,
    }
}

fn federation(config: LearningConfig) -> Federation {
    Federation::new(config, Arc::new(Dataset::digits())).unwrap()
}

fn bits(federation: &Federation) -> Vec<u32> {
    let models = (0..federation.config.client_count()).map(|client| federation.models(client));
    let bits = |weights: &Weights| weights.values().map(f32::to_bits).collect::<Vec<u32>>();
    let parts = |m: Models| [Some(m.theta), Some(m.phi), m.kappa].into_iter().flatten();
    models.flat_map(parts).flat_map(|part| bits(&part)).collect()
}

fn round(federation: &mut Federation, round: u32) -> Vec<LocalUpdate> {
    let updates: Vec<_> = (0..federation.config.client_count())
        .map(|client| federation.local_round(client, round)().unwrap())
        .collect();
    federation.aggregate(updates.clone());
    updates
}

/// The same with clients spread over two threads and handed in backwards.
fn round_on_two_threads(federation: &mut Federation, round: u32) {
    let train = |first: u32| {
        let clients = (first..federation.config.client_count()).step_by(2);
        let jobs: Vec<_> = clients.map(|client| federation.local_round(client, round)).collect();
        std::thread::spawn(|| {
            jobs.into_iter().map(|job| job().unwrap()).collect::<Vec<LocalUpdate>>()
        })
    };
    let threads = [train(0), train(1)];
    let mut updates: Vec<LocalUpdate> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    updates.reverse();
    federation.aggregate(updates);
}

#[test]
fn threads_and_the_order_of_arrival_change_no_bit() {
    let (mut serial, mut parallel) = (federation(config()), federation(config()));
    for number in 0..2 {
        round(&mut serial, number);
        round_on_two_threads(&mut parallel, number);
    }
    assert!(bits(&serial) == bits(&parallel));
    assert!(bits(&serial) != bits(&federation(config())));
    let other = federation(LearningConfig { seed: 2, ..config() });
    assert!(bits(&other) != bits(&federation(config())));
}

#[test]
fn a_few_rounds_learn_far_above_chance() {
    let config = LearningConfig { local_work: LocalWork::Updates(10), max_ood: 0.4, ..config() };
    let mut federation = federation(config);
    let loss = |updates: &[LocalUpdate]| -> f64 {
        updates.iter().map(|update| update.client_loss.unwrap() + update.theta_loss).sum()
    };
    let first = loss(&round(&mut federation, 0));
    let last = (1..6).map(|number| loss(&round(&mut federation, number))).last().unwrap();
    assert!(last < 0.7 * first, "loss {first} → {last}");
    let outcomes: Vec<Vec<Outcome>> =
        (0..4).map(|client| federation.evaluation(client)().unwrap()).collect();
    let point = &accuracy(&outcomes, &[0.4], &[])[0];
    // Chance is 0.1.
    assert!(point.client_exit.unwrap().mean > 0.6, "{point:?}");
    assert!(point.server_exit.unwrap().mean > 0.4, "{point:?}");
}

#[test]
fn theta_is_the_mean_by_samples_and_absent_clients_mix_what_they_had_when_they_return() {
    let mut federation = federation(config());
    let old = federation.models(3).phi;
    let updates: Vec<_> = [2, 0].map(|client| federation.local_round(client, 0)().unwrap()).into();
    federation.aggregate(updates.clone());
    let (n0, n2) = (federation.samples(0), federation.samples(2));
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small")]
    let share = |n: u64| (n as f64 / (n0 + n2) as f64) as f32;
    let [two, zero] = [&updates[0], &updates[1]];
    let theta = Weights::weighted_sum([(share(n0), &*zero.theta), (share(n2), &*two.theta)]);
    assert_eq!(*federation.models(1).theta, theta);
    let phi = Weights::weighted_sum([(share(n0), &zero.phi), (share(n2), &two.phi)]);
    assert_eq!(*federation.models(0).phi, zero.phi.mix(&phi, 0.2));
    assert_eq!(*federation.models(3).phi, old.mix(&phi, 0.2), "client 3 was absent");

    // Away for a second round, it mixes its own old φ with the newer mean once, not twice.
    let update = federation.local_round(0, 1)().unwrap();
    federation.aggregate(vec![update.clone()]);
    assert_eq!(*federation.models(3).phi, old.mix(&update.phi, 0.2), "absent twice");
}

#[test]
fn local_models_are_asked_as_the_last_update_left_them_with_the_common_theta() {
    for lambda in [0.0, 0.2] {
        let evaluated = EvaluatedModels::Local;
        let mut federation = federation(LearningConfig { evaluated, lambda, ..config() });
        let updates = round(&mut federation, 0);
        for update in &updates {
            let asked = federation.evaluated_models(update.client);
            assert_eq!((&*asked.phi, asked.kappa.as_deref()), (&update.phi, update.kappa.as_ref()));
            assert_eq!(asked.theta, federation.means.theta, "λ = {lambda}");
            let mixed = federation.models(update.client);
            assert_ne!(asked.phi, mixed.phi, "training goes on from the mix");
        }
    }
}

#[test]
fn local_models_of_a_client_whose_update_is_lost_are_those_of_the_last_one_that_was_not() {
    for (method, lambda) in [(Method::SplitGp, 0.0), (Method::SplitGp, 0.2), (Method::FedAvg, 0.2)]
    {
        let evaluated = EvaluatedModels::Local;
        let config = LearningConfig { method, evaluated, lambda, ..config() };
        let mut federation = federation(config);
        let last = round(&mut federation, 0).remove(3);
        let mut updates: Vec<_> =
            (0..4).map(|client| federation.local_round(client, 1)().unwrap()).collect();
        let lost = updates.pop().unwrap();
        federation.aggregate(updates);

        let asked = federation.evaluated_models(3);
        let name = method.name();
        assert_eq!(*asked.phi, last.phi, "{name}, λ = {lambda}: the client's φ of round 0");
        assert_eq!(asked.kappa.as_deref(), last.kappa.as_ref(), "{name}, λ = {lambda}");
        assert_ne!(*asked.phi, lost.phi, "the test must be able to fail");
        assert_ne!(asked.phi, federation.models(3).phi, "nor is it the mix with the means");
        let theta = if method.layout().is_split() {
            Arc::clone(&federation.means.theta)
        } else {
            Arc::clone(&last.theta)
        };
        assert_eq!(asked.theta, theta, "{name}, λ = {lambda}");
    }
}

#[test]
fn rounding_smashed_data_changes_what_is_learned_and_answered_but_only_a_little() {
    let losses = |precision| {
        let model = config().model.sending(precision);
        let mut federation = federation(LearningConfig { model, ..config() });
        let mut train = |number| -> f64 {
            round(&mut federation, number).iter().map(|update| update.theta_loss).sum()
        };
        (0..3).map(&mut train).last().unwrap()
    };
    let [single, half, eight] = Precision::ALL.map(losses);
    let unset = {
        let mut federation = federation(config());
        (0..3)
            .map(|number| -> f64 {
                round(&mut federation, number).iter().map(|update| update.theta_loss).sum()
            })
            .last()
            .unwrap()
    };
    assert_eq!(single.to_bits(), unset.to_bits(), "single precision is what is computed");
    for (name, loss) in [("float16", half), ("int8", eight)] {
        assert!(loss != single && (loss / single - 1.0).abs() < 0.05, "{name}: {loss}, {single}");
    }
}

#[test]
fn a_decaying_rate_changes_nothing_in_the_first_round_and_shortens_later_steps() {
    let trained = |sgd| {
        let mut federation = federation(LearningConfig { sgd, ..config() });
        [0, 1].map(|number| round(&mut federation, number).remove(0).phi)
    };
    let rate = LearningRate { initial: 0.05, inverse: 1.0 };
    let (constant, decayed) = (trained(Sgd::constant(0.05)), trained(Sgd { rate, momentum: 0.0 }));
    assert_eq!(constant[0], decayed[0], "η_0 is the initial rate");
    assert_ne!(constant[1], decayed[1], "η_1 is half of it");
    let momentum = trained(Sgd { momentum: 0.9, ..Sgd::constant(0.05) });
    assert_ne!(constant[0], momentum[0]);
}

#[test]
fn a_restored_federation_learns_on_bit_by_bit_whatever_the_method() {
    for method in Method::ALL {
        let config = || LearningConfig { method, ..config() };
        let mut first = federation(config());
        round(&mut first, 0);
        let between = first.state();
        // A client that has its models already is not mixed twice when the state is taken then.
        let _ = first.local_round(2, 1);
        let during = first.state();
        round(&mut first, 1);
        for state in [between, during] {
            let mut resumed = federation(config());
            resumed.restore(&state).unwrap();
            round(&mut resumed, 1);
            assert!(bits(&resumed) == bits(&first), "{method:?}");
        }
    }
}

#[test]
fn a_common_model_is_stored_once() {
    let mut common = federation(LearningConfig { method: Method::FedAvg, ..config() });
    round(&mut common, 0);
    assert!(common.state().weights.keys().eq(["mean-phi", "mean-theta"]));
    let mut own = federation(config());
    round(&mut own, 0);
    // φ̄, κ̄, θ̄ and four clients' φ, κ; θ is the server's.
    assert_eq!(own.state().weights.len(), 3 + 4 * 2);
}

#[test]
fn a_state_of_other_models_is_refused_and_changes_nothing() {
    let mut federation = federation(config());
    round(&mut federation, 0);
    let before = bits(&federation);
    let mut state = federation.state();
    state.weights.get_mut("kappa-1").unwrap().pop();
    let message = federation.restore(&state).unwrap_err().to_string();
    assert!(message.contains("`kappa-1`"), "{message}");
    assert_eq!(bits(&federation), before);
}

#[test]
fn a_round_without_arrivals_changes_nothing() {
    let mut federation = federation(config());
    let before = bits(&federation);
    federation.aggregate(Vec::new());
    assert_eq!(bits(&federation), before);
}

#[test]
fn lambda_zero_gives_all_clients_one_model_and_lambda_one_their_own() {
    let mut common = federation(LearningConfig { lambda: 0.0, ..config() });
    round(&mut common, 0);
    assert_eq!(common.models(0).phi, common.models(1).phi);
    let mut own = federation(LearningConfig { lambda: 1.0, ..config() });
    let updates = round(&mut own, 0);
    assert_eq!(own.models(1).kappa.as_deref(), updates[1].kappa.as_ref());
}

#[test]
fn a_batch_is_no_larger_than_what_the_client_holds() {
    let federation = federation(LearningConfig { batch_size: 10_000, ..config() });
    assert_eq!(u64::from(federation.batch(0)), federation.samples(0));
    let update = federation.local_round(0, 0)().unwrap();
    assert!(update.theta_loss > 0.0);
}

#[test]
fn outcomes_list_the_main_samples_first_and_then_those_at_the_largest_rho() {
    let federation = federation(LearningConfig { max_ood: 0.5, ..config() });
    let outcomes = federation.evaluation(1)().unwrap();
    let tests = federation.test_set(1);
    let samples: Vec<u32> = outcomes.iter().map(|outcome| outcome.sample).collect();
    assert!(tests.samples().eq(samples));
    assert_eq!(outcomes.iter().filter(|o| o.main).count(), tests.main().len());
    let exits: Vec<ClientExit> = outcomes.iter().map(|o| o.client.unwrap()).collect();
    assert!(exits.iter().all(|exit| (0.0..=10.0_f64.ln()).contains(&exit.entropy)));
    assert!(exits.iter().all(|exit| exit.top1 >= exit.top2 && exit.top1 >= 0.1));
}

#[test]
fn divergence_names_client_round_and_exit() {
    let federation = federation(LearningConfig { sgd: Sgd::constant(1e30), ..config() });
    let message = federation.local_round(2, 7)().unwrap_err().to_string();
    assert!(message.starts_with("pi/2, round 7, step 1: the server exit's"), "{message}");
}

#[test]
fn divergence_in_the_last_step_of_a_round_is_seen_though_no_loss_follows() {
    let (sgd, local_work) = (Sgd::constant(1e300), LocalWork::Updates(1));
    let federation = federation(LearningConfig { sgd, local_work, ..config() });
    let message = federation.local_round(2, 7)().unwrap_err().to_string();
    assert!(message.starts_with("pi/2, round 7: the models are not finite"), "{message}");
}

#[test]
fn a_client_that_the_partition_leaves_without_samples_is_named_with_the_seed() {
    let partition = Partition::Dirichlet { alpha: 1e-6 };
    let clients = (0..20).map(|k| format!("pi/{k}")).collect();
    let config = LearningConfig { partition, clients, ..config() };
    let message = Federation::new(config, Arc::new(Dataset::digits())).unwrap_err().to_string();
    // Ten classes go to one client each: at most ten of twenty clients have samples.
    assert!(message.starts_with("pi/"), "{message}");
    assert!(
        message.ends_with(
            "left it no training sample under seed 1; choose a larger `alpha`, another seed \
             or fewer clients"
        ),
        "{message}"
    );
}

#[test]
fn batches_of_one_sample_are_refused_where_a_batch_norm_sees_a_single_value() {
    let with_norm = |batch_size, per_client| {
        let mut model = config().model;
        let norm = |input| Layer::new("bn", LayerKind::BatchNorm, false, input);
        model.theta.push(norm(model.theta.last().unwrap().output));
        let clients = (0..per_client).map(|k| format!("pi/{k}")).collect();
        let partition = Partition::Iid;
        let config = LearningConfig { model, batch_size, clients, partition, ..config() };
        Federation::new(config, Arc::new(Dataset::digits()))
    };
    let federation = with_norm(2, 4).unwrap();
    assert!(federation.local_round(0, 0)().unwrap().theta_loss > 0.0);
    assert!(federation.gradient_norm(0)().unwrap() > 0.0);
    let message = with_norm(1, 4).unwrap_err().to_string();
    let expected = "pi/0: its mini-batches have one sample, and batch norm `bn` sees one value";
    assert!(message.starts_with(expected), "{message}");
    // As many clients as samples: n_k = 1.
    let samples = Dataset::digits().train.labels.len();
    let message = with_norm(16, samples).unwrap_err().to_string();
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn a_fleet_whose_models_fit_into_no_memory_is_refused() {
    let clients = (0..300_000).map(|k| format!("pi/{k}")).collect();
    let config = LearningConfig { clients, ..config() };
    // (160 + 4,640) + 5,130 + (18,496 + 16,448 + 650) = 45,524 parameters
    let wanted = 300_000 * 45_524_u64;
    assert!(wanted < 1 << 34, "digits-cnn fits");
    assert_eq!(footprint::check(&config, 16), Ok(()));
    let model = SplitModel::preset(ModelPreset::PaperCnn, "conv4").unwrap();
    let error = footprint::check(&LearningConfig { model, ..config }, 16).unwrap_err();
    assert!(
        error.to_string().starts_with("training would hold 1167366000000 parameters of all"),
        "300,000 · 3,891,220: {error}"
    );
}

#[test]
fn a_model_for_other_images_is_refused() {
    let model = SplitModel::preset(ModelPreset::PaperCnn, "conv4").unwrap();
    let config = LearningConfig { model, ..config() };
    let error = Federation::new(config, Arc::new(Dataset::digits())).unwrap_err();
    assert!(error.to_string().contains("takes 1×28×28"), "{error}");
}
