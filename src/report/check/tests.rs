//! Findings in every format.

use super::*;
use crate::study::check::{Drift, FirstDifference, RunChanges, ShownEvent};
use serde_json::{Value, json};

fn event(number: u64, time_ns: u64, size: u64) -> ShownEvent {
    ShownEvent {
        number,
        time_ns,
        source: "pi/0/up".to_owned(),
        target: "server".to_owned(),
        kind: "smashed data up".to_owned(),
        size,
    }
}

fn drift(key: &str, recorded: Value, now: Value) -> Drift {
    Drift { key: key.to_owned(), recorded, now }
}

fn changed() -> Finding {
    let run = RunChanges {
        run: "run".to_owned(),
        events: [1_234_567, 1_234_568],
        fingerprints: ["a".to_owned(), "b".to_owned()],
        ingredients: vec!["times", "draws"],
        first: Some(FirstDifference::Event {
            number: 1_234,
            before: vec![event(1_233, 1_000_000_000, 0)],
            expected: vec![event(1_234, 1_234_567_000, 57_600)],
            got: vec![event(1_234, 1_234_568_000, 57_600)],
        }),
        drifts: vec![
            drift("training.time_s", json!(6.0), json!(6.3)),
            drift("verdict.state", json!("stable"), json!("overloaded")),
        ],
    };
    Finding {
        scenario: "scenarios/a,b.yaml".into(),
        events: 1_234_568,
        outcome: CheckOutcome::Changed(Box::new(Changes {
            scenario: vec![drift("seed", json!("6"), json!("7"))],
            runs: vec![run],
            ..Changes::default()
        })),
        expectations: vec![Checked {
            path: "training.time".to_owned(),
            expected: "< 6.1 s".to_owned(),
            got: json!(6.3),
            unit: "s",
            met: false,
            missed_by: Some(0.2),
            line: 40,
        }],
    }
}

fn findings() -> Vec<Finding> {
    let finding = |name: &str, outcome| Finding {
        scenario: name.into(),
        events: 0,
        outcome,
        expectations: Vec::new(),
    };
    vec![
        finding("same.yaml", CheckOutcome::Same(Box::default())),
        changed(),
        finding("new.yaml", CheckOutcome::Unrecorded),
        finding("wrong.yaml", CheckOutcome::Invalid("100 % <wrong> & \u{1b}more".to_owned())),
    ]
}

#[test]
fn a_person_reads_what_changed_first_and_by_how_much() {
    insta::assert_snapshot!(check_text(&findings()));
}

#[test]
fn junit_is_valid_xml_whatever_the_text() {
    insta::assert_snapshot!(check_junit(&findings()));
}

#[test]
fn annotations_mark_the_lines_of_scenarios_and_stay_on_one_line() {
    insta::assert_snapshot!(check_annotations(&findings()));
}

#[test]
fn json_has_every_finding() {
    let parsed: Value = serde_json::from_str(&check_json(&findings())).unwrap();
    assert_eq!(parsed.as_array().unwrap().len(), 4);
    assert_eq!(parsed[1]["outcome"]["state"], "changed");
    assert_eq!(parsed[1]["outcome"]["details"]["runs"][0]["first"]["event"]["number"], 1_234);
    assert_eq!(parsed[1]["expectations"][0]["missed_by"], 0.2);
}

#[test]
fn the_worst_finding_decides_the_exit_code() {
    let codes: Vec<u8> = findings().iter().map(Finding::exit_code).collect();
    assert_eq!(codes, [0, 1, 0, 2]);
}
