//! Two scenarios under common random numbers: what changes, and whether chance explains it.

use super::error::{StudyError, checked};
use super::{Estimate, Metric, StudySettings, parallel};
use crate::experiment::RunResult;
use crate::scenario::{Document, Measure, Scenario, SweptValue};
use crate::stats::{Tally, welch_half_width_95};
use std::num::NonZeroUsize;

/// Fewer replications have no interval.
pub const FEWEST_REPLICATIONS: u32 = 2;

/// What may be said of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Every replication came to the same in both.
    Equal,
    /// The interval of the difference lies below 0.
    Lower,
    /// It lies above 0.
    Higher,
    /// It holds 0.
    NotShown,
}

/// One figure of both scenarios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Which figure.
    pub metric: Metric,
    /// Mean of the first scenario over the compared replications.
    pub first: f64,
    /// Mean of the second.
    pub second: f64,
    /// Mean of second − first over pairs of replications, with Student's t interval of the pairs.
    pub difference: Estimate,
    /// The half-width that the interval would have had without pairing (Welch), for comparison.
    pub unpaired_ci95: Option<f64>,
    /// Pairs of replications in which both determine the figure.
    pub pairs: u64,
    /// What the interval says.
    pub change: Change,
}

/// Two scenarios compared.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The first one's name.
    pub first: String,
    /// The second one's.
    pub second: String,
    /// The seed of both.
    pub seed: u64,
    /// The second scenario's own seed, if the first one's took its place.
    pub replaced_seed: Option<u64>,
    /// How often traffic and network were drawn.
    pub replications: u32,
    /// One for each figure that both determine.
    pub differences: Vec<Difference>,
}

impl Difference {
    /// (second − first) / first; `None` if the first is 0.
    pub fn relative(&self) -> Option<f64> {
        (self.first != 0.0).then(|| self.difference.value / self.first)
    }
}

/// Runs both documents' scenarios `replications` times with the first one's seed, so that
/// replication i of both draws the same traffic and network where they have them in common, and
/// compares them pair by pair. The interval of paired differences is t₀.₉₇₅(n − 1) · s/√n (A. M.
/// Law, "Simulation Modeling and Analysis", section 10.2.1).
///
/// # Errors
/// If a scenario is wrong or its run fails.
pub fn compare(
    documents: [&Document; 2],
    replications: u32,
    settings: &StudySettings,
) -> Result<Comparison, StudyError> {
    let [first, second] = documents.map(|document| replicated(document, replications));
    let (first, mut second) = (first?, second?);
    let seed = first.seed;
    let replaced_seed = (second.seed != seed).then_some(second.seed);
    second.seed = seed;
    let scenarios = [first, second];
    // Scenarios that learn run one after the other: the second may find what the first learned.
    let learns = scenarios.iter().any(|scenario| scenario.training.is_some());
    let at_a_time = if learns { NonZeroUsize::MIN } else { settings.threads };
    let within = settings.shared_by(if learns { 1 } else { scenarios.len() });
    let mut results: [Option<RunResult>; 2] = [None, None];
    parallel::each(
        &scenarios,
        at_a_time,
        |scenario| {
            within
                .run(scenario.clone())
                .map_err(|cause| StudyError::run(format!("scenario '{}'", scenario.name), cause))
        },
        |place, result| {
            results[place] = Some(result);
            Ok(())
        },
    )?;
    let [first, second] = results.map(|result| result.expect("both runs have ended well"));
    let difference =
        |metric: Metric| Difference::of(metric, &metric.values(&first), &metric.values(&second));
    Ok(Comparison {
        differences: Metric::all().filter_map(difference).collect(),
        first: first.scenario,
        second: second.scenario,
        seed,
        replaced_seed,
        replications,
    })
}

/// The document's scenario with so many replications.
pub(super) fn replicated(document: &Document, replications: u32) -> Result<Scenario, StudyError> {
    // What the file says by itself is checked first, so that its errors point to its own values.
    checked(document)?;
    let count = Measure { number: f64::from(replications), unit: String::new() };
    let document = document.with("replications", &SweptValue::of_measure(&count))?;
    Ok(checked(&document)?.scenario)
}

impl Difference {
    /// `None` if no replication has the figure in both scenarios.
    fn of(metric: Metric, first: &[Option<f64>], second: &[Option<f64>]) -> Option<Self> {
        let pairs: Vec<(f64, f64)> =
            first.iter().zip(second).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
        let differences = pairs.iter().map(|(a, b)| b - a);
        let difference = Estimate::of(differences.clone())?;
        let [a, b]: [Tally; 2] =
            [pairs.iter().map(|pair| pair.0).collect(), pairs.iter().map(|pair| pair.1).collect()];
        let change = if differences.clone().all(|difference| difference == 0.0) {
            Change::Equal
        } else if difference.ci95.is_some() && difference.high() < 0.0 {
            Change::Lower
        } else if difference.ci95.is_some() && difference.low() > 0.0 {
            Change::Higher
        } else {
            Change::NotShown
        };
        Some(Self {
            metric,
            first: a.mean()?,
            second: b.mean()?,
            difference,
            unpaired_ci95: welch_half_width_95(&a, &b),
            pairs: a.count(),
            change,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENARIO: &str = "\
name: a
seed: 5
model: { preset: paper-cnn }
fleet: [{ name: pi, count: 3, device: raspberry-pi-4b, access: wifi-home }]
server: { device: edge-gpu-rtx2080 }
inference:
  arrivals: { poisson: 5 /s }
  duration: 60 s
  outcomes: { client_accuracy: 0.8, server_accuracy: 0.9, offload: 0.5 }
";

    fn settings() -> StudySettings {
        StudySettings { threads: NonZeroUsize::new(2).unwrap(), learned: None }
    }

    fn compared(second: &str, replications: u32) -> Comparison {
        let document = |text: &str| Document::parse(text, "t.yaml").unwrap();
        compare([&document(SCENARIO), &document(second)], replications, &settings()).unwrap()
    }

    fn of(comparison: &Comparison, metric: Metric) -> Difference {
        *comparison.differences.iter().find(|difference| difference.metric == metric).unwrap()
    }

    #[test]
    fn a_scenario_does_not_differ_from_itself_even_under_another_seed() {
        let comparison = compared(&SCENARIO.replace("seed: 5", "seed: 6"), 3);
        assert_eq!((comparison.seed, comparison.replaced_seed), (5, Some(6)));
        assert!(comparison.differences.len() >= 8);
        for difference in &comparison.differences {
            let Estimate { value, ci95 } = difference.difference;
            assert_eq!((value, ci95), (0.0, Some(0.0)), "{:?}", difference.metric);
            assert_eq!(difference.change, Change::Equal);
        }
    }

    #[test]
    fn pairing_shows_what_the_spread_of_replications_would_hide() {
        // A link of 16 instead of 15 Mbit/s: 50,176 B take 25.1 instead of 26.8 ms.
        let slower = SCENARIO.replace("wifi-home", "{ profile: wifi-home, up: 15 Mbit/s }");
        let faster = SCENARIO.replace("wifi-home", "{ profile: wifi-home, up: 16 Mbit/s }");
        let document = |text: &str| Document::parse(text, "t.yaml").unwrap();
        let comparison =
            compare([&document(&slower), &document(&faster)], 10, &settings()).unwrap();
        let mean = of(&comparison, Metric::LatencyMean);
        let (paired, unpaired) = (mean.difference.ci95.unwrap(), mean.unpaired_ci95.unwrap());
        assert_eq!((mean.change, mean.pairs), (Change::Lower, 10));
        assert!(paired < unpaired / 4.0, "± {paired:e} s paired, ± {unpaired:e} s unpaired");
        assert_eq!(of(&comparison, Metric::Offloaded).change, Change::Equal, "the same draws");
    }

    #[test]
    fn only_an_interval_without_zero_shows_a_difference() {
        let difference = |second: [f64; 3]| {
            let second = second.map(Some);
            Difference::of(Metric::LatencyMean, &[Some(1.0), Some(2.0), Some(3.0)], &second)
                .unwrap()
        };
        // Differences 1, 3, 8: mean 4, variance 13, t(2) = 4.3027, ± 8.957
        let wide = difference([2.0, 5.0, 11.0]);
        assert_eq!((wide.change, wide.difference.value), (Change::NotShown, 4.0));
        assert!((wide.difference.ci95.unwrap() - 8.957).abs() < 1e-3);
        // Differences 1.0, 1.1, 1.2: mean 1.1, s = 0.1, ± 4.3027 · 0.1/√3 = 0.248
        let narrow = difference([2.0, 3.1, 4.2]);
        assert_eq!(narrow.change, Change::Higher);
        assert!((narrow.difference.ci95.unwrap() - 0.248).abs() < 1e-3);
        assert!((narrow.relative().unwrap() - 0.55).abs() < 1e-12, "1.1 of 2");
        assert_eq!(difference([0.0, 1.0, 2.0]).change, Change::Lower, "always 1 less");
    }

    #[test]
    fn a_replication_without_the_figure_is_left_out_of_both() {
        let first = [Some(1.0), None, Some(3.0)];
        let difference = Difference::of(Metric::Accuracy, &first, &[Some(2.0); 3]).unwrap();
        assert_eq!((difference.pairs, difference.first), (2, 2.0));
        assert_eq!(Difference::of(Metric::Accuracy, &first, &[None; 3]), None);
    }
}
