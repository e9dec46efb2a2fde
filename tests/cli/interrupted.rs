//! Ctrl-C: a run ends with what is finished, and goes on from there.

#![cfg(unix)]

use crate::support::{LONG, SMALL, Workplace, compare};
use std::fs;
use std::process::{Child, Command};

#[test]
fn an_interrupted_training_writes_what_is_finished_and_resumes_to_the_same_bytes() {
    let place = Workplace::new();
    place.put("long.yaml", LONG);
    let whole = place.run(&["run", "long.yaml", "--out", "whole", "--cache", "other"]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);

    let run = place.start(&["run", "long.yaml", "--out", "cut", "--checkpoint-every", "1"]);
    place.wait_for_checkpoint();
    let stderr = interrupt(run);
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

/// Asks `run` to stop, and returns what it complained about.
fn interrupt(run: Child) -> String {
    let status = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(status.success());
    let output = run.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    stderr
}

#[test]
fn between_two_checkpoints_what_is_learned_at_a_stop_is_kept_as_well() {
    let place = Workplace::new();
    place.put("long.yaml", LONG);
    let whole = place.run(&["run", "long.yaml", "--out", "whole", "--cache", "other"]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);

    // No checkpoint is due in so short a training.
    let stopped = place.run(&["run", "long.yaml", "--out", "cut", "--stop-after", "3"]);
    assert_eq!(stopped.code, 0, "{}", stopped.stderr);
    assert!(
        stopped.stderr.contains("the models after 3 of 30 rounds are kept"),
        "{}",
        stopped.stderr
    );
    assert!(!stopped.stdout.contains("kept in"), "{}", stopped.stdout);
    let run = place.start(&["run", "long.yaml", "--out", "cut", "--resume"]);
    place.wait_for("outcomes-5");
    let stderr = interrupt(run);
    assert!(stderr.contains("training goes on after round 3 of 30"), "{stderr}");
    let kept = stderr.split("the models after ").nth(1).expect("it says what is kept");
    let rounds: u32 = kept.split(' ').next().unwrap().parse().unwrap();
    assert!(rounds >= 5, "{rounds} rounds, of which five are evaluated");

    let resumed = place.run(&["run", "long.yaml", "--out", "cut", "--resume"]);
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    assert!(
        resumed.stdout.contains(&format!("resumed after round {rounds}")),
        "{}",
        resumed.stdout
    );
    compare(&place, "whole", "cut");
}

#[test]
fn a_stop_after_some_rounds_stops_every_method_there_known_or_not() {
    let place = Workplace::new();
    let methods = SMALL
        .replace("rounds: 1,", "rounds: 6, method: [multi-exit, local],")
        .replace(", lambda: 0.2", "");
    let (methods, _) = methods.split_once("inference:").unwrap();
    place.put("small.yaml", format!("{methods}evaluate: {{ every: 2 }}\n"));
    let stop = |out: &str, cache: &str| {
        let run = ["run", "small.yaml", "--stop-after", "2", "--out", out, "--cache", cache];
        let stopped = place.run(&run);
        assert_eq!(stopped.code, 0, "{}", stopped.stderr);
        assert!(stopped.stdout.contains("Accuracy after 2 rounds"), "{}", stopped.stdout);
        let table = fs::read_to_string(place.path().join(out).join("methods.csv")).unwrap();
        for method in ["multi-exit,2,", "local,2,"] {
            assert!(table.lines().any(|row| row.starts_with(method)), "{method} in {table}");
        }
        assert_eq!(table.lines().skip(1).filter(|row| !row.contains(",2,")).count(), 0, "{table}");
        (table, stopped.stderr)
    };
    let (anew, told) = stop("anew", "other");
    assert_eq!(
        told.matches("--resume").count(),
        1,
        "nothing of `local` is there to resume: {told}"
    );
    let whole = place.run(&["run", "small.yaml"]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    let (known, told) = stop("known", "out/.learned");
    assert_eq!(known, anew);
    assert!(!told.contains("--resume"), "both are finished: {told}");
}

#[test]
fn a_stop_after_some_rounds_stops_every_seed_there() {
    let place = Workplace::new();
    let seeds = SMALL.replace("rounds: 1,", "rounds: 4, seeds: [4, 5],");
    place.put("seeds.yaml", seeds.replace("inference:", "evaluate: { every: 1 }\ninference:"));
    let whole = place.run(&["run", "seeds.yaml", "--out", "whole", "--cache", "other"]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    let stopped = place.run(&["run", "seeds.yaml", "--out", "cut", "--stop-after", "2"]);
    assert_eq!(stopped.code, 0, "{}", stopped.stderr);
    let kept = stopped.stderr.matches("the models after 2 of 4 rounds are kept").count();
    assert_eq!(kept, 2, "one for each seed: {}", stopped.stderr);
    let resumed = place.run(&["run", "seeds.yaml", "--out", "cut", "--resume"]);
    assert_eq!(resumed.stderr.matches("training goes on after round 2 of 4").count(), 2);
    compare(&place, "whole", "cut");
}
