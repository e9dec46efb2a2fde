//! One θ for all clients, so that the clock decides what is learned.

use super::{counts, federation, learned, times, two_clients};
use crate::common::run_on;
use splitgp_sim::learning::RoundStart;

const SHARED: &str = ", server_model: shared";

#[test]
fn theta_moves_in_the_order_in_which_mini_batches_are_served() {
    let training = run_on(&two_clients(1, SHARED, ""), 1).training.unwrap();
    let models = federation();
    let starts: Vec<RoundStart> = (0..2).map(|client| models.start(client, 0)).collect();
    // Smashed data arrive from fast at 52.5, 123.8 and 195.2 ms, from slow at 62.2, 163.2 and 264.3 ms.
    let update = models.shared_round(starts, vec![0, 1, 0, 1, 0, 1])().unwrap();
    let [fast, slow] = update.clients.as_slice() else { panic!("two clients") };
    let mean = |a: f64, b: f64| Some((a + b) / 2.0);
    let round = &training.rounds[0];
    assert_eq!(round.client_loss, mean(fast.client_loss.unwrap(), slow.client_loss.unwrap()));
    assert_eq!(round.server_loss, mean(fast.theta_loss, slow.theta_loss));
    let other: Vec<RoundStart> = (0..2).map(|client| models.start(client, 0)).collect();
    let other = models.shared_round(other, vec![1, 0, 1, 0, 1, 0])().unwrap();
    assert_ne!(update.theta, other.theta, "another order is another θ");
}

#[test]
fn a_common_theta_is_not_averaged_and_costs_no_aggregation() {
    let training = run_on(&two_clients(1, SHARED, ""), 1).training.unwrap();
    // ⌈(2·2·9,930 + 3·2·9,930) FLOP / 100 GFLOP/s⌉ = 993: φ and κ alone
    assert_eq!(times(&training), [(0, super::SLOW + 993)]);
}

#[test]
fn mini_batches_of_a_client_that_fails_later_have_moved_theta() {
    // Slow fails at 100 ms, after its first mini-batch was served at 62.2 ms.
    let failing = ", availability: { up: 100 ms, down: 10 s }";
    let training = run_on(&two_clients(2, SHARED, failing), 1).training.unwrap();
    assert_eq!(counts(&training), [(2, 1), (1, 1)]);
    let mut models = federation();
    let starts: Vec<RoundStart> = (0..2).map(|client| models.start(client, 0)).collect();
    let mut update = models.shared_round(starts, vec![0, 1, 0, 0])().unwrap();
    update.clients.truncate(1);
    assert_eq!(training.rounds[0].server_loss, Some(update.clients[0].theta_loss));
    models.aggregate_shared(update.theta, update.clients);
    let next = models.shared_round(vec![models.start(0, 1)], vec![0; 3])().unwrap();
    assert_eq!(training.rounds[1].server_loss, Some(next.clients[0].theta_loss));
}

#[test]
fn a_round_without_an_update_moves_theta_all_the_same() {
    // By 70 ms both clients' first mini-batches were served, and nobody is done.
    let training = run_on(&two_clients(2, ", server_model: shared, deadline: 70 ms", ""), 1);
    let training = training.training.unwrap();
    assert_eq!(counts(&training), [(2, 0), (2, 0)]);
    let untrained = run_on(&two_clients(2, ", deadline: 70 ms", ""), 1).training.unwrap();
    assert_ne!(
        format!("{:?}", training.evaluations),
        format!("{:?}", untrained.evaluations),
        "only the server exit has learned"
    );
}

#[test]
fn two_networks_learn_differently_with_one_theta_and_alike_with_a_copy_for_each_client() {
    let on = |slow_uplink: &str, keys: &str| {
        let yaml = two_clients(2, keys, "").replacen("up: 8 Mbit/s", slow_uplink, 1);
        learned(&run_on(&yaml, 1).training.unwrap())
    };
    assert_ne!(on("up: 8 Mbit/s", SHARED), on("up: 1 Mbit/s", SHARED));
    assert_eq!(on("up: 8 Mbit/s", ""), on("up: 1 Mbit/s", ""));
}

#[test]
fn threads_change_no_bit() {
    let run = |threads| {
        let result = run_on(&two_clients(2, SHARED, ""), threads);
        (result.fingerprint, learned(&result.training.unwrap()))
    };
    assert_eq!(run(1), run(2));
}
