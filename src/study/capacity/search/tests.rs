use super::*;
use crate::scenario::{Measure, SweptValue};
use crate::scenario::{ModelPreset, ModelSource};
use crate::study::capacity::Limit;
use crate::theory::queueing::{ArrivalRate, Md1};
use crate::time::SimDuration;
use std::num::NonZeroUsize;

/// Devices and links that take next to no time, and a server of `rate`, to which everything goes.
fn scenario(count: u32, rate: &str) -> Document {
    let text = format!(
        "\
name: t
model: {{ preset: paper-cnn }}
fleet:
  - name: a
    count: {count}
    device: {{ rate: 1000 TFLOP/s, memory: 1 GB }}
    access: {{ up: 1000 Gbit/s, down: 1000 Gbit/s, delay: 0 s }}
server: {{ device: {{ rate: {rate}, memory: 10 GB }} }}
inference:
  arrivals: {{ poisson: 2 /s }}
  duration: 500 s
  warmup: 50 s
  outcomes: {{ client_accuracy: 1, server_accuracy: 1, offload: 1 }}
"
    );
    Document::parse(&text, "t.yaml").unwrap()
}

fn settings() -> StudySettings {
    StudySettings { threads: NonZeroUsize::new(2).unwrap(), learned: None }
}

fn ask(document: &Document, slo: &str, path: &str) -> Answer {
    ask_for(None, document, slo, path)
}

fn ask_for(goal: Option<Goal>, document: &Document, slo: &str, path: &str) -> Answer {
    let slo = Slo::read(slo).unwrap();
    let base = document.decode().unwrap().scenario;
    let vary = Vary::key(path, None, goal, (document, &base), &slo).unwrap();
    let settings = settings();
    let question = Question {
        document,
        slo: &slo,
        vary: &vary,
        replications: 5,
        precision: 0.01,
        most_requests: 200_000,
        settings: &settings,
    };
    let mut told = 0;
    let answer = search(&question, |_| told += 1).unwrap();
    assert_eq!(told, answer.probes.len());
    answer
}

/// The service time of θ at `rate`.
fn service(document: &Document) -> SimDuration {
    let scenario = document.decode().unwrap().scenario;
    assert_eq!(scenario.model.source, ModelSource::Preset(ModelPreset::PaperCnn));
    let times = crate::experiment::class_times(&scenario).unwrap();
    // A lone request spends all but nothing anywhere else.
    times[0].server_exit.expect("the model is split")
}

#[test]
fn the_largest_fleet_is_that_of_the_md1_queue() {
    let document = scenario(3, "1 GFLOP/s");
    let service = service(&document);
    let slo = 2.0 * service.as_secs_f64();
    // M/D/1: E[T] = s + ρ·s/(2·(1 − ρ)) = 2·s at ρ = 2/3
    let sojourn = |count: u32| {
        let gap = SimDuration::from_nanos(500_000_000 / u64::from(count));
        Md1::new(ArrivalRate::of_mean_gap(gap).unwrap(), service)
            .map_or(f64::INFINITY, |q| q.mean_sojourn())
    };
    let largest = (1..1000).take_while(|&count| sojourn(count) < slo).last().unwrap();
    let answer = ask(&document, &format!("mean < {slo} s"), "fleet.a.count");
    let met = answer.probes[answer.met.unwrap()].value.number;
    let missed = answer.probes[answer.missed.unwrap()].value.number;
    assert_eq!(missed, met + 1.0, "integers are bracketed to one another");
    // The upper end of the interval has to be met: the answer is the closed form's or less.
    let least = f64::from(largest) * 0.9 - 1.0;
    assert!(
        (least..=f64::from(largest)).contains(&met),
        "M/D/1 carries {largest} devices, the search found {met} of {:?}",
        answer.probes
    );
}

#[test]
fn the_smallest_server_is_bracketed_within_the_precision() {
    let document = scenario(4, "10 GFLOP/s");
    let answer = ask(&document, "utilisation < 50 %", "server.device.rate");
    let met = answer.probes[answer.met.unwrap()].value.number;
    let missed = answer.probes[answer.missed.unwrap()].value.number;
    assert!(missed < met && met / missed <= 1.0101, "{missed} to {met} GFLOP/s");
    // ρ = 8 /s · s: 0.5 at s = 62.5 ms
    let exact = 10.0 * service(&document).as_secs_f64() / 0.0625;
    assert!((exact..1.1 * exact).contains(&met), "{met} GFLOP/s, not {exact}");
    assert!(!answer.non_monotone);
}

#[test]
fn what_nothing_meets_has_no_answer() {
    let document = scenario(4, "1 GFLOP/s");
    let answer = ask(&document, "mean < 1 us", "fleet.a.count");
    assert_eq!(answer.met, None);
    let tried: Vec<f64> = answer.probes.iter().map(|probe| probe.value.number).collect();
    assert_eq!(tried, [4.0, 2.0, 1.0], "down to one device");
}

#[test]
fn values_that_the_scenario_refuses_end_the_search() {
    let value = SweptValue::of_measure(&Measure { number: 300.0, unit: "s".to_owned() });
    let document = scenario(1, "1 TFLOP/s").with("inference.warmup", &value).unwrap();
    let answer = ask_for(Some(Goal::Largest), &document, "mean < 1 s", "inference.warmup");
    // A warm-up of the whole duration, 500 s, leaves nothing to measure.
    let missed = &answer.probes[answer.missed.unwrap()];
    assert!(matches!(missed.outcome, Outcome::Refused(_)), "{missed:?}");
    let met = answer.probes[answer.met.unwrap()].value.number;
    assert!((490.0..500.0).contains(&met) && missed.value.number >= 500.0, "{met}, {missed:?}");
}

#[test]
fn the_upper_end_of_a_share_is_tried_itself() {
    let value = SweptValue::of_measure(&Measure { number: 0.6, unit: String::new() });
    let document = scenario(1, "1 TFLOP/s").with("inference.outcomes.offload", &value).unwrap();
    let path = "inference.outcomes.offload";
    let answer = ask_for(Some(Goal::Largest), &document, "accuracy > 0.5", path);
    let tried: Vec<f64> = answer.probes.iter().map(|probe| probe.value.number).collect();
    assert_eq!((tried, answer.met), (vec![0.6, 1.0], Some(1)));
    assert_eq!((answer.missed, answer.limit), (None, Some(Limit::Key)));
}

#[test]
fn a_fleet_that_always_meets_it_grows_no_further_than_its_requests_may() {
    let document = scenario(3, "1000 TFLOP/s");
    let answer = ask(&document, "mean < 1 s", "fleet.a.count");
    // 2 /s · 500 s · 5 replications = 5,000 requests a device: 40 fit into 200,000, and 48 do not.
    let tried: Vec<f64> = answer.probes.iter().map(|probe| probe.value.number).collect();
    assert_eq!(tried, [3.0, 6.0, 12.0, 24.0, 48.0]);
    assert_eq!(answer.probes[4].outcome, Outcome::TooManyRequests(240_000));
    assert_eq!((answer.met, answer.missed), (Some(3), None));
    let value = Measure { number: 48.0, unit: String::new() };
    assert_eq!(answer.limit, Some(Limit::Requests { value, requests: 240_000 }));
    assert!(!answer.non_monotone, "what was not run was not missed");
}

#[test]
fn a_value_that_changes_nothing_any_more_ends_the_search() {
    // Nothing takes time but θ on the server: a faster link makes no request faster.
    let document = scenario(1, "1 GFLOP/s");
    let answer = ask(&document, "mean < 1 us", "fleet.a.access.up");
    assert_eq!((answer.met, answer.limit), (None, Some(Limit::Steady)));
    assert_eq!(answer.probes.len(), 4, "the start and three doublings: {:?}", answer.probes);
}

#[test]
fn what_has_to_be_high_and_rises_with_the_fleet_is_looked_for_upwards() {
    // θ takes s; ρ = 2 /s · s · devices is to lie in (0.3, 0.6), and is far below it at first.
    let document = scenario(2, "2 GFLOP/s");
    let load = 2.0 * service(&document).as_secs_f64();
    let answer = ask(&document, "utilisation > 30 % and utilisation < 60 %", "fleet.a.count");
    let met = answer.probes[answer.met.expect("some fleets do")].value.number;
    let missed = &answer.probes[answer.missed.unwrap()];
    assert!((0.45..0.6).contains(&(load * met)), "ρ = {} of {met}", load * met);
    assert_eq!(missed.value.number, met + 1.0, "the largest of them");
    assert!(answer.non_monotone, "smaller fleets miss it too");
}

#[test]
fn a_limit_of_the_key_within_a_doubling_hides_no_answer() {
    let stated = |document: Document, key: &str, number: f64| {
        let value = SweptValue::of_measure(&Measure { number, unit: String::new() });
        document.with(&format!("inference.outcomes.{key}"), &value).unwrap()
    };
    let document = stated(scenario(3, "1 TFLOP/s"), "client_accuracy", 0.75);
    let document = stated(document, "server_accuracy", 0.95);
    let document = stated(document, "offload", 0.3);
    // Accuracy 0.75 + 0.2 · offload: 0.81 at 0.3 and 0.87 at 0.6 miss, 1 meets it, and 0.9 is
    // met from 0.75 on, or a little above, where the lower end of the interval meets it.
    let answer = ask(&document, "accuracy >= 0.9", "inference.outcomes.offload");
    let tried: Vec<f64> = answer.probes.iter().map(|probe| probe.value.number).collect();
    assert_eq!(tried[..3], [0.3, 0.6, 1.0]);
    let met = answer.probes[answer.met.expect("0.8 meets it")].value.number;
    assert!((0.73..0.86).contains(&met), "{met} of {tried:?}");
    // Where even the limit misses, the search ends there without an answer.
    let answer = ask(&document, "accuracy >= 0.99", "inference.outcomes.offload");
    assert_eq!(answer.met, None);
}

#[test]
fn a_missed_value_on_the_good_side_is_noticed() {
    let document = scenario(1, "1 TFLOP/s");
    let slo = Slo::read("mean < 1 s").unwrap();
    let base = document.decode().unwrap().scenario;
    let vary = Vary::fleet(&base).unwrap();
    let settings = settings();
    let question = Question {
        document: &document,
        slo: &slo,
        vary: &vary,
        replications: 2,
        precision: 0.01,
        most_requests: 200_000,
        settings: &settings,
    };
    let probe = |number: f64, met: bool| Probe {
        value: Measure { number, unit: String::new() },
        estimates: vec![None],
        excess: 0.0,
        outcome: if met { Outcome::Met } else { Outcome::Missed(String::new()) },
    };
    assert!(!question.is_non_monotone(&[probe(1.0, true), probe(2.0, true), probe(4.0, false)]));
    assert!(question.is_non_monotone(&[probe(1.0, true), probe(2.0, false), probe(4.0, true)]));
}
