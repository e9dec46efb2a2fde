use super::*;
use crate::study::Estimate;
use crate::study::sweep::{CellPlan, CellValue};
use std::collections::BTreeMap;

/// Thresholds × fleet sizes; latency and accuracy fall with the threshold.
fn sample(thresholds: &[f64], counts: &[f64]) -> (SweepPlan, Vec<(usize, CellFigures)>) {
    let value =
        |number: f64| CellValue { text: number.to_string(), si: Some(number), unit: String::new() };
    let (mut cells, mut finished) = (Vec::new(), Vec::new());
    for &count in counts {
        for &threshold in thresholds {
            let latency = 0.1 * count / (1.0 + threshold);
            let estimate = |value| Estimate { value, ci95: Some(value / 50.0) };
            let figures = CellFigures {
                accuracy: Some(estimate(0.95 - 0.05 * threshold)),
                latency: Some([1.0, 0.9, 2.0, 3.0, 4.0].map(|factor| estimate(factor * latency))),
                ..CellFigures::default()
            };
            finished.push((cells.len(), figures));
            cells.push(CellPlan {
                key: String::new(),
                values: vec![value(count), value(threshold)],
            });
        }
    }
    let axes = ["fleet.pi.count", "inference.offload.entropy"].map(|path| vec![path.to_owned()]);
    let plan =
        SweepPlan { scenario: "s".to_owned(), version: "0".to_owned(), axes: axes.to_vec(), cells };
    (plan, finished)
}

fn drawn((plan, finished): &(SweepPlan, Vec<(usize, CellFigures)>)) -> BTreeMap<String, String> {
    let root = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(root.path()).unwrap();
    let paths = draw_sweep(plan, finished, &folder).unwrap();
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned())
    };
    paths.iter().map(read).collect()
}

#[test]
fn each_swept_number_has_its_figures_and_the_policy_its_front() {
    let files = drawn(&sample(&[0.1, 0.4, 1.2], &[2.0, 4.0]));
    let figures: Vec<&str> = files.keys().filter_map(|name| name.strip_suffix(".svg")).collect();
    assert_eq!(
        figures,
        [
            "accuracy_by_fleet_pi_count",
            "accuracy_by_inference_offload_entropy",
            "accuracy_by_latency",
            "latency_by_fleet_pi_count",
            "latency_by_inference_offload_entropy",
        ]
    );
    let front = &files["accuracy_by_latency.svg"];
    for text in ["Pareto front", "pi.count = 2", "pi.count = 4", "0.4", "mean latency (ms)"] {
        assert!(front.contains(text), "the front lacks {text}");
    }
    let latency = &files["latency_by_fleet_pi_count.svg"];
    assert!(latency.contains("offload.entropy = 0.4") && latency.contains("<polygon"), "a band");
    // 2 devices at E_th 0.1: 0.1 · 2 / 1.1 s = 181.8… ms
    assert!(files["latency_by_fleet_pi_count.csv"].contains("offload.entropy = 0.1,2.0,181.8"));
}

#[test]
fn many_lines_are_cut_and_counted() {
    let counts: Vec<f64> = (1..=9).map(f64::from).collect();
    let files = drawn(&sample(&[0.1, 0.4], &counts));
    let svg = &files["latency_by_inference_offload_entropy.svg"];
    assert!(svg.contains("(6 of 9 lines)") && !svg.contains("pi.count = 7"), "{svg}");
}

#[test]
fn words_and_single_values_have_no_figure_of_their_own() {
    let (mut plan, finished) = sample(&[0.1, 0.4], &[2.0]);
    assert!(
        !drawn(&(plan.clone(), finished.clone())).contains_key("latency_by_fleet_pi_count.svg")
    );
    plan.cells.iter_mut().for_each(|cell| cell.values[1].si = None);
    let files = drawn(&(plan, finished));
    assert_eq!(files.len(), 3, "the front alone: {:?}", files.keys());
}

#[test]
fn nothing_finished_draws_nothing() {
    let (plan, _) = sample(&[0.1, 0.4], &[2.0, 3.0]);
    assert!(drawn(&(plan, Vec::new())).is_empty());
}
