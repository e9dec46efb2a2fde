//! What is varied: where its search begins, and which end of it is wanted.

use super::Slo;
use crate::scenario::{Document, Measure, Scenario};
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
}

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
            return Err(format!(
                "`{path}` states no number above zero to begin at: say where with --from"
            ));
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
        Ok(Self { path: path.to_owned(), start, whole: WHOLE.contains(&last), goal })
    }
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
