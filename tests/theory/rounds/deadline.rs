//! A round's deadline leaves stragglers out.

use super::{DOWN, FAST, SLOW, counts, learned, scenario, times, two_clients};
use crate::common::run_on;
use splitgp_sim::experiment::TrainingResult;

fn trained(yaml: &str) -> TrainingResult {
    run_on(yaml, 1).training.unwrap()
}

#[test]
fn a_round_ends_at_its_deadline_and_then_aggregates_who_arrived() {
    let training = trained(&two_clients(2, ", deadline: 300 ms", ""));
    // One update and two clients to mix: ⌈(2·45,524 + 3·2·9,930) FLOP / 100 GFLOP/s⌉ = ⌈1,506.28⌉
    let first = 300_000_000 + 1_507;
    assert_eq!(
        times(&training),
        [(0, first), (first, 2 * first)],
        "the fast client is there after 263.7 ms, the slow one would be after 352.8 ms: 300 ms and \
         1,507 ns of aggregation a round"
    );
    assert_eq!(counts(&training), [(2, 1), (2, 1)]);
    assert_eq!(training.time.as_nanos(), 2 * first + DOWN, "final models go to everybody");
}

#[test]
fn an_update_that_arrives_at_the_deadline_counts_and_a_nanosecond_later_does_not() {
    let lone = |deadline: u64| {
        let fleet = "[{ name: fast, count: 1, device: { rate: 1 GFLOP/s, memory: 1 GB }, ACCESS }]";
        trained(&scenario(fleet, 2, &format!(", deadline: {deadline} ns")))
    };
    let in_time = lone(FAST);
    // ⌈(2·45,524 + 3·9,930) FLOP / 100 GFLOP/s⌉ = ⌈1,208.38⌉
    assert_eq!(times(&in_time)[0], (0, FAST + 1_209), "263,700,317 ns and the aggregation");
    assert_eq!(counts(&in_time), [(1, 1), (1, 1)]);
    let late = lone(FAST - 1);
    assert_eq!(
        times(&late),
        [(0, FAST - 1), (FAST - 1, 2 * (FAST - 1))],
        "nobody arrived: nothing is aggregated, which takes no time, and the next round starts"
    );
    assert_eq!(counts(&late), [(1, 0), (1, 0)]);
    assert!(late.rounds.iter().all(|round| round.client_loss.is_none()));
}

#[test]
fn a_round_that_is_complete_before_its_deadline_does_not_wait_for_it() {
    let (with, without) =
        (run_on(&two_clients(2, ", deadline: 10 s", ""), 1), run_on(&two_clients(2, "", ""), 1));
    assert_eq!(with.fingerprint, without.fingerprint);
    let training = with.training.unwrap();
    // Two updates: ⌈(2·2·45,524 + 3·2·9,930) FLOP / 100 GFLOP/s⌉ = ⌈2,416.76⌉
    assert_eq!(times(&training)[0].1, SLOW + 2_417);
}

#[test]
fn what_is_learned_follows_what_arrived() {
    let slow = |rate: &str, deadline: &str| {
        trained(&two_clients(3, deadline, "").replace("0.5 GFLOP/s", rate))
    };
    // At 340 ms the update of a client at 0.5 GFLOP/s is on its way, and comes in the next round; one
    // at 0.1 GFLOP/s is in its second mini-batch. Both are too late, and learned nothing.
    let (half, tenth) =
        (slow("0.5 GFLOP/s", ", deadline: 340 ms"), slow("0.1 GFLOP/s", ", deadline: 340 ms"));
    assert_eq!(counts(&half), [(2, 1); 3]);
    assert_eq!(counts(&tenth), [(2, 1); 3]);
    assert_eq!(learned(&half), learned(&tenth));
    assert_ne!(learned(&half), learned(&slow("0.5 GFLOP/s", "")));
}

#[test]
fn a_late_device_works_on_until_newer_models_come() {
    let result = run_on(&two_clients(2, ", deadline: 300 ms", ""), 1);
    let station = |name: &str| {
        result.stations.iter().find(|station| &*station.name == name).unwrap().completed
    };
    assert_eq!(station("fast/0"), 12, "two rounds of three mini-batches, two services each");
    // In the first round its sixth service ends at 8.944 + 3 · 101.053107 − … = 312.103321 ms, when the
    // next models are there already (308.945507 ms): in vain, but done. The second round's begins
    // then; the final models are there at 2 · 300.001507 + 8.944 = 608.947014 ms: two mini-batches
    // until 514.209535 ms, and φ forward until 533.673727 ms; its gradient is back at 575.311498 ms
    // and what follows would take until 615.262642 ms.
    assert_eq!(station("slow/0"), 6 + 5);
}
