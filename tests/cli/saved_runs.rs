//! `plot` and `table`: what is made of runs that were saved.

use crate::support::{SMALL, Workplace};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A place where a small scenario was run into `one`, and with another seed into `two`.
fn two_runs() -> Workplace {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    for (out, seed) in [("one", "1"), ("two", "2")] {
        let outcome = place.run(&["run", "small.yaml", "--out", out, "--seed", seed]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    }
    place
}

/// The figures of a folder and their tables, by name.
fn figures(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let drawn: Vec<String> = names(folder).into_iter().filter(|n| n.ends_with(".svg")).collect();
    let files = drawn
        .iter()
        .flat_map(|name| ["svg", "png", "csv"].map(|extension| name.replace("svg", extension)));
    files.map(|name| (name.clone(), fs::read(folder.join(&name)).unwrap())).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn saved_runs_are_drawn_again_laid_over_one_another_and_tabulated() {
    let place = two_runs();
    let out = |name: &str| place.path().join(name);
    assert!(names(&out("one")).contains(&"assumptions.md".to_owned()));

    let outcome = place.run(&["plot", "one", "--out", "again"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let (before, after) = (figures(&out("one")), figures(&out("again")));
    assert!(before == after, "{:?} and {:?}", before.keys(), after.keys());
    assert!(before.contains_key("accuracy_over_clients.svg"), "{:?}", before.keys());
    assert!(before.contains_key("offloading.png"), "{:?}", before.keys());

    let arguments = ["plot", "one", "two", "--what", "accuracy_by_ood", "--out", "both"];
    let outcome = place.run(&arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(names(&out("both")).len(), 3);
    let svg = fs::read_to_string(out("both/accuracy_by_ood.svg")).unwrap();
    assert!(svg.contains("one\n") && svg.contains("two\n"), "a legend of both runs");

    let outcome = place.run(&["table", "one", "two", "--target", "1%", "--out", "tables"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    for text in ["client exit", "server exit", "one: scenario small, seed 1", "Written to tables"] {
        assert!(outcome.stdout.contains(text), "{text} in {}", outcome.stdout);
    }
    let latex = fs::read_to_string(out("tables/table-accuracy.tex")).unwrap();
    assert!(latex.contains("\\toprule") && latex.contains("% two: scenario small, seed 2"));
    assert!(out("tables/table-target.csv").is_file());
}

#[test]
fn what_is_no_run_or_damaged_is_named_with_exit_code_2() {
    let place = Workplace::new();
    fs::create_dir(place.path().join("empty")).unwrap();
    let complaints = |arguments: &[&str]| {
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        outcome.stderr
    };
    for command in ["plot", "table"] {
        assert!(complaints(&[command, "missing"]).contains("missing is no folder of a run"));
        assert!(complaints(&[command, "empty"]).contains("empty"));
    }
    let stderr = complaints(&["plot", "empty", "--what", "acuracy_by_ood"]);
    assert!(stderr.contains("did you mean `accuracy_by_ood`?"), "{stderr}");
    let stderr = complaints(&["plot", "empty", "empty", "--what", "round_timeline"]);
    assert!(stderr.contains("no figure that several runs can share"), "{stderr}");
    place.put("empty/latency_cdf.csv", "exit,latency_ms,share\nall,soon,1\n");
    let stderr = complaints(&["plot", "empty"]);
    assert!(stderr.contains("latency_cdf.csv cannot be read"), "{stderr}");
    place.put("empty/summary.json", "{");
    assert!(complaints(&["table", "empty"]).contains("summary.json cannot be read"));
    assert!(complaints(&["table", "empty", "--target", "120%"]).contains("is no share"));
}
