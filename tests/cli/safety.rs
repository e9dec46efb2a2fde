//! What becomes of results where a disk is full, a folder is taken, or another scenario was run there.

use crate::support::{LONG, SMALL, Workplace};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Everything below `folder`.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let below = contents(&path).into_iter();
            found.extend(below.map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
            found.insert(name, Vec::new());
        } else {
            found.insert(name, fs::read(path).unwrap());
        }
    }
    found
}

/// Runs a shell line in which `$RUN` is the program; returns its exit code and complaints.
#[cfg(unix)]
fn shell(place: &Workplace, line: &str) -> (i32, String) {
    let output = std::process::Command::new("sh")
        .args(["-c", line])
        .env("RUN", assert_cmd::cargo::cargo_bin("splitgp-sim"))
        .current_dir(place.path())
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// Training that leaves more than fits where files may have 4 kB.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_the_earlier_results_whole_and_nothing_half_written() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    assert_eq!(place.run(&["run", "small.yaml", "--out", "out"]).code, 0);
    let before = contents(&place.path().join("out"));
    place.put("small.yaml", SMALL.replace("10 s", "20 s"));
    // In blocks of 512 bytes; whoever ignores the signal is told by an error, as on a full disk.
    for blocks in [0, 8, 40] {
        let line =
            format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$RUN\" run small.yaml --out out");
        let (code, complaint) = shell(&place, &line);
        // Where nothing can be written at all, the probe finds it before the run.
        let (expected, place_named) = if blocks == 0 { (2, "folder out") } else { (3, "out/") };
        assert_eq!(code, expected, "{complaint}");
        assert!(complaint.contains(place_named), "{complaint}");
        let after = contents(&place.path().join("out"));
        assert!(before.keys().eq(after.keys()), "{:?}", after.keys());
        assert!(before == after, "with {blocks} blocks an earlier file has changed");
    }
}

#[cfg(unix)]
#[test]
fn results_that_cannot_be_printed_fail_the_run() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    let (code, complaint) = shell(&place, "\"$RUN\" run small.yaml > /dev/full");
    assert_eq!(code, 3);
    assert!(complaint.contains("error: cannot print: No space left on device"), "{complaint}");
}

#[cfg(unix)]
#[test]
fn two_runs_into_one_folder_do_not_mix() {
    let place = Workplace::new();
    let endless = LONG.replace("rounds: 30", "rounds: 3000");
    place.put("long.yaml", endless).put("small.yaml", SMALL);
    let mut first = place.start(&["run", "long.yaml", "--out", "out/one"]);
    place.wait_for("inputs");
    for command in ["run", "bounds"] {
        let second = place.run(&[command, "small.yaml", "--out", "out/one"]);
        assert_eq!(second.code, 2, "{}", second.stderr);
        assert_eq!(
            second.stderr.trim_end(),
            "error: the output folder out/one is in use by another run; wait until it ends, or give \
             another folder with --out"
        );
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let after = place.run(&["run", "small.yaml", "--out", "out/one"]);
    assert_eq!(after.code, 0, "a process that ended, however it did, keeps no folder");
}

#[test]
fn figures_may_go_to_the_results_own_folder() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    let outcome = place.run(&["run", "small.yaml", "--out", "out", "--figures", "./out/"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

#[test]
fn results_of_another_scenario_are_replaced_and_named() {
    let place = Workplace::new();
    let methods = SMALL
        .replace("name: small", "name: methods")
        .replace("rounds: 1", "method: [splitgp, fedavg], rounds: 1");
    let methods = &methods[..methods.find("inference:").unwrap()];
    place.put("small.yaml", SMALL).put("methods.yaml", methods);
    let out = place.path().join("out");
    let run = |name: &str| {
        let outcome = place.run(&["run", name, "--out", "out"]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        outcome.stderr
    };
    assert_eq!(run("small.yaml"), "");
    fs::write(out.join("capacity.csv"), "of another command").unwrap();
    fs::write(out.join("notes.txt"), "the user's own").unwrap();
    assert_eq!(
        run("methods.yaml").lines().next(),
        Some(
            "note: out holds results of the scenario `small`, which are replaced; capacity.csv of \
             other commands stay, which may be about it, too"
        )
    );
    assert!(!out.join("summary.json").exists() && !out.join("latency_cdf.svg").exists());
    assert!(out.join("methods.csv").exists() && out.join("fedavg/summary.json").exists());
    run("small.yaml");
    assert!(!out.join("methods.csv").exists() && !out.join("fedavg").exists());
    assert!(out.join("summary.json").exists() && out.join("notes.txt").exists());
}
