//! What was learned is learned once: reused, resumed after a kill, never silently wrong.

use crate::support::{LONG, SMALL, Workplace, compare};
use splitgp_sim::learning::ArrayReader;
use std::fs;

#[test]
fn a_second_run_reuses_what_the_first_one_learned_byte_by_byte() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    let first = place.run(&["run", "small.yaml", "--out", "first"]);
    assert!(first.stdout.contains("Learned: trained in this run"), "{}", first.stdout);
    let second = place.run(&["run", "small.yaml", "--out", "second"]);
    assert!(second.stdout.contains("Learned: reused from out/.learned"), "{}", second.stdout);
    assert_eq!(second.stderr, "");
    compare(&place, "first", "second");
    let fresh = place.run(&["run", "small.yaml", "--out", "third", "--fresh"]);
    assert!(fresh.stdout.contains("Learned: trained in this run"), "{}", fresh.stdout);
    compare(&place, "first", "third");
}

#[test]
fn each_of_several_seeds_is_learned_once() {
    let place = Workplace::new();
    let seeds = SMALL.replace("lambda: 0.2", "lambda: 0.2, seeds: [4, 5]");
    place.put("seeds.yaml", seeds);
    let first = place.run(&["run", "seeds.yaml", "--out", "first"]);
    assert!(first.stdout.contains("clients and 2 seeds"), "{} {}", first.stdout, first.stderr);
    let second = place.run(&["run", "seeds.yaml", "--out", "second"]);
    assert!(second.stdout.contains("Learned: reused"), "{}", second.stdout);
    compare(&place, "first", "second");
    let trainings = fs::read_dir(place.path().join("out/.learned")).unwrap().count();
    assert_eq!(trainings, 2, "one for each seed");
}

#[test]
fn another_network_and_other_traffic_reuse_what_was_learned_and_another_seed_does_not() {
    let place = Workplace::new();
    let slow = SMALL.replace("wifi-home", "wifi-classic").replace("poisson: 2 /s", "poisson: 3 /s");
    place.put("small.yaml", SMALL).put("slow.yaml", slow);
    place.run(&["run", "small.yaml"]);
    let other = place.run(&["run", "slow.yaml"]);
    assert!(other.stdout.contains("Learned: reused"), "{} {}", other.stdout, other.stderr);
    let seed = place.run(&["run", "small.yaml", "--seed", "9"]);
    assert!(seed.stdout.contains("Learned: trained"), "{}", seed.stdout);
}

#[test]
fn a_damaged_file_is_named_and_training_begins_anew() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL);
    place.run(&["run", "small.yaml", "--out", "first"]);
    for name in ["training.npz", "outcomes-1.npz"] {
        let path = place.entry().join(name);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let again = place.run(&["run", "small.yaml", "--out", "again"]);
        assert_eq!(again.code, 0, "{}", again.stderr);
        assert!(again.stderr.contains(name) && again.stderr.contains("anew"), "{}", again.stderr);
        assert!(again.stdout.contains("Learned: trained"), "{}", again.stdout);
        compare(&place, "first", "again");
    }
}

#[test]
fn a_killed_training_resumes_to_the_same_bytes() {
    let place = Workplace::new();
    place.put("long.yaml", LONG);
    let whole = place.run(&["run", "long.yaml", "--out", "whole", "--cache", "other"]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);

    let mut run = place.start(&["run", "long.yaml", "--out", "resumed", "--checkpoint-every", "2"]);
    place.wait_for_checkpoint();
    run.kill().unwrap(); // SIGKILL on unix: nothing can be written any more
    run.wait().unwrap();
    assert!(!place.entry().join("training.npz").exists(), "it was killed before its end");

    let resumed = place.run(&["run", "long.yaml", "--out", "resumed", "--resume"]);
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    assert!(resumed.stderr.contains("training goes on after round"), "{}", resumed.stderr);
    assert!(resumed.stdout.contains("Learned: resumed after round"), "{}", resumed.stdout);
    compare(&place, "whole", "resumed");
    let left = fs::read_dir(place.entry()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<String> = left.map(|name| name.into_string().unwrap()).collect();
    assert!(!left.iter().any(|name| name.starts_with("checkpoint")), "{left:?}");
}

#[test]
fn a_damaged_checkpoint_is_named_and_training_begins_anew() {
    let place = Workplace::new();
    place.put("long.yaml", LONG);
    let mut run = place.start(&["run", "long.yaml", "--out", "whole", "--checkpoint-every", "1"]);
    let checkpoint = place.wait_for_checkpoint();
    run.kill().unwrap();
    run.wait().unwrap();
    // Later ones may have replaced it before the kill.
    let entries = fs::read_dir(checkpoint.parent().unwrap()).unwrap().map(|e| e.unwrap().path());
    let is_checkpoint = |path: &std::path::PathBuf| path.to_string_lossy().contains("/checkpoint-");
    for path in entries.filter(is_checkpoint) {
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 30]).unwrap();
    }
    let unasked = place.run(&["run", "long.yaml", "--out", "a", "--resume"]);
    assert_eq!(unasked.code, 0, "{}", unasked.stderr);
    assert!(unasked.stderr.contains("cannot be used"), "{}", unasked.stderr);
    assert!(unasked.stdout.contains("Learned: trained"), "{}", unasked.stdout);
}

#[test]
fn a_diverging_loss_names_client_and_round_and_keeps_the_last_good_models() {
    let place = Workplace::new();
    let wild = "\
name: wild
model: { preset: digits-cnn, cut: conv2 }
data: { source: digits }
fleet:
  - { name: pi, count: 5, device: raspberry-pi-4b, access: wifi-home }
server: { device: edge-gpu-rtx2080 }
training: { rounds: 12, local_updates: 1, batch_size: 8, learning_rate: 150, gamma: 0, lambda: 0.2 }
";
    let outcome =
        place.put("wild.yaml", wild).run(&["run", "wild.yaml", "--checkpoint-every", "1"]);
    assert_eq!(outcome.code, 3, "{}", outcome.stdout);
    let message = &outcome.stderr;
    assert!(message.contains("pi/0, round 3, step 0:"), "{message}");
    assert!(message.contains("not finite"), "{message}");
    assert!(!message.contains("--resume"), "it would fail again: {message}");
    // Rounds 0 to 2 were trained; from the models after these three none was.
    assert!(message.contains("the models after 2 rounds, the last from"), "{message}");
    let files = fs::read_dir(place.entry()).unwrap().map(|entry| entry.unwrap().file_name());
    let kept: Vec<String> = files
        .map(|name| name.into_string().unwrap())
        .filter(|name| name.starts_with("checkpoint"))
        .collect();
    assert_eq!(kept, ["checkpoint-2.npz"]);
    let file = fs::File::open(place.entry().join(&kept[0])).unwrap();
    let mut arrays = ArrayReader::open(file).unwrap();
    for part in ["mean-phi", "mean-theta", "phi-0"] {
        let values: Vec<f32> = arrays.required(part).unwrap();
        assert!(!values.is_empty() && values.iter().all(|value| value.is_finite()), "{part}");
    }
}

#[test]
fn a_store_that_cannot_be_written_is_told_and_nothing_is_said_to_be_kept() {
    let place = Workplace::new();
    place.put("small.yaml", SMALL).put("store", "a file where a folder should be");
    let outcome = place.run(&["run", "small.yaml", "--cache", "store"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("cannot be kept").count(), 1, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("Learned: trained in this run\n"), "{}", outcome.stdout);
}
