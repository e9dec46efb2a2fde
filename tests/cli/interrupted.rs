//! Ctrl-C: a run ends with what is finished, and goes on from there.

#![cfg(unix)]

use crate::support::{LONG, Workplace, compare};
use std::fs;
use std::process::Command;

#[test]
fn an_interrupted_training_writes_what_is_finished_and_resumes_to_the_same_bytes() {
    let place = Workplace::new();
    place.put("long.yaml", LONG);
    let whole = place.run(&["run", "long.yaml", "--out", "whole", "--cache", "other"]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);

    let run = place.start(&["run", "long.yaml", "--out", "cut", "--checkpoint-every", "1"]);
    place.wait_for_checkpoint();
    let interrupt = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let output = run.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("--resume goes on from there"), "{stderr}");
    assert!(stderr.contains("interrupted"), "{stderr}");
    let summary = fs::read_to_string(place.path().join("cut/summary.json")).unwrap();
    assert!(summary.contains("\"interrupted\": true"), "{summary}");
    let rounds = fs::read_to_string(place.path().join("cut/rounds.csv")).unwrap();
    let all = fs::read_to_string(place.path().join("whole/rounds.csv")).unwrap();
    assert!(rounds.lines().count() > 1 && all.starts_with(&rounds), "{rounds}");

    let resumed = place.run(&["run", "long.yaml", "--out", "cut", "--resume"]);
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    compare(&place, "whole", "cut");
}
