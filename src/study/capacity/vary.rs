//! What is varied: where its search begins, and which end of it is wanted.

use super::Slo;
use crate::experiment::classes;
use crate::scenario::{Document, Measure, Scenario, SweptValue};
use crate::study::Metric;

/// Which value is wanted of those that are good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The largest: of devices, say.
    Largest,
    /// The smallest: of a server's rate, say.
    Smallest,
}

/// A varied key.
#[derive(Debug, Clone, PartialEq)]
pub struct Vary {
    /// Its path.
    pub path: String,
    /// Where the search begins.
    pub start: Measure,
    /// Whether it takes integers only.
    pub whole: bool,
    /// Which end is wanted.
    pub goal: Goal,
    /// The least and the most that it can be, in the unit of `start`, where its meaning bounds it:
    /// shares lie in [0, 1], entropies in [0, ln C].
    pub range: Option<(f64, f64)>,
}

/// Of a bounded key halvings end at this share of its largest value: then comes the least one.
const NEXT_TO_LEAST: f64 = 1e-3;

/// Keys that take integers.
const WHOLE: [&str; 12] = [
    "count",
    "workers",
    "max",
    "buffer",
    "retries",
    "rounds",
    "local_updates",
    "local_epochs",
    "every",
    "replications",
    "batch_size",
    "per_client",
];

/// Keys of which more offloads more.
const OFFLOADERS: [&str; 3] =
    ["inference.offload.margin", "inference.offload.random", "inference.outcomes.offload"];

/// Keys that are shares, by their last word.
const SHARES: [&str; 11] = [
    "client_accuracy",
    "gamma",
    "lambda",
    "loss",
    "margin",
    "mixing",
    "momentum",
    "offload",
    "participation",
    "random",
    "server_accuracy",
];

/// Keys of which as much as possible is wanted: they are the load.
const LOADS: [&str; 3] = ["count", "poisson", "ood"];

impl Vary {
    /// The number of devices of the only class of `scenario`.
    ///
    /// # Errors
    /// If there are several: which one?
    pub fn fleet(scenario: &Scenario) -> Result<Self, String> {
        match scenario.fleet.as_slice() {
            [only] => Ok(Self {
                path: format!("fleet.{}.count", only.name),
                start: Measure { number: f64::from(only.count), unit: String::new() },
                whole: true,
                goal: Goal::Largest,
                range: None,
            }),
            classes => {
                const MOST_SHOWN: usize = 5;
                let shown = classes.iter().take(MOST_SHOWN);
                let choices: Vec<String> =
                    shown.map(|class| format!("--vary fleet.{}.count", class.name)).collect();
                Err(format!(
                    "the fleet has {} classes: say what to vary, for example {}",
                    classes.len(),
                    choices.join(" or ")
                ))
            }
        }
    }

    /// The key at `path` of `document`, whose scenario is `scenario`. The search begins at `start`,
    /// else at what the file states. Of loads (device counts, rates of requests, ρ) the largest
    /// is wanted, of everything else the smallest; of what decides who offloads the end that
    /// offloads most, unless accuracy is all that is asked for: then the other one.
    ///
    /// # Errors
    /// If there is no number above zero to begin at.
    pub fn key(
        path: &str,
        start: Option<Measure>,
        goal: Option<Goal>,
        (document, scenario): (&Document, &Scenario),
        slo: &Slo,
    ) -> Result<Self, String> {
        let stated = || document.value(path).and_then(|value| value.measure());
        let start = start.or_else(stated).or_else(|| profile_rate(path, scenario));
        let Some(start) = start.filter(|start| start.number > 0.0) else {
            return Err(misspelt(path, document).unwrap_or_else(|| {
                format!("`{path}` states no number above zero to begin at: say where with --from")
            }));
        };
        let last = path.rsplit('.').next().unwrap_or(path);
        let only_accuracy =
            slo.objectives().iter().all(|objective| objective.metric() == Metric::Accuracy);
        let goal = goal.unwrap_or({
            let offloads_more = OFFLOADERS.contains(&path);
            let offloads_less = path.starts_with("inference.offload.") && !offloads_more;
            if LOADS.contains(&last)
                || offloads_less && only_accuracy
                || offloads_more && !only_accuracy
            {
                Goal::Largest
            } else {
                Goal::Smallest
            }
        });
        let range = range(path, &start, scenario);
        Ok(Self { path: path.to_owned(), start, whole: WHOLE.contains(&last), goal, range })
    }

    /// The value after `last` on the way up or down: twice or half as much, the end of the key's
    /// range where that comes before; `None` at the end.
    pub(super) fn step(&self, last: f64, upwards: bool) -> Option<f64> {
        let next = match (upwards, self.range) {
            (true, Some((_, most))) => (2.0 * last).min(most),
            (true, None) => 2.0 * last,
            (false, Some((least, most))) if last <= NEXT_TO_LEAST * most => least,
            (false, _) => last / 2.0,
        };
        let next = if self.whole { next.floor() } else { next };
        let is_beyond = if upwards { next > last } else { next < last };
        (is_beyond && !(self.whole && next < 1.0)).then_some(next)
    }
}

/// What bounds the key at `path`, in the unit of `start`.
fn range(path: &str, start: &Measure, scenario: &Scenario) -> Option<(f64, f64)> {
    let last = path.rsplit('.').next().unwrap_or(path);
    if path == "inference.offload.entropy" {
        return Some((0.0, f64::from(classes(scenario)?).ln()));
    }
    let one = if start.unit == "%" { 100.0 } else { 1.0 };
    SHARES.contains(&last).then_some((0.0, one))
}

/// What a wrong word of `path` was probably meant to be, if one is wrong: the document says so of
/// a number there.
fn misspelt(path: &str, document: &Document) -> Option<String> {
    let number = SweptValue::of_measure(&Measure { number: 1.0, unit: String::new() });
    let errors = match document.with(path, &number).map(|document| document.decode()) {
        Ok(Ok(_)) => return None,
        Ok(Err(errors)) | Err(errors) => errors,
    };
    // Of a key that exists it says at most that the number is none for it.
    let is_about_a_word = |message: &str| {
        let wrong = |word: &str| message.starts_with(&format!("`{word}` is not a"));
        path.split('.').any(wrong) || message.contains("no item named")
    };
    let about_words = errors.as_slice().iter().find(|error| is_about_a_word(error.message()));
    let leads_nowhere =
        errors.as_slice().iter().find(|error| error.message().starts_with("leads into"));
    let told = about_words.or(leads_nowhere)?;
    Some(format!("--vary {path}: {}", told.message()))
}

/// The compute rate that a profile's name stands for.
fn profile_rate(path: &str, scenario: &Scenario) -> Option<Measure> {
    let segments: Vec<&str> = path.split('.').collect();
    let device = match segments[..] {
        ["server", "device", "rate"] => &scenario.server.device,
        ["fleet", class, "device", "rate"] => {
            &scenario.fleet.iter().find(|entry| entry.name == class)?.device
        }
        _ => return None,
    };
    #[expect(clippy::cast_precision_loss, reason = "where a search begins")]
    let number = device.rate.0.get() as f64 / 1e9;
    Some(Measure { number, unit: "GFLOP/s".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENARIO: &str = "\
name: t
model: { preset: paper-cnn }
fleet:
  - { name: pi, count: 6, device: raspberry-pi-4b, access: lte }
  - { name: phone, count: 2, device: phone-mid, access: lte }
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 2 /s }
  duration: 60 s
  outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.3 }
";

    fn vary(path: &str) -> Result<Vary, String> {
        let document = Document::parse(SCENARIO, "t.yaml").unwrap();
        let scenario = document.decode().unwrap().scenario;
        let slo = Slo::read("p99 < 1 s").unwrap();
        Vary::key(path, None, None, (&document, &scenario), &slo)
    }

    #[test]
    fn loads_are_to_be_large_and_means_small() {
        let count = vary("fleet.pi.count").unwrap();
        assert_eq!((count.start.number, count.whole, count.goal), (6.0, true, Goal::Largest));
        let load = vary("inference.arrivals.poisson").unwrap();
        assert_eq!((load.start.text().as_str(), load.goal), ("2 /s", Goal::Largest));
        let rate = vary("server.device.rate").unwrap();
        assert_eq!((rate.goal, rate.whole), (Goal::Smallest, false));
        assert_eq!(rate.start.unit, "GFLOP/s", "the profile's");
    }

    #[test]
    fn of_what_decides_who_offloads_the_end_that_offloads_most_is_wanted_unless_accuracy_is() {
        let document = Document::parse(SCENARIO, "t.yaml").unwrap();
        let scenario = document.decode().unwrap().scenario;
        let goal = |key: &str, slo| {
            let start = Some(Measure { number: 0.5, unit: String::new() });
            let slo = Slo::read(slo).unwrap();
            Vary::key(key, start, None, (&document, &scenario), &slo).unwrap().goal
        };
        // entropy offloads what exceeds it, margin what falls short of it
        for (key, most) in [
            ("inference.offload.entropy", Goal::Smallest),
            ("inference.offload.margin", Goal::Largest),
            ("inference.offload.random", Goal::Largest),
            ("inference.outcomes.offload", Goal::Largest),
        ] {
            assert_eq!(goal(key, "p99 < 1 s"), most, "{key}");
            assert_ne!(goal(key, "accuracy >= 0.8"), most, "{key}");
        }
    }

    #[test]
    fn a_bounded_key_is_stepped_to_its_very_ends() {
        let document = Document::parse(SCENARIO, "t.yaml").unwrap();
        let scenario = document.decode().unwrap().scenario;
        let slo = Slo::read("accuracy > 0.5").unwrap();
        let steps = |path: &str, unit: &str, from: f64, upwards: bool| {
            let start = Some(Measure { number: from, unit: unit.to_owned() });
            let vary = Vary::key(path, start, None, (&document, &scenario), &slo).unwrap();
            let next = |last: &f64| vary.step(*last, upwards);
            std::iter::successors(Some(from), next).collect::<Vec<f64>>()
        };
        // paper-cnn tells ten classes apart: H ≤ ln 10
        assert_eq!(steps("inference.offload.entropy", "", 0.8, true), [0.8, 1.6, 10_f64.ln()]);
        assert_eq!(steps("inference.offload.random", "", 0.3, true), [0.3, 0.6, 1.0]);
        assert_eq!(steps("inference.offload.random", "%", 30.0, true), [30.0, 60.0, 100.0]);
        assert_eq!(steps("inference.offload.margin", "", 0.0016, false), [0.0016, 0.0008, 0.0]);
        assert_eq!(steps("fleet.pi.count", "", 6.0, false), [6.0, 3.0, 1.0]);
    }

    #[test]
    fn a_misspelt_key_is_told_with_the_nearest_name() {
        assert!(vary("fleet.pie.count").unwrap_err().contains("did you mean `pi`?"));
        assert!(vary("fleet.pi.cuont").unwrap_err().contains("did you mean `count`?"));
        assert!(vary("inference.arrivals.poison").unwrap_err().contains("did you mean `poisson`?"));
        assert!(vary("servre.workers").unwrap_err().contains("did you mean `server`?"));
    }

    #[test]
    fn what_to_vary_has_to_be_said_of_several_classes() {
        let scenario = crate::scenario::parse(SCENARIO, "t.yaml").unwrap().scenario;
        assert_eq!(
            Vary::fleet(&scenario).unwrap_err(),
            "the fleet has 2 classes: say what to vary, for example --vary fleet.pi.count or --vary \
             fleet.phone.count"
        );
        assert!(vary("server.workers").unwrap_err().contains("--from"), "not stated");
    }
}
