//! Training when transfers are given up.

use crate::common::run_on;
use splitgp_sim::experiment::{Experiment, RunSettings};
use splitgp_sim::scenario;

fn scenario_with(access: &str, retries: u32) -> String {
    format!(
        "name: lost-rounds
seed: 2
model: {{ preset: digits-cnn }}
data: {{ source: digits }}
fleet:
  - {{ name: near, count: 1, device: raspberry-pi-4b, access: lan-1g }}
  - {{ name: far, count: 2, device: raspberry-pi-4b, access: {access} }}
server: {{ device: edge-gpu-rtx2080 }}
training:
  {{ rounds: 3, local_updates: 4, batch_size: 8, learning_rate: 0.05, gamma: 0.5, lambda: 0.2, retry_after: 1 s, retries: {retries} }}
evaluate: {{ ood: [0], entropy: [1.2] }}
"
    )
}

#[test]
fn a_transfer_is_resent_after_its_wait_and_then_given_up() {
    let access = "{ up: 1 Gbit/s, down: 1 Gbit/s, delay: 1 ms, loss: 99.9999%, retries: 0 }";
    let loaded = scenario::parse(&scenario_with(access, 2), "test.yaml").unwrap();
    let error = Experiment::prepare(loaded.scenario).unwrap().run(RunSettings::default());
    // A download of 39,720 B takes 317,760 ns. Three lost ones with two waits of 1 s end a round
    // after 2,000,953,280 ns; the near client is done by then. Aggregating its models and mixing
    // three takes ⌈(2·45,524 + 3·3·9,930) FLOP / 1.7 TFLOP/s⌉ = ⌈106.13⌉ = 107 ns. After three
    // rounds the final downloads are lost alike: 3·(2,000,953,280 + 107) + 2,000,953,280 ns.
    assert_eq!(
        error.unwrap_err().to_string(),
        "actor server at 8.003813441 s: the final models could not be delivered to far/0 in 3 \
         attempts",
        "rounds go on without the far clients; without its final models a client cannot answer"
    );
}

#[test]
fn a_client_that_fails_a_round_is_left_out_of_it_and_comes_back() {
    let access = "{ up: 20 Mbit/s, down: 20 Mbit/s, delay: 1 ms, loss: 15%, retries: 0 }";
    let training = run_on(&scenario_with(access, 1), 1).training.unwrap();
    let arrived: Vec<u32> = training.rounds.iter().map(|round| round.record.arrived).collect();
    assert_eq!(arrived.len(), 3);
    assert!(arrived.iter().any(|&n| n < 3), "{arrived:?}: this seed is meant to lose a round");
    assert!(arrived.iter().all(|&n| n >= 1), "{arrived:?}: the near client always arrives");
}

#[test]
fn a_lost_round_gives_the_same_result_on_any_number_of_threads() {
    let access = "{ up: 20 Mbit/s, down: 20 Mbit/s, delay: 1 ms, loss: 15%, retries: 0 }";
    let outcome = |threads| {
        let result = run_on(&scenario_with(access, 1), threads);
        let training = result.training.unwrap();
        let losses: Vec<_> =
            training.rounds.iter().map(|round| (round.client_loss, round.server_loss)).collect();
        (result.fingerprint, losses, format!("{:?}", training.evaluations))
    };
    let one = outcome(1);
    for threads in [2, 3, 2, 3] {
        assert!(outcome(threads) == one, "{threads} threads against 1");
    }
}
