//! What the quickstart is meant to show. Its bounds are wide: learned numbers may differ in their
//! last bits between CPU families.

use crate::common::run_on;
use splitgp_sim::experiment::AccuracyPoint;
use std::path::Path;

#[test]
fn the_client_exit_falls_the_server_exit_stays_and_offloading_keeps_the_better_of_both() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.yaml");
    let result = run_on(&std::fs::read_to_string(path).unwrap(), 2);
    let training = result.training.expect("the quickstart trains");
    assert_eq!(training.rounds.len(), 20);
    let points = &training.evaluations.last().expect("an evaluation of the final models").points;
    let at = |ood: f64| points.iter().find(|point| point.ood == ood).expect("an evaluated level");
    let client = |point: &AccuracyPoint| point.client_exit.unwrap().mean;
    let server = |point: &AccuracyPoint| point.server_exit.unwrap().mean;
    let (main, some, all) = (at(0.0), at(0.4), at(1.0));

    let (client_fall, server_fall) = (client(main) - client(all), server(main) - server(all));
    assert!(client_fall > 0.03, "the client exit falls with ρ: by {client_fall}");
    assert!(server_fall < client_fall - 0.01, "the server exit falls less: by {server_fall}");
    let selective = some.selective.iter().find(|s| s.threshold == 1.2).expect("E_th 1.2");
    let better = client(some).max(server(some));
    let kept = selective.accuracy.mean;
    assert!(kept > better - 0.01, "at ρ = 0.4 the selective answer keeps {kept} of {better}");
    assert!(selective.offloaded < 0.5, "while offloading {}", selective.offloaded);
    assert!(better > 0.9, "and the models have learned: {better}");

    let inference = result.inference.expect("the quickstart has traffic");
    assert_eq!(inference.completed, inference.requests);
    let accuracy = inference.accuracy.expect("requests were answered");
    // 1,100 answers: four standard errors of a share of 0.96 are 0.024.
    assert!((accuracy - kept).abs() < 0.03, "requests see what was evaluated: {accuracy}, {kept}");
}
