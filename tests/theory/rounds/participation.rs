//! A share of the clients takes part in each round.

use super::{FAST, counts, scenario, times};
use crate::common::run_on;
use splitgp_sim::actors::Participation;
use splitgp_sim::random::Streams;

const FOUR: &str =
    "[{ name: device, count: 4, device: { rate: 1 GFLOP/s, memory: 1 GB }, ACCESS }]";

#[test]
fn the_drawn_clients_train_and_the_others_do_and_send_nothing() {
    let result = run_on(&scenario(FOUR, 3, ", participation: 0.5"), 1);
    let training = result.training.as_ref().unwrap();
    assert_eq!(counts(training), [(2, 2); 3], "⌈0.5 · 4⌉");

    let stream = Streams::new(1, 0).stream("server", "participation");
    let mut draws = Participation::new(0.5, 4, stream).unwrap();
    let mut services = [0; 4];
    for _ in 0..3 {
        for (client, drawn) in draws.draw(4, |_| true).into_iter().enumerate() {
            services[client] += if drawn { 6 } else { 0 };
        }
    }
    for (client, expected) in services.into_iter().enumerate() {
        let name = format!("device/{client}");
        let station = result.stations.iter().find(|station| *station.name == *name).unwrap();
        assert_eq!(
            station.completed, expected,
            "{name}: six services in each round it is drawn for"
        );
    }
    assert!(services.iter().any(|&done| done != services[0]), "{services:?} tells them apart");

    let round = &training.rounds[0].record;
    assert_eq!(round.bytes_up, 2 * (3 * (4 * 512 * 16 + 16) + 4 * 9_930));
    assert_eq!(round.bytes_down, 2 * (4 * 9_930 + 3 * (4 * 512 * 16)));
    let final_models = 4 * 4 * 9_930;
    assert_eq!(training.bytes_down, 3 * round.bytes_down + final_models, "these go to everybody");
}

#[test]
fn only_the_next_participants_are_mixed() {
    let training = run_on(&scenario(FOUR, 2, ", participation: 0.5"), 1).training.unwrap();
    // Both mini-batches reach the server at once: one waits 300,171 ns there, once. Two updates and
    // two mixes: ⌈(2·2·45,524 + 3·2·9,930) FLOP / 100 GFLOP/s⌉ = ⌈2,416.76⌉; after the last round four
    // mixes: ⌈(182,096 + 3·4·9,930) / 100⌉ = ⌈3,012.56⌉.
    let (first, last) = (FAST + 300_171 + 2_417, FAST + 300_171 + 3_013);
    assert_eq!(times(&training), [(0, first), (first, first + last)]);
}

#[test]
fn everybody_takes_part_at_a_participation_of_one() {
    let all = run_on(&scenario(FOUR, 2, ", participation: 100%"), 1);
    assert_eq!(all.fingerprint, run_on(&scenario(FOUR, 2, ""), 1).fingerprint);
}

#[test]
fn replications_draw_the_same_participants() {
    let yaml = format!("{}replications: 3\n", scenario(FOUR, 3, ", participation: 0.5"));
    let result = run_on(&yaml, 2);
    let prints: Vec<u128> = result.replications.iter().map(|run| run.fingerprint).collect();
    assert_eq!(prints.len(), 3);
    assert!(prints.iter().all(|print| *print == prints[0]), "nothing else is drawn here");
}
