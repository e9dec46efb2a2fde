//! Where to cut: closed forms, bounds and simulated points agree on real cuts.

use splitgp_sim::experiment::{Bounds, BoundsSettings, bounds, regimes};
use splitgp_sim::scenario::{Scenario, parse};
use splitgp_sim::theory::split::Fastest;
use std::num::NonZeroUsize;

fn scenario(preset: &str, cut: &str, offload: f64) -> Scenario {
    let yaml = format!(
        "name: cuts
model: {{ preset: {preset}, cut: {cut} }}
fleet:
  - {{ name: pi, count: 3, device: raspberry-pi-4b, access: {{ up: 100 Mbit/s, down: 100 Mbit/s, delay: 2 ms }} }}
  - {{ name: slow, count: 2, device: {{ rate: 2 GFLOP/s, memory: 1 MB }}, access: {{ up: 10 Mbit/s, down: 10 Mbit/s, delay: 10 ms }} }}
server: {{ device: edge-gpu-rtx2080 }}
inference:
  arrivals: {{ poisson: 1 /s }}
  duration: 10 s
  outcomes: {{ client_accuracy: 0.9, server_accuracy: 0.9, offload: {offload} }}
"
    );
    parse(&yaml, "test.yaml").unwrap_or_else(|errors| panic!("{errors}")).scenario
}

fn settings() -> BoundsSettings {
    BoundsSettings { train_cuts: false, threads: NonZeroUsize::MIN, store: None }
}

fn found(preset: &str, cut: &str, offload: f64) -> Bounds {
    bounds(&scenario(preset, cut, offload), &settings()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn at_every_real_cut_each_bounds_verdict_is_that_of_the_times_and_simulation_agrees() {
    for (preset, cut) in [("digits-cnn", "conv2"), ("paper-cnn", "conv4")] {
        for beta in [0.0, 0.01, 0.2, 0.7, 1.0] {
            for class in found(preset, cut, beta).classes {
                for at in &class.cuts {
                    let what = format!("{preset} at {}, {}, β = {beta}", at.cut, class.class);
                    let [client_only, server_only, splitgp] = at.seconds();
                    let by =
                        [at.split.bound_by_client_only(beta), at.split.bound_by_server_only(beta)];
                    let verdicts = by.map(|bound| at.alpha_flops < bound.unwrap());
                    assert_eq!(verdicts, [splitgp < client_only, splitgp < server_only], "{what}");
                    let Some(simulated) = at.simulated_seconds() else { continue };
                    for (closed, simulated) in at.seconds().into_iter().zip(simulated) {
                        // Sums of nanoseconds, as mean seconds.
                        let near = (closed - simulated).abs() < 1e-12;
                        assert!(near || simulated.is_infinite(), "{what}: {closed} {simulated}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_class_is_offered_only_cuts_that_fit_its_memory() {
    let found = found("paper-cnn", "conv2", 0.2);
    let slow = &found.classes[1];
    // 1 MB: φ of conv3 has 92,672 parameters and 31,360 adjacent activations, 0.5 MB; of conv4
    // 387,840, 1.7 MB
    let fitting: Vec<&str> =
        slow.cuts.iter().filter(|cut| cut.fits).map(|cut| cut.cut.as_str()).collect();
    assert_eq!(fitting, ["conv1", "conv2", "conv3"]);
    assert!(!slow.holds_full_model);
    assert!(slow.cuts.iter().all(|cut| slow.fastest(cut) != Some(Fastest::ClientOnly)));
    assert!(fitting.contains(&slow.fastest_cut().unwrap().cut.as_str()));
}

#[test]
fn who_compares_an_alternative_with_itself_is_told_what_is_missing() {
    let mut wrong = scenario("digits-cnn", "conv2", 0.2);
    wrong.inference.as_mut().unwrap().offload = splitgp_sim::scenario::OffloadSpec::ServerOnly;
    let message = bounds(&wrong, &settings()).unwrap_err().to_string();
    assert!(message.starts_with("inference.offload: is one of the ways"), "{message}");
    wrong.inference = None;
    let message = bounds(&wrong, &settings()).unwrap_err().to_string();
    assert!(message.starts_with("inference: is missing"), "{message}");
    let two_classes = scenario("digits-cnn", "conv2", 0.2);
    let message = regimes(&two_classes, &settings()).unwrap_err().to_string();
    assert!(message.contains("a single device class"), "{message}");
}

#[test]
fn a_map_of_regimes_has_the_closed_forms_winners_wherever_a_device_is_alone() {
    let mut scenario = scenario("digits-cnn", "conv2", 0.2);
    scenario.fleet.truncate(1);
    let map = regimes(&scenario, &settings()).unwrap();
    assert_eq!(map.cells.len(), map.uplinks.len() * map.devices.len());
    for cell in &map.cells {
        assert_eq!(cell.alone.fastest(), Fastest::of(cell.closed), "{cell:?}");
    }
}
