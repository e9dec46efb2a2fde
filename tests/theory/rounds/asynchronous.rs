//! Updates that are aggregated as they arrive.

use super::{DOWN, FAST, SLOW, counts, federation, learned, times, two_clients};
use crate::common::run_on;
use splitgp_sim::learning::{LocalUpdate, accuracy};

const ASYNCHRONOUS: &str =
    ", aggregation: { asynchronous: { mixing: 0.6, staleness: { polynomial: 0.5 } } }";

/// One update and one mix: ⌈(2·45,524 + 3·9,930) FLOP / 100 GFLOP/s⌉ = ⌈1,208.38⌉ ns.
const MERGE: u64 = 1_209;

#[test]
fn each_client_goes_through_its_rounds_without_waiting() {
    let training = run_on(&two_clients(2, ASYNCHRONOUS, ""), 1).training.unwrap();
    let (first, last) = (SLOW + MERGE, 2 * (SLOW + MERGE));
    assert_eq!(
        times(&training),
        [(0, first), (first, last)],
        "merged: fast at 263,701,526 and slow at 352,824,530 ns, the first two; fast again at \
         527,403,052 and slow at 705,649,060 ns"
    );
    assert!(2 * (FAST + MERGE) > first && 2 * (FAST + MERGE) < last, "in this order");
    assert_eq!(counts(&training), [(2, 2), (2, 2)]);
    assert_eq!(training.time.as_nanos(), last + DOWN, "then everybody gets the final models");
    let round = 2 * (3 * (4 * 512 * 16 + 16) + 4 * 9_930);
    assert_eq!(training.bytes_up, 2 * round, "two updates of each client");
}

#[test]
fn order_staleness_weights_and_models_are_those_worked_out_by_hand() {
    let training = run_on(&two_clients(2, ASYNCHRONOUS, ""), 1).training.unwrap();
    let mut models = federation();
    let stale = 0.6 * 2.0_f64.powf(-0.5);
    // What each update is made from is what its client was sent.
    let fast = models.start(0, 0).train()().unwrap();
    let slow = models.start(1, 0).train()().unwrap();
    models.merge(fast.clone(), 0.6); // nobody else's came in between: 0.6 · (1 + 0)^−0.5
    let fast_again = models.start(0, 1).train()().unwrap();
    models.merge(slow.clone(), stale); // the fast one's did: 0.6 · (1 + 1)^−0.5
    let slow_again = models.start(1, 1).train()().unwrap();
    models.merge(fast_again.clone(), stale); // the slow one's did
    models.merge(slow_again.clone(), stale); // the fast one's did

    let mean = |a: f64, b: f64| (a + b) / 2.0;
    let losses = |a: &LocalUpdate, b: &LocalUpdate| {
        let client = mean(a.client_loss.unwrap(), b.client_loss.unwrap());
        (Some(client), Some(mean(a.theta_loss, b.theta_loss)))
    };
    let reported: Vec<_> =
        training.rounds.iter().map(|round| (round.client_loss, round.server_loss)).collect();
    assert_eq!(reported, [losses(&fast, &slow), losses(&fast_again, &slow_again)]);
    let outcomes: Vec<_> = (0..2).map(|client| models.evaluation(client)().unwrap()).collect();
    let last = training.evaluations.last().unwrap();
    assert_eq!(last.points, accuracy(&outcomes, &[0.0], &[1.2]));
}

#[test]
fn a_stale_update_weighs_less() {
    let constant = ASYNCHRONOUS.replace("{ polynomial: 0.5 }", "constant");
    let hinge = ASYNCHRONOUS.replace("{ polynomial: 0.5 }", "{ hinge: { after: 1, slope: 10 } }");
    let [polynomial, constant, hinge] = [ASYNCHRONOUS, &constant, &hinge]
        .map(|keys| learned(&run_on(&two_clients(2, keys, ""), 1).training.unwrap()));
    assert_ne!(polynomial, constant);
    assert_eq!(hinge, constant, "no staleness exceeds 1 here");
}

#[test]
fn a_client_that_fails_loses_a_round_and_the_others_go_on() {
    // Slow is down from 300 ms to 1 s, in its first round, and again from 1.3 s on: it loses both of
    // its rounds. Fast is done at 527.4 ms.
    let failing = ", availability: { up: 300 ms, down: 700 ms }";
    let training = run_on(&two_clients(2, ASYNCHRONOUS, failing), 1).training.unwrap();
    assert_eq!(
        times(&training),
        [(0, 300_000_000), (300_000_000, 1_300_000_000)],
        "fast merged and slow lost; fast merged and slow lost"
    );
    assert_eq!(counts(&training), [(2, 1), (2, 1)]);
    assert_eq!(training.time.as_nanos(), 2_000_000_000 + DOWN, "back at 2 s for the final models");
}

#[test]
fn threads_change_no_bit() {
    let run = |threads| {
        let result = run_on(&two_clients(3, ASYNCHRONOUS, ""), threads);
        (result.fingerprint, learned(&result.training.unwrap()))
    };
    let alone = run(1);
    for threads in [2, 3] {
        assert_eq!(run(threads), alone, "{threads} threads against 1");
    }
}
