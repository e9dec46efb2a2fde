use super::*;
use crate::scenario::{self, Document};
use std::fs;
use std::path::Path;

fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    let loaded = Document::load(&path).and_then(|document| document.decode());
    assumptions(&loaded.unwrap().scenario).join("\n\n")
}

#[test]
fn the_quickstart_assumes_what_it_says() {
    insta::assert_snapshot!(shipped("quickstart.yaml"));
}

#[test]
fn every_shipped_scenario_has_whole_sentences() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut read = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let Ok(loaded) = scenario::load(&path) else { continue };
            let text = assumptions(&loaded.scenario).join("\n\n");
            for wrong in ["  ", "..", " .", " ,", "Some(", "None", "{"] {
                assert!(!text.contains(wrong), "{}: {wrong:?} in {text}", path.display());
            }
            assert!(text.ends_with('.'), "{}", path.display());
            read += 1;
        }
    }
    assert!(read > 20, "{read} scenarios read");
}

#[test]
fn what_a_scenario_has_is_not_said_to_be_left_out() {
    let noisy = shipped("noisy-devices.yaml");
    assert!(!noisy.contains("random variation of the devices"), "{noisy}");
    assert!(noisy.contains("a random factor on each service time"), "{noisy}");
    let unreliable = shipped("unreliable-devices.yaml");
    assert!(!unreliable.contains("failures of devices"), "{unreliable}");
    assert!(unreliable.contains("a device fails after a time"), "{unreliable}");
    let latency = shipped("latency-only.yaml");
    assert!(!latency.contains("**Model and training.**"), "{latency}");
    assert!(latency.contains("Nothing is computed on real samples"), "{latency}");
}
